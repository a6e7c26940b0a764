"""The reason that behaviour speaks for: early warnings of the 90 days before notice was given."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta, tzinfo

from customers.models import Cancellation, RiskFlag

DAYS = 90

# What a warning stands for, the plainest first; the first reason of the list that is in use.
SIGNS: dict[str, tuple[str, ...]] = {
    "payment_failed": ("payment-failed",),
    "champion_left": ("key-person-left",),
    "price_rise": ("price",),
    "open_complaint": ("support-quality",),
    "slow_reply": ("support-quality",),
    "no_use": ("not-used", "need-gone"),
    "use_fell": ("not-used", "need-gone"),
}


def day_of(gone: Cancellation, zone: tzinfo) -> date:
    """When they had made up their mind, as far as anybody knows: the organisation's day."""
    if gone.requested_at:
        return gone.requested_at.astimezone(zone).date()
    return min(gone.effective_on, gone.recorded_at.astimezone(zone).date())


def sign_of(
    gone: Cancellation, flags: Iterable[RiskFlag], reasons: Mapping[str, int], zone: tzinfo
) -> tuple[int, list[int]] | None:
    """The reason that the plainest warning stands for, and its flags; `reasons` by key.

    `flags` are the customer's own, with their rules; what a person dismissed says nothing.
    """
    day = day_of(gone, zone)
    since = day - timedelta(days=DAYS)
    near = [
        flag
        for flag in flags
        if flag.raised_on <= day and flag.seen_on >= since and not flag.dismissal
    ]
    for rule, keys in SIGNS.items():
        spoke = [flag.pk for flag in near if flag.rule.key == rule]
        reason = next((reasons[key] for key in keys if key in reasons), None)
        if spoke and reason:
            return reason, sorted(spoke)
    return None
