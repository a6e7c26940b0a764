"""Early warning, redone for all customers: rules speak, flags are raised, kept and closed.

Set-based and repeatable: a run that finds what the last one found writes no flag. One transaction,
so a killed run leaves everything as it was; runs at once wait for each other.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from churnapp.models import Organisation
from customers.models import RiskRule
from customers.risk.readiness import Records, Verdict, verdict
from customers.risk.rules import BY_KEY, RULES, Rule

SQL = Path(__file__).with_name("sql")
ONE_AT_A_TIME = 7_265_001  # an advisory lock that nothing else takes
LEAST_WEEKS = 4  # what contract_ends looks back
PLACE = {rule.key: place for place, rule in enumerate(RULES)}

FOUND = """
INSERT INTO risk_found (rule_id, key, customer_id, subject, facts, level, severity)
SELECT %(rule_id)s, %(key)s, said.customer_id, said.subject, said.facts, said.level,
       least(5, %(severity)s + said.level)
FROM ({question}) AS said
"""


@dataclass(frozen=True)
class FlagChanges:
    """How many flags a run wrote, by what happened to them."""

    raised: int
    refreshed: int
    closed: int
    churned: int
    woken: int

    @property
    def total(self) -> int:
        return self.raised + self.refreshed + self.closed + self.churned + self.woken


@dataclass(frozen=True)
class Judged:
    """A rule as switched on and set, and whether it can judge today."""

    row: RiskRule
    rule: Rule
    verdict: Verdict

    @property
    def numbers(self) -> dict[str, int]:
        return self.rule.numbers_from(self.row.params)


@transaction.atomic
def renew_flags(*, as_of: date, now: datetime) -> FlagChanges:
    """Raise, refresh, wake and close the flags of all customers as of the morning of `as_of`.

    Rules see use, talk and money from before that day, and terms as we believe them now; `now` is
    when the flags say that they changed. Standings must be of that day: a paused customer keeps
    its flags, one that left takes them along.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        moments = times(as_of, now)
        cursor.execute(sql("day/readiness"), moments)
        records = Records.from_row(cursor.fetchone())
        judged = judged_rules(records, as_of)
        moments["until"] = records.judged_until(as_of)
        ask(cursor, judged, moments)
        changes = change_flags(cursor, judged, moments)
    note_run(judged, now)
    return changes


def times(as_of: date, now: datetime) -> dict[str, Any]:
    """The day and the moments that every question may name."""
    zone = Organisation.current().zone
    cutoff = datetime.combine(as_of, time(), zone)
    return {"as_of": as_of, "now": now, "cutoff": cutoff, "zone": str(zone)}


def judged_rules(records: Records, as_of: date) -> list[Judged]:
    """The rules switched on, in the order they run, each with its verdict."""
    rows = [row for row in RiskRule.objects.filter(enabled=True) if row.key in BY_KEY]
    rows.sort(key=lambda row: (PLACE[row.key], row.pk))
    return [Judged(row, BY_KEY[row.key], verdict(BY_KEY[row.key], records, as_of)) for row in rows]


def ask(cursor: CursorWrapper, judged: list[Judged], moments: dict[str, Any]) -> None:
    """Gather the day's facts once, then let each rule that can judge speak into risk_found."""
    weeks = max([LEAST_WEEKS, *(looks_back(each.numbers) for each in judged)])
    for name in ("terms", "customers", "usage", "found"):
        cursor.execute(sql(f"day/{name}"), moments | {"weeks": weeks})
    for each in judged:
        if each.verdict.ready:
            own = {"rule_id": each.row.pk, "key": each.row.key, "severity": each.row.severity}
            question = FOUND.format(question=each.rule.question)
            cursor.execute(question, moments | each.numbers | own)
    cursor.execute("CREATE INDEX ON risk_found (customer_id, rule_id)")
    cursor.execute("ANALYZE risk_found")


def looks_back(numbers: dict[str, int]) -> int:
    """Weeks of use that a rule with these numbers reads."""
    return numbers.get("recent_weeks", 0) + numbers.get("base_weeks", 0)


def change_flags(
    cursor: CursorWrapper, judged: list[Judged], moments: dict[str, Any]
) -> FlagChanges:
    """Bring the flags in line with risk_found, then the risk of customers with the flags."""
    off = RiskRule.objects.filter(enabled=False).values_list("pk", flat=True)
    scope = {
        "judged": [each.row.pk for each in judged if not each.verdict.is_outdated],
        "off": list(off),
    }

    def written(name: str) -> int:
        cursor.execute(sql(f"life/{name}"), moments | scope)
        return cursor.rowcount

    churned, closed = written("churn"), written("close")
    written("forget")
    refreshed, woken, raised = written("refresh"), written("wake"), written("raise")
    written("standing")
    return FlagChanges(raised, refreshed, closed, churned, woken)


def note_run(judged: list[Judged], now: datetime) -> None:
    """Keep when each rule ran and whether it could judge."""
    for each in judged:
        each.row.ran_at = now
        each.row.readiness_facts = each.verdict.facts
        states = RiskRule.Readiness
        each.row.readiness = states.READY if each.verdict.ready else states.NO_DATA
    rows = [each.row for each in judged]
    RiskRule.objects.bulk_update(rows, ["ran_at", "readiness", "readiness_facts"])


@cache
def sql(name: str) -> str:
    """A statement of `sql/` by its name without ending."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
