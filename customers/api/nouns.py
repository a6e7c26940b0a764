"""What every viewset shares: who may, what they see, the organisation's day, no unknown names."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar, cast

import django_filters
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from churnapp.common.errors import RuleError
from churnapp.models import Organisation, User
from churnapp.permissions import sees_everything
from customers.api.bodies import CleanJSONParser
from customers.api.cursors import Cursors
from customers.filters import formerly
from customers.models import Customer

PAGE_NAMES = {"cursor", "page_size"}
Row = TypeVar("Row", bound=Model)


class AtHome:
    """A view in the organisation's time zone, whose answers no cache keeps."""

    organisation: Organisation

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.organisation = Organisation.current()
        with timezone.override(self.organisation.zone):
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "no-store"
        return cast("HttpResponseBase", response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if any("\0" in value for value in request.query_params.values()):
            raise ValidationError(_("Text can't hold NUL characters."))

    @cached_property
    def user(self) -> User:
        return cast("User", self.request.user)  # type: ignore[attr-defined]

    def visible(self, rows: QuerySet[Row], by: str = "customer") -> QuerySet[Row]:
        """Rows of customers that the user may see."""
        if sees_everything(self.user, self.organisation):
            return rows
        return rows.filter(**{f"{by}__in": Customer.objects.visible_to(self.user)})


class CustomerIdFilter(django_filters.CharFilter):
    """Rows of a customer, by its id or by one of a record that was merged into it."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        return qs.filter(
            Q(customer__external_id=value) | Q(customer__in=formerly(external_id=value))
        )


class MomentFilter(django_filters.IsoDateTimeFilter):
    """A moment, asked in UTC: PostgreSQL knows no offset of sixteen hours and more."""

    def filter(self, qs: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        return super().filter(qs, in_utc(value) if value else value)


def in_utc(moment: datetime) -> datetime:
    """The same moment; at the ends of the calendar the nearest that can be written."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
        return first if moment.year == 1 else last


class StrictFilters(DjangoFilterBackend):
    """The view's filters; a name that is none of them is a 400 that lists them."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        if view.detail:
            return queryset
        known = set(view.filterset_class.base_filters) | PAGE_NAMES
        refuse_unknown(request.query_params, known)
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(given: Iterable[str], known: set[str]) -> None:
    """Raise ValidationError for a name that is not known."""
    for name in given:
        if name not in known:
            raise ValidationError(
                {
                    name: [
                        _("There is no such name. Known are: %(known)s.")
                        % {"known": ", ".join(sorted(known))}
                    ]
                }
            )


class Noun(AtHome, viewsets.GenericViewSet):
    """A kind of thing: `noun` is its model's name in permissions, `app` the one it belongs to.

    Making one needs the permission to add, every other verb the one to change. `names_of` says what
    a field is called here where the services call it otherwise, so that a refusal names it so.
    """

    app: ClassVar[str] = "customers"
    noun: ClassVar[str]
    names_of: ClassVar[Mapping[str, str]] = {}
    adding: ClassVar[frozenset[str]] = frozenset({"create"})
    parser_classes = (CleanJSONParser,)
    pagination_class = Cursors
    filter_backends = (StrictFilters,)
    serializer_class: type[serializers.Serializer]
    lookup_value_converter = "int"
    metadata_class = None

    @property
    def permission_needed(self) -> dict[str, str]:
        """By method; one that the address doesn't know needs reading, to be told so."""
        verb = "add" if self.action in self.adding else "change"
        known = {"POST": verb, "PATCH": "change", "DELETE": "delete"}
        methods = {"GET": "view", "PUT": "view"} | {
            method: verb if self.action else "view" for method, verb in known.items()
        }
        return {method: f"{self.app}.{verb}_{self.noun}" for method, verb in methods.items()}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, RuleError) and exc.field:
            exc.field = self.names_of.get(exc.field, exc.field)
        return super().handle_exception(exc)

    def answer(self, pk: int, status: int = 200) -> Response:
        """The row as it is now, whatever verb changed it; 204 where it went out of sight."""
        row = self.get_queryset().filter(pk=pk).first()
        if row is None:
            return Response(status=204)
        shown = self.serializer_class(row, context=self.get_serializer_context())
        return Response(shown.data, status=status)

    def asked(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        """The request's body, checked."""
        serializer = serializer_class(
            data=self.request.data, context=self.get_serializer_context(), **options
        )
        serializer.is_valid(raise_exception=True)
        return cast("dict[str, Any]", serializer.validated_data)
