"""The privacy notice: what we keep of people, for how long, and whom to ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from churnapp.common.describing import field_words, options
from churnapp.common.personal import Erase, Personal, Whose, registry
from churnapp.models import Organisation
from customers.privacy.purging import periods


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Linked from every public page and mail; made of what the models declare."""
    days = periods()
    context = {
        "organisation": Organisation.current(),
        "kept": [
            (
                options(declared.model).verbose_name_plural,
                personal_words(declared),
            )
            for declared in registry.about(Whose.CONTACT)
            if personal_words(declared)
        ],
        "periods": [(kept.what, days[key]) for key, kept in registry.kept.items()],
    }
    return render(request, "customers/public/privacy.html", context)


def personal_words(declared: Personal) -> list[str]:
    """What is kept that says who it was, in words."""
    return [
        field_words(declared.model, name)
        for name, how in declared.fields.items()
        if how is not Erase.KEEP
    ]
