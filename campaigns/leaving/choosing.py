"""Which flow is for a customer, which arm they are in, and what answers their reason."""

from django.db.models import F, Q

from campaigns.effects.drawing import is_held_out
from campaigns.models import CancelFlow, CancelVisit, FlowAnswer
from churnapp.common.errors import RuleError
from customers.filters import segment
from customers.models import CancellationReason, Customer


def flow_for(customer: Customer) -> CancelFlow | None:
    """The first flow that is on and for this customer; one whose segment can't be read is not."""
    return next((flow for flow in CancelFlow.objects.on() if is_for(flow, customer)), None)


def is_for(flow: CancelFlow, customer: Customer) -> bool:
    if not flow.query:
        return True
    try:
        found = segment(flow.query, Customer.objects.all())
    except RuleError:
        return False
    return found.filter(pk=customer.pk).exists()


def drawn(flow: CancelFlow, customer: Customer) -> bool:
    """Whether they are held out: as at their first visit, whatever the percentage is by now."""
    first = CancelVisit.objects.filter(flow=flow, customer=customer).order_by("pk")
    before = first.values_list("held_out", flat=True).first()
    return is_held_out(flow.salt, customer.pk, flow.holdout_percent) if before is None else before


def answer_to(flow: CancelFlow, reason: CancellationReason | None) -> FlowAnswer | None:
    """The answer to a reason, else the one to any other; None where there is none."""
    fitting = FlowAnswer.objects.filter(Q(reason=reason) | Q(reason=None), flow=flow)
    closest = fitting.select_related("offer__plan", "reason").order_by(
        F("reason").asc(nulls_last=True)
    )
    found = closest.first()
    return None if found is None or found.kind == FlowAnswer.Kind.NONE else found
