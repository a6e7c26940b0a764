"""The night's recommendations: counted in the database, judged by the method, written as rows."""

from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models.functions import Now

from campaigns.models import Recommendation
from campaigns.recommending import method
from campaigns.recommending.method import FeatureRule, Group, Holding, PlanRule, Tally
from campaigns.sequences import sql
from churnapp.models import Organisation, ScheduledRun
from customers.night import night_of

log = structlog.get_logger(__name__)
JOB = "recommendations"
USE = sql.read("recommending/use")
WRITE_FEATURES = sql.read("recommending/write_features")
WRITE_PLANS = sql.read("recommending/write_plans")
GROUPS = """
SELECT plan_id, coalesce(band, -1), count(*) FILTER (WHERE is_peer)
  FROM recommending_customer GROUP BY GROUPING SETS ((plan_id, band), (plan_id))
"""
TALLIES = """
SELECT customer.plan_id, coalesce(customer.band, -1), used.feature_id, count(*),
       avg(used.days)::float
  FROM recommending_customer AS customer
  JOIN recommending_use AS used ON used.customer_id = customer.customer_id
 WHERE customer.is_peer
 GROUP BY GROUPING SETS ((customer.plan_id, customer.band, used.feature_id),
                         (customer.plan_id, used.feature_id))
"""
HOLDINGS = """
SELECT band, plan_id, count(*), avg(arr_minor)::float FROM recommending_customer
 WHERE is_peer GROUP BY band, plan_id
"""


def renew_if_due(now: datetime) -> int | None:
    """Renew them once a night; how many there are, None where it is done or somebody is at it.

    Killed anywhere, nothing of it is there, and whoever asks next does it anew.
    """
    organisation = Organisation.current()
    here = now.astimezone(organisation.zone)
    period = night_of(here, organisation.night_hour).isoformat()
    ScheduledRun.objects.get_or_create(job=JOB, period=period)
    with transaction.atomic():
        waiting = ScheduledRun.objects.filter(job=JOB, period=period, finished_at=None)
        run = waiting.select_for_update(skip_locked=True).first()
        if run is None:
            return None
        count = renew(as_of=here.date(), now=now)
        ScheduledRun.objects.filter(pk=run.pk).update(finished_at=Now())
    return count


@transaction.atomic
def renew(*, as_of: date, now: datetime) -> int:
    """All recommendations for a day; repeated, they are the same. Those that hold no more go."""
    facts = {
        "as_of": as_of,
        "now": now,
        "window": method.WINDOW_DAYS,
        "stayed": method.STAYED_DAYS,
        "factor": method.BAND_FACTOR,
        "little": method.LITTLE,
        "most": method.MOST_FEATURES,
    }
    for statement in USE.split(";\n"):
        sql.run(statement, facts)
    groups = [Group(*row) for row in sql.run(GROUPS, {})]
    tallies = [Tally(*row) for row in sql.run(TALLIES, {})]
    holdings = [Holding(*row) for row in sql.run(HOLDINGS, {})]
    sql.run(WRITE_FEATURES, facts | of_features(method.feature_rules(groups, tallies)))
    sql.run(WRITE_PLANS, facts | of_plans(method.plan_rules(holdings)))
    Recommendation.objects.open().exclude(computed_at=now).delete()
    for table in ("recommending_use", "recommending_customer"):
        sql.run(f"DROP TABLE {table}", {})
    count = Recommendation.objects.open().count()
    log.info("recommendations_renewed", as_of=as_of.isoformat(), count=count)
    return count


def of_features(rules: list[FeatureRule]) -> dict[str, list[float]]:
    """Rules as the lists that the statement takes."""
    return {
        "plans": [rule.plan for rule in rules],
        "bands": [rule.band for rule in rules],
        "features": [rule.feature for rule in rules],
        "peers": [rule.peers for rule in rules],
        "users": [rule.users for rule in rules],
        "lowers": [rule.lower for rule in rules],
        "days": [rule.days for rule in rules],
    }


def of_plans(rules: list[PlanRule]) -> dict[str, list[float]]:
    return {
        "bands": [rule.band for rule in rules],
        "olds": [rule.old for rule in rules],
        "plans": [rule.plan for rule in rules],
        "peers": [rule.peers for rule in rules],
        "users": [rule.users for rule in rules],
        "lowers": [rule.lower for rule in rules],
    }
