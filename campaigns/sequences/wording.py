"""Which words a mail says to whom: by variant, language and, where it has such letters, reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models.functions import Coalesce

from campaigns.models import Recipient
from campaigns.paths import Path, Step, Words
from customers.models import Cancellation


def groups(
    path: Path, step: Step, recipients: Sequence[int]
) -> Mapping[tuple[Words, str], list[int]]:
    """The recipients of a mail by what it says to them and in which language."""
    rows = Recipient.objects.filter(pk__in=recipients).order_by("pk")
    reasons = reasons_of(recipients) if step.by_reason else {}
    found: defaultdict[tuple[Words, str], list[int]] = defaultdict(list)
    for pk, customer, variant, language in rows.values_list(
        "pk", "customer_id", "variant", "language"
    ):
        words = path.words(step, variant, language, reasons.get(customer, ""))
        found[words, language].append(pk)
    return found


def reasons_of(recipients: Sequence[int]) -> dict[int, str]:
    """The key of the reason that each customer's last cancellation counts under, where it has one.

    It is the one that `{{ reason }}` names.
    """
    there = Cancellation.objects.filter(
        customer__campaigns__in=recipients, withdrawn_at=None, reason__isnull=False
    )
    last = there.order_by("customer_id", "-effective_on", "-pk").distinct("customer_id")
    key = Coalesce("reason__merged_into__key", "reason__key")
    return dict(last.values_list("customer_id", key))
