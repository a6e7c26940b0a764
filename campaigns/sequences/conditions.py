"""What branches ask and what can be waited for, as conditions on a row `recipient`.

Of what a customer did, what counts is what they did since they came into the campaign. A link
counts as followed when nothing speaks for a program having followed it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from campaigns.paths import (
    ACCEPTED,
    ANSWERED,
    CLICKED,
    CONTRACT_END,
    DATE,
    NOTICE_BY,
    RETURNED,
    SILENCE,
    USED,
    Step,
)
from campaigns.sequences import sql
from churnapp.models import Organisation

_CLICKED = """EXISTS (SELECT FROM campaigns_linkhit AS hit
                       WHERE hit.recipient_id = recipient.id AND hit.because = '')"""
_ACCEPTED = """EXISTS (SELECT FROM campaigns_stepdone AS made
                         JOIN campaigns_grant AS offered ON offered.id = made.grant_id
                        WHERE made.recipient_id = recipient.id AND offered.state = 'accepted')"""
_ANSWERED = """EXISTS (SELECT FROM feedback_response AS answer
                        WHERE answer.customer_id = recipient.customer_id
                          AND answer.answered_at >= recipient.entered_at
                          AND answer.quarantined_at IS NULL)"""
_RETURNED = """EXISTS (SELECT FROM customers_standing AS standing
                        WHERE standing.customer_id = recipient.customer_id
                          AND standing.state = 'active')"""
_USED = """EXISTS (SELECT FROM customers_usage AS used
                     JOIN customers_feature AS feature ON feature.id = used.feature_id
                    WHERE used.customer_id = recipient.customer_id
                      AND feature.code = %(feature)s
                      AND used.day >= (recipient.entered_at AT TIME ZONE %(zone)s)::date)"""
_ENDS = """EXISTS (SELECT FROM customers_standing AS standing
                    WHERE standing.customer_id = recipient.customer_id
                      AND standing.{column} - %(days)s <= %(today)s)"""
# Nothing heard: no link followed, no answer, no talk with us, in so many days at this step.
_SILENCE = """(recipient.arrived_at <= %(now)s - %(days)s * interval '1 day'
  AND NOT EXISTS (SELECT FROM campaigns_linkhit AS hit
                   WHERE hit.recipient_id = recipient.id AND hit.because = ''
                     AND hit.at > %(now)s - %(days)s * interval '1 day')
  AND NOT EXISTS (SELECT FROM feedback_response AS answer
                   WHERE answer.customer_id = recipient.customer_id
                     AND answer.answered_at > %(now)s - %(days)s * interval '1 day')
  AND NOT EXISTS (SELECT FROM customers_interaction AS talk
                   WHERE talk.customer_id = recipient.customer_id
                     AND talk.kind IN ('email', 'call', 'meeting', 'ticket', 'social')
                     AND talk.occurred_at > %(now)s - %(days)s * interval '1 day'))"""

MET: Mapping[str, str] = {
    CLICKED: _CLICKED,
    ACCEPTED: _ACCEPTED,
    ANSWERED: _ANSWERED,
    RETURNED: _RETURNED,
    USED: _USED,
    DATE: "%(today)s >= %(on)s::date",
    CONTRACT_END: _ENDS.format(column="contract_ends_on"),
    NOTICE_BY: _ENDS.format(column="notice_by"),
    SILENCE: _SILENCE,
}


def values_of(step: Step, now: datetime) -> dict[str, Any]:
    """What the condition of a step is asked with."""
    zone = Organisation.current().timezone
    return {
        "now": now,
        "today": now.astimezone(Organisation.current().zone).date(),
        "zone": zone,
        "days": step.days,
        "feature": step.feature,
        "on": date.fromisoformat(step.on) if step.on else None,
    }


def met_by(step: Step, recipients: list[int], now: datetime) -> set[int]:
    """Of these recipients, those for whom what a step asks is true."""
    rows = sql.run(
        f"SELECT recipient.id FROM campaigns_recipient AS recipient"  # noqa: S608  ours
        f" WHERE recipient.id = ANY(%(recipients)s) AND {MET[step.asks]}",
        values_of(step, now) | {"recipients": recipients},
    )
    return {pk for (pk,) in rows}
