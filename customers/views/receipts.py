"""What the receipt of an erasure counts, in words."""

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from churnapp.common.describing import options
from churnapp.common.personal import registry
from customers.models import Erasure

# What is no row of a model of theirs, by the name under which an erasure counts it.
OTHERS: dict[str, str | Promise] = {
    "audit": _("changes in the audit trail"),
    "timeline": _("sentences of timelines"),
    "imports": _("what files said"),
    "forget_what_complaints_ask": _("tasks of complaints"),
    "forget_quotations": _("tasks that quoted answers"),
    "forget_what_staff_were_told": _("notices to staff"),
    "untie_from_few": _("answers untied from the person"),
}


def counted_rows(erasure: Erasure) -> list[tuple[str, int]]:
    """Of each kind, how many rows were changed."""
    models = {options(found.model).model_name: found.model for found in registry.personal}
    names = {name: options(model).verbose_name_plural for name, model in models.items()} | OTHERS
    return [(capfirst(str(names.get(kind, kind))), rows) for kind, rows in erasure.rows.items()]
