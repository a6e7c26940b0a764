"""Files of subscriptions: one row a term; a subscription's rows are the whole truth about it."""

from customers.importing.columns import Column, Reads, choices
from customers.importing.kinds import Kind

INTERVALS = choices(
    month="monthly months mnd måned måneder månedlig månedsvis månad månader månadsvis"
    " monat monatlich 1",
    year="yearly annual annually annum years år årlig årligen årlige jahr jährlich 12",
    quarter="quarterly quarters kvartal kvartalsvis quartal vierteljährlich 3",
    week="weekly weeks uke ukentlig uge ugentlig vecka veckovis woche wöchentlich",
    day="daily days dag daglig dagligen tag täglich",
) | dict.fromkeys(
    (
        "half-year", "half-yearly", "half year", "semiannual", "semi-annual", "semiannually",
        "halvår", "halvårlig", "halvårlige", "halvårsvis", "halbjahr", "halbjährlich", "6",
    ),
    "half-year",
)  # fmt: skip
KINDS = choices(
    paid="betalt betald betalende bezahlt active aktiv",
    trial="prøve prøveperiode prov prov-period provperiod testphase test",
    free="gratis kostenlos fri freemium",
    paused="pause pauset pausad pausiert on-hold",
    one_off="one-off oneoff once engang einmalig engångs",
)

KIND = Kind(
    name="subscriptions",
    columns=(
        Column("customer_id", required=True),
        Column("subscription_id", longest=400),
        Column("plan"),
        Column("starts_on", Reads.DAY, required=True),
        Column("ends_on", Reads.DAY, open_ended=True),
        Column("amount", Reads.NUMBER),
        Column("interval", Reads.CHOICE, choices=INTERVALS),
        Column("quantity", Reads.NUMBER, below=10**10),
        Column("currency", Reads.CURRENCY),
        Column("kind", Reads.CHOICE, choices=KINDS),
        Column("is_trial", Reads.FLAG),
        Column("contract_ends_on", Reads.DAY, open_ended=True),
        Column("notice_by", Reads.DAY, open_ended=True),
        Column("auto_renews", Reads.FLAG),
        Column("recorded_at", Reads.MOMENT),
        Column("superseded_at", Reads.MOMENT, open_ended=True),
    ),
    one_of=("amount", "kind"),
    together="subscription_id",
    resolve=("subscriptions/resolve.sql", "subscriptions/check.sql"),
    compare=("subscriptions/compare.sql",),
    publish=("subscriptions/publish.sql",),
    touched="SELECT DISTINCT b.customer_id FROM decided d"
    " JOIN customers_subscription b ON b.external_id = d.subscription"
    " WHERE d.outcome <> 'unchanged'"
    " UNION SELECT b.customer_id FROM new_contracts n JOIN customers_subscription b USING (id)"
    " UNION SELECT b.customer_id FROM superseding s JOIN held h ON h.id = s.id"
    " JOIN customers_subscription b ON b.id = h.subscription_id",
)
