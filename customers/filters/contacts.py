"""Which people at the customers of a segment are meant: by role and by language."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from churnapp.common.errors import RuleError
from customers.models import Contact
from customers.models.customer import LANGUAGES


class ContactFilter(django_filters.FilterSet):
    """Contacts by what they do there and by the language they read."""

    contact_role = django_filters.MultipleChoiceFilter(
        field_name="role", choices=Contact.Role.choices, label=_("Role"), distinct=False
    )
    contact_language = django_filters.MultipleChoiceFilter(
        method="reading",
        choices=LANGUAGES,
        label=_("Language"),
        help_text=_("Where a contact has none, the customer's language counts."),
    )

    class Meta:
        model = Contact
        fields: list[str] = []

    def reading(
        self, contacts: QuerySet[Contact], _name: str, languages: list[str]
    ) -> QuerySet[Contact]:
        if not languages:
            return contacts
        of_customer = Q(language="", customer__language__in=languages)
        return contacts.filter(Q(language__in=languages) | of_customer)


def contacts(query: str, people: QuerySet[Contact]) -> QuerySet[Contact]:
    """Contacts that a query string such as `contact_role=champion` chooses; an empty one all.

    Raises RuleError for a name that is no filter's, and for a value that it can't take.
    """
    names = QueryDict(query)
    known = ContactFilter.base_filters
    for name in names:
        if name not in known:
            raise RuleError(
                _t("“%(name)s” is no filter of contacts. Known are: %(known)s.")
                % {"name": name, "known": ", ".join(sorted(known))}
            )
    chosen = ContactFilter(names, people)
    if not chosen.is_valid():
        label, said = next((known[name].label, said) for name, said in chosen.errors.items())
        raise RuleError(f"{label}: {said[0]}")
    found: Any = chosen.qs
    return found
