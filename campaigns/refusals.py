"""Why an offer was not made to a customer, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns import granting

WHY: dict[str, Promise] = {
    granting.NOT_ELIGIBLE: _(
        "The customer is not among those it is for, or it means nothing to them."
    ),
    granting.OPEN: _("The customer has this offer already and may still accept it."),
    granting.COOL_DOWN: _("The customer was made this offer lately: it rests for a while."),
    granting.LIMIT: _("The customer was made this offer as often as it may be."),
    granting.ALL_GONE: _("As many as there are were made or accepted already."),
    granting.BUDGET: _("What is left of its budget does not suffice."),
    granting.STOPPED: _("It is stopped or archived."),
    granting.NOT_APPROVED: _(
        "A second person has to approve it first: it costs more than the limit."
    ),
}
