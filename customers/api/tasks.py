"""Plain tasks: `/api/v1/tasks/`."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.fields import CustomerReference, Strict, person_reference, person_shown
from customers.api.nouns import CustomerIdFilter, Noun
from customers.models import Task
from customers.services.staff import check_at_work
from customers.services.tasks import add_task, finish_task, reopen_task


class TaskSerializer(Strict, serializers.ModelSerializer):
    """Something a person does, about a customer or not, by a day."""

    customer_id = CustomerReference(source="customer", required=False, allow_null=True)
    assignee_email = person_reference(source="assignee", required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    created_by_email = person_shown("created_by")

    class Meta:
        model = Task
        fields = [
            "id", "customer_id", "what", "assignee_email", "due_on", "done_at", "created_at",
            "created_by_email",
        ]  # fmt: skip
        read_only_fields = ["done_at", "created_at"]


class TaskFilter(django_filters.FilterSet):
    customer_id = CustomerIdFilter()
    assignee_email = django_filters.CharFilter(field_name="assignee__email", lookup_expr="iexact")
    done = django_filters.BooleanFilter("done_at", lookup_expr="isnull", exclude=True)
    due_from = django_filters.DateFilter("due_on", lookup_expr="gte")
    due_to = django_filters.DateFilter("due_on", lookup_expr="lte")


class Tasks(mixins.ListModelMixin, mixins.RetrieveModelMixin, Noun):
    """Tasks about customers that the caller may see, and the caller's own about none."""

    noun = "task"
    queryset = Task.objects.all()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[Task]:
        together = ("customer", "assignee", "created_by")
        return Task.objects.visible_to(self.user, self.organisation).select_related(*together)

    def create(self, _request: Request) -> Response:
        """Give somebody something to do."""
        values = self.asked(TaskSerializer)
        check_at_work(values.get("assignee"), field="assignee_email")
        task = add_task(
            values["what"],
            customer=values.get("customer"),
            assignee=values.get("assignee"),
            due_on=values.get("due_on"),
            by=self.user,
        )
        return self.answer(task.pk, status=201)

    @extend_schema(request=None, responses=TaskSerializer)
    @action(methods=["post"], detail=True)
    def finish(self, _request: Request, **_address: str) -> Response:
        """Tick it off."""
        task = self.get_object()
        finish_task(task, self.user)
        return self.answer(task.pk)

    @extend_schema(request=None, responses=TaskSerializer)
    @action(methods=["post"], detail=True)
    def reopen(self, _request: Request, **_address: str) -> Response:
        """Take back that it is done."""
        task = self.get_object()
        reopen_task(task, self.user)
        return self.answer(task.pk)
