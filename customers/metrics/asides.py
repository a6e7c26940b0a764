"""What figures need beside the movements of money: one question of `sql/` each, only if asked."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from churnapp.common import periods as spans
from churnapp.common.periods import Period
from customers.metrics import costs
from customers.metrics.costs import MonthTally
from customers.metrics.engine import Workbench
from customers.metrics.figures import Aside
from customers.metrics.question import Question
from customers.metrics.reading import NOTICE
from customers.metrics.tally import Tally
from customers.models import Spend

LIFETIME_MONTHS = 6
LOOKED_AT = 2_000
SILENT = ("silent_customers_end",)
EXPLAINED = ("voluntary_churn_rate", "involuntary_churn_rate", "unexplained_churn_rate")
LARGEST = ("mrr_top10_share",)
LIFETIME = ("lifetime_months", "ltv")
CONTRACTS = ("renewal_rate", "renewal_rate_mrr", "undecided_renewals", "early_termination_rate")
COSTS = (
    "cac",
    "cac_payback_months",
    "retention_cost_per_customer",
    "cost_of_churn",
    "replacement_cost",
)

Answers = dict[int, dict[str, Any]]
NOTHING = {"joined": 0, "churned": 0, "lost": 0, "new": 0, "arr_churn": 0}


def asides(bench: Workbench, counted: list[Tally]) -> list[Aside]:
    """One a period of the workbench's question."""
    found: Answers = defaultdict(dict)
    question = bench.question
    if question.wants(*EXPLAINED, *NOTICE):
        bench.stream("cancellations", bench.source.cancellations())
    if question.wants(*EXPLAINED):
        explain(bench, found)
    if question.wants(*NOTICE):
        foresee(bench, found)
    if question.wants(*LARGEST):
        weigh(bench, found)
    if question.wants(*SILENT):
        listen(bench, found)
    if question.wants(*CONTRACTS):
        renew(bench, found)
    if question.wants(*LIFETIME, *COSTS):
        history = monthly_history(bench, counted)
        look_back(bench, history, found)
        price(bench, history, found)
    return [Aside(**found[number]) for number in range(len(question.periods))]


def explain(bench: Workbench, found: Answers) -> None:
    """Lost customers by the kind of their cancellation."""
    lay_out_lost(bench)
    for number in range(len(bench.question.periods)):
        found[number] |= {"voluntary": 0, "involuntary": 0}
    for row in bench.rows("explained_by_period"):
        found[row.pop("period")] |= row


def lay_out_lost(bench: Workbench) -> None:
    bench.run("lost")
    bench.run("explained")


def foresee(bench: Workbench, found: Answers) -> None:
    """Who is still paying though its end is known."""
    bench.run("notices")
    for row in bench.rows("under_notice"):
        found[row["period"]] |= {
            "under_notice": row["customers"],
            "arr_under_notice": row["arr"],
        }


def weigh(bench: Workbench, found: Answers) -> None:
    """The ten largest."""
    gather_groups(bench)
    largest = {row["period"]: row["arr"] for row in bench.rows("top10", most=LOOKED_AT)}
    open_ = [number for number in range(len(bench.question.periods)) if number not in largest]
    if open_:
        elsewhere = bench.rows("top10_elsewhere", from_period=open_[0], to_period=open_[-1])
        largest |= {row["period"]: row["arr"] for row in elsewhere}
    for number, arr in largest.items():
        found[number]["top10"] = arr


def gather_groups(bench: Workbench) -> None:
    bench.stream("groups", bench.source.edges())
    bench.run("group_runs")


def listen(bench: Workbench, found: Answers) -> None:
    """How many paying customers used something; nothing where no use was recorded by then."""
    first_on = bench.source.first_used_on()
    if first_on is None:
        return
    read_use(bench)
    used = {row["period"]: row["customers"] for row in bench.rows("used_by_period")}
    for number, period in enumerate(bench.question.periods):
        if bench.question.end_of(period) >= first_on:
            found[number]["used"] = used[number]


def read_use(bench: Workbench) -> None:
    """Read what was used on the days that the ends of the periods look back on."""
    silent_days = bench.question.basis.silent_days
    bench.numbers["silent_days"] = silent_days
    windows = Q()
    for start, end in looked_back_on(bench.question, silent_days):
        windows |= Q(day__gte=start, day__lte=end)
    bench.stream("used", bench.source.used(windows))


def looked_back_on(question: Question, days: int) -> list[tuple[date, date]]:
    """The last `days` days of each period, as few stretches; both ends included."""
    stretches: list[tuple[date, date]] = []
    for period in question.periods:
        end = question.end_of(period)
        start = end - timedelta(days=days - 1)
        if stretches and start <= stretches[-1][1] + spans.ONE_DAY:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches


def renew(bench: Workbench, found: Answers) -> None:
    """How contracts ended."""
    bench.stream("contracts", bench.source.contracts())
    for row in bench.rows("contracts_by_period"):
        found[row.pop("period")] |= {name: value or 0 for name, value in row.items()}


def look_back(bench: Workbench, history: list[MonthTally], found: Answers) -> None:
    """Customers, losses and departures of the six calendar months before each period."""
    for number, period in enumerate(bench.question.periods):
        window = [each for each in history if each.month.end <= period.start][-LIFETIME_MONTHS:]
        found[number] |= {
            "starts_before": sum(each.customers_start for each in window),
            "lost_before": sum(each.lost for each in window),
            "churns_before": sum(each.churned for each in window),
        }


def monthly_history(bench: Workbench, counted: list[Tally]) -> list[MonthTally]:
    """Calendar months from six before the first period to the last one."""
    if bench.question.interval == "month":
        return [of_month(*pair) for pair in zip(bench.question.periods, counted, strict=True)]
    asked = bench.question.periods
    first = spans.holding(asked[0].start, "month")
    from_on = spans.step(first.start, "month", -LIFETIME_MONTHS)
    months = spans.between(from_on, asked[-1].last_on, "month")
    register_months(bench, months)
    by_month = {row.pop("month"): row for row in bench.rows("months")}
    opening = by_month.get(-1, NOTHING)
    standing = opening["joined"] - opening["churned"]
    history = []
    for number, month in enumerate(months):
        row = dict(by_month.get(number, NOTHING))
        joined = row.pop("joined")
        history.append(MonthTally(month, standing, **row))
        standing += joined - row["churned"]
    return history


def of_month(month: Period, tally: Tally) -> MonthTally:
    return MonthTally(
        month,
        tally.customers_start,
        tally.lost,
        tally.events["churn"],
        tally.events["new"],
        tally.moved["churn"],
    )


def register_months(bench: Workbench, months: Iterable[Period]) -> None:
    rows = [
        {"month": number, "start_day": bench.day(month.start), "next_day": bench.day(month.end)}
        for number, month in enumerate(months)
    ]
    bench.numbers |= {"months_from": rows[0]["start_day"], "months_until": rows[-1]["next_day"]}
    bench.lay_out("asked_months", rows, "month_days")


def price(bench: Workbench, history: list[MonthTally], found: Answers) -> None:
    """Spend of each period, and the index of what churn costs, by month."""
    spent = bench.source.spending()
    for number, period in enumerate(bench.question.periods):
        whole_months = period.start.day == 1 and period.end.day == 1
        months = costs.within(history, period) if whole_months else []
        found[number] |= {
            "acquisition": spent.within(period, Spend.Purpose.ACQUISITION),
            "retention": spent.within(period, Spend.Purpose.RETENTION),
            "cost_of_churn": spent.cost_of_churn(months),
        }
