"""Files of interactions: what was said and written, tickets and complaints."""

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind, Target

KINDS = choices(
    email="e-mail mail epost e-post e-mailt",
    call="phone telefon telefonsamtale samtal samtale anruf",
    meeting="møte møde möte treffen besprechung termin",
    ticket="sak sag ärende support issue case anfrage",
    social="facebook linkedin twitter",
    review="anmeldelse recension omtale bewertung",
    note="notat anteckning notiz",
)
SENTIMENTS = {
    "-1": "-1", "0": "0", "1": "1", "+1": "1",
    "negative": "-1", "neutral": "0", "positive": "1",
    "negativ": "-1", "nøytral": "0", "positiv": "1",
    "bad": "-1", "good": "1",
}  # fmt: skip
STATUSES = choices(
    open="new åpen åben öppen offen",
    pending="waiting venter väntar wartend on-hold",
    closed="solved resolved done lukket stängd løst geschlossen gelöst",
)

KIND = Kind(
    name="interactions",
    columns=(
        Column("customer_id", required=True),
        Column("external_id"),
        Column("kind", Reads.CHOICE, required=True, choices=KINDS),
        Column("occurred_at", Reads.MOMENT, required=True),
        Column("summary", longest=100_000),
        Column("sentiment", Reads.CHOICE, choices=SENTIMENTS),
        Column("status", Reads.CHOICE, choices=STATUSES),
        Column("first_reply_at", Reads.MOMENT),
        Column("closed_at", Reads.MOMENT),
        Column("complaint", Reads.FLAG),
    ),
    resolve=("interactions/resolve.sql", "unknown_customer.sql"),
    target=Target(
        table="customers_interaction",
        columns={
            "customer_id": "*",
            "external_id": "",
            "kind": "*",
            "occurred_at": "*",
            "summary": "summary",
            "sentiment": "sentiment",
            "status": "status",
            "first_reply_at": "first_reply_at",
            "closed_at": "closed_at",
            "complaint": "complaint",
            "verb": "",
            "facts": "",
        },
        called="customer_key || ' ' || external_id",
    ),
    publish=("interactions/complaints.sql",),
)
