"""What a call of another program asks for: a request of the API in another envelope."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.api.bodies import CleanJSONParser
from customers.api.cancellations import CancellationSerializer, record
from customers.models import Cancellation
from feedback.models import IncomingCall

NEEDED = "customers.add_cancellation"
State = IncomingCall.State


@transaction.atomic
def take(call: IncomingCall) -> IncomingCall:
    """Record the cancellation of a call that was kept, once; else say in the row what is wrong.

    Whatever else goes wrong leaves the row waiting, to be taken when it is told again.
    """
    calls = IncomingCall.objects.select_for_update(no_key=True)
    held = calls.filter(pk=call.pk).first()
    if held is None or held.state == State.TAKEN:
        return held or call  # forgotten meanwhile, or taken before
    held.webhook = call.webhook
    try:
        with transaction.atomic(), timezone.override(Organisation.current().zone):
            held.cancellation = recorded(held)
    except (APIException, RuleError) as error:
        held.state, held.problem = State.REFUSED, problem_of(error)
    else:
        held.state, held.problem = State.TAKEN, {}
    held.save(update_fields=["state", "problem", "cancellation"])
    return held


def recorded(call: IncomingCall) -> Cancellation:
    """The cancellation that the body asks for: the same fields as `POST /api/v1/cancellations/`."""
    acts_as = call.webhook.acts_as
    if not acts_as.is_active or not acts_as.has_perm(NEEDED):
        said = _(
            "%(person)s, as whom this address acts, may not record cancellations. Give them the"
            " role, or make another address."
        )
        raise ValidationError({"non_field_errors": [said % {"person": acts_as.email}]})
    asked = CleanJSONParser().parse(BytesIO(call.body.encode()))
    context = {"request": SimpleNamespace(user=acts_as)}
    serializer = CancellationSerializer(data=asked, context=context)
    serializer.is_valid(raise_exception=True)
    return record(dict(serializer.validated_data), by=acts_as)[0]


def problem_of(error: APIException | RuleError) -> dict[str, Any]:
    """What is wrong, by field, as the API says it."""
    if isinstance(error, RuleError):
        return {error.field or "non_field_errors": [str(error)]}
    detail = error.detail
    return dict(detail) if isinstance(detail, dict) else {"non_field_errors": [str(detail)]}
