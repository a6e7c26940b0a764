"""Our columns as people call them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COLUMNS: dict[str, Promise] = {
    "amount": _("Amount"),
    "auto_renews": _("Renews by itself"),
    "channel": _("Channel"),
    "closed_at": _("Closed"),
    "comment": _("Comment"),
    "competitor": _("Competitor"),
    "complaint": _("Complaint"),
    "contract_ends_on": _("Contract ends on"),
    "count": _("Number of uses"),
    "country": _("Country"),
    "currency": _("Currency"),
    "customer_id": _("Customer id"),
    "day": _("Day"),
    "due_on": _("Due on"),
    "effective_on": _("Takes effect on"),
    "email": _("E-mail address"),
    "ends_on": _("Ends on"),
    "external_id": _("Id elsewhere"),
    "feature": _("Feature"),
    "first_reply_at": _("First reply"),
    "interval": _("Interval"),
    "involuntary": _("Involuntary"),
    "is_trial": _("Is a trial"),
    "kind": _("Kind"),
    "language": _("Language"),
    "left_on": _("Left on"),
    "month": _("Month"),
    "name": _("Name"),
    "notice_by": _("Notice by"),
    "occurred_at": _("When"),
    "on": _("Day"),
    "organisation_number": _("Organisation number"),
    "owner_email": _("Owner's e-mail address"),
    "parent_id": _("Parent company's customer id"),
    "plan": _("Plan"),
    "plans": _("Plans"),
    "purpose": _("Purpose"),
    "quantity": _("Number of units"),
    "rate": _("Rate"),
    "reason": _("Reason"),
    "recorded_at": _("Known since"),
    "released_on": _("Released on"),
    "requested_at": _("Requested"),
    "role": _("Role"),
    "sentiment": _("Sentiment"),
    "signed_up_on": _("Signed up on"),
    "starts_on": _("Starts on"),
    "status": _("Status"),
    "subscription_id": _("Subscription id"),
    "summary": _("Summary"),
    "superseded_at": _("Known until"),
}


def label(name: str) -> str:
    """What people call a column of ours."""
    return str(COLUMNS.get(name, name))
