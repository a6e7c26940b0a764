"""Files of contacts: the people we talk to at customers."""

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind, Target

ROLES = choices(
    champion="ambassador forkjemper mester förkämpe fürsprecher",
    decision_maker="decision-maker decider beslutningstaker beslutningstager beslutsfattare"
    " entscheider",
    user="bruker bruger användare nutzer benutzer",
    billing="finance accounting faktura fakturering økonomi ekonomi regnskap buchhaltung rechnung",
    other="annet andet annan övrigt sonstige",
) | {"decision maker": "decision_maker"}
LANGUAGES = choices(
    en="english engelsk engelska englisch en-gb en-us",
    nb="no nn nb-no norwegian norsk norska norwegisch bokmål",
    da="da-dk danish dansk danska dänisch",
    sv="se sv-se swedish svensk svenska schwedisch",
)

KIND = Kind(
    name="contacts",
    columns=(
        Column("customer_id", required=True),
        Column("email", Reads.ADDRESS, required=True),
        Column("name"),
        Column("role", Reads.CHOICE, choices=ROLES),
        Column("language", Reads.CHOICE, choices=LANGUAGES),
        Column("left_on", Reads.DAY, open_ended=True),
    ),
    resolve=("contacts/resolve.sql", "unknown_customer.sql"),
    target=Target(
        table="customers_contact",
        columns={
            "customer_id": "",
            "email": "",
            "name": "name",
            "role": "role",
            "language": "language",
            "left_on": "left_on",
        },
        sourced=False,
        called="customer_key || ' ' || email",
    ),
)
