"""Searches by name, id and person, each by an index."""

from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Contact, CustomerAlias

SHORT_SEARCH = 3  # letters from which a trigram index can find the middle of a name
MOST_WORDS = 10  # of one search
MOST_FORMER = 1_000  # former ids that one search looks up


def fitting(wanted: str) -> Q:
    """Words of the name, the beginning of an id, a former one too, or an organisation number."""
    return (
        has_words("name", wanted)
        | Q(external_id__startswith=wanted)
        | Q(organisation_number__startswith=wanted.replace(" ", ""))
        | Q(pk__in=formerly(external_id__startswith=wanted))
    )


def formerly(**wanted: Any) -> list[int]:
    """A few customers that were known by other ids, as numbers: a subquery would cost the index."""
    former = CustomerAlias.objects.filter(**wanted).values_list("customer_id", flat=True)
    return list(former[:MOST_FORMER])


def has_words(name: str, wanted: str) -> Q:
    """Every word somewhere in the field, in any order; of fewer letters, its beginning."""
    if len(wanted) < SHORT_SEARCH:
        return Q(**{f"{name}__istartswith": wanted})
    words = wanted.split()[:MOST_WORDS]
    if max(len(word) for word in words) < SHORT_SEARCH:
        words = [wanted]
    return Q(*(Q(**{f"{name}__icontains": word}) for word in words))


def whose_contact(*fields: str, wanted: str) -> QuerySet[Contact, Any]:
    """The customers of the contacts of whom one of the fields has every word, as keys."""
    people = Q(*(has_words(name, wanted) for name in fields), _connector=Q.OR)
    return Contact.objects.filter(people).values("customer_id")
