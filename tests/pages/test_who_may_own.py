"""Only people who work with customers are offered and taken as owners and for tasks."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.http import QueryDict
from django.urls import reverse

from churnapp.common.errors import RuleError
from churnapp.models import User
from customers.models import Customer, Task
from customers.services.staff import at_work, is_at_work
from customers.services.tasks import add_task, assign_task
from customers.views.period_bar import segment_choices
from tests.api.calls import Caller, found
from tests.factories import make_customer, make_task, make_user, today_here

pytestmark = pytest.mark.django_db

SAYS = "Charlie Ek may only read, so can&#x27;t work with customers."
FORMS = {"add": "owner", "plan_task": "assignee", "assign_task": "assignee", "hand_over": "to"}


@pytest.fixture
def people(alice: User, bob: User, charlie: User) -> dict[str, User]:
    """One of each role, one who has left, one with a permission of their own, and root."""
    by_name = make_user(None)
    by_name.user_permissions.add(Permission.objects.get(codename="change_customer"))
    return {
        "csm": alice,
        "manager": bob,
        "admin": make_user("admin"),
        "by name": by_name,
        "root": make_user(None, is_superuser=True),
        "viewer": charlie,
        "left": make_user("csm", is_active=False),
        "nobody": make_user(None),
    }


def address(name: str, customer: Customer, task: Task) -> str:
    keys = {"add": [], "assign_task": [task.pk]}.get(name, [customer.pk])
    return reverse(f"customers:{name}", args=keys)


def offered(client, path: str, field: str) -> set[int]:
    form = client.get(path).context["form"]
    return {choice[0].value for choice in form.fields[field].choices if choice[0]}


def test_the_set_and_the_single_question_agree(people):
    expected = {people[name] for name in ("csm", "manager", "admin", "by name", "root")}
    assert set(at_work()) == expected
    assert {person for person in people.values() if is_at_work(person)} == expected


@pytest.mark.parametrize("name", FORMS)
def test_who_only_reads_is_not_offered_and_not_taken(alices_client, people, name):
    customer = make_customer("Acme")
    task = make_task(customer)
    path, field = address(name, customer, task), FORMS[name]
    may = {people[key].pk for key in ("csm", "manager", "admin", "by name", "root")}
    assert offered(alices_client, path, field) == may
    form = {"external_id": "N-1", "name": "New", "what": "Call", "on": today_here().isoformat()}
    response = alices_client.post(path, form | {field: str(people["viewer"].pk)})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert SAYS in response.content.decode()
    assert "ask an administrator" in response.content.decode()


@pytest.mark.parametrize("given", ["nonsense", "9" * 30, "0"])
def test_who_is_not_there_is_no_choice(alices_client, given):
    path = reverse("customers:assign_task", args=[make_task(make_customer()).pk])
    response = alices_client.post(path, {"assignee": given})
    assert "Select a valid choice" in response.context["form"].errors["assignee"][0]


def test_many_are_not_handed_to_who_only_reads(client, people):
    client.force_login(people["manager"])
    customer, path = make_customer(), reverse("customers:hand_over_many")
    assert people["viewer"].pk not in offered(client, path, "to")
    form = {"selected": [customer.pk], "to": people["viewer"].pk, "on": today_here().isoformat()}
    response = client.post(path, form)
    assert response.status_code == 422
    assert SAYS in response.content.decode()


def become_viewer(person: User) -> None:
    person.groups.set([Group.objects.get(name="viewer")])


def test_who_has_become_a_viewer_stays_shown_as_it_is_now(client, alice, bob):
    task = make_task(make_customer(owner=alice), assignee=alice)
    become_viewer(alice)
    client.force_login(bob)
    path = reverse("customers:assign_task", args=[task.pk])
    text = client.get(path).content.decode()
    assert f'<option value="{alice.pk}" selected>Alice Berg</option>' in text
    assert client.post(path, {"assignee": alice.pk}).status_code == 302
    page = client.get(reverse("customers:detail", args=[task.customer_id])).content.decode()
    assert "Alice Berg" in page


def test_a_new_task_of_an_owner_who_only_reads_is_mine(client, alice, bob):
    customer = make_customer(owner=alice)
    path = reverse("customers:plan_task", args=[customer.pk])
    client.force_login(bob)
    assert client.get(path).context["form"]["assignee"].value() == alice.pk
    become_viewer(alice)
    assert client.get(path).context["form"]["assignee"].value() == bob.pk


def test_the_services_say_at_which_field(charlie):
    task = make_task()
    with pytest.raises(RuleError, match="may only read") as refusal:
        add_task("Call", customer=None, assignee=charlie, due_on=None, by=None)
    assert refusal.value.field == "assignee"
    with pytest.raises(RuleError, match="may only read") as refusal:
        assign_task(task, to=charlie, by=None)
    assert refusal.value.field == "assignee"


def test_the_api_says_it_at_its_own_fields(alice, charlie):
    calls, customer = Caller(alice), make_customer(owner=alice)
    day = today_here().isoformat()
    for path, body, field in (
        ("tasks/", {"what": "Call", "assignee_email": charlie.email}, "assignee_email"),
        ("customers/", {"customer_id": "N", "name": "N", "owner_email": charlie.email},
         "owner_email"),
        (f"customers/{customer.pk}/hand_over/", {"to": charlie.email, "on": day}, "to"),
    ):  # fmt: skip
        answer = found(calls.post(path, body), 400)
        assert list(answer) == [field]
        assert "ask an administrator" in answer[field][0]
    changed = calls.patch(f"customers/{customer.pk}/", {"owner_email": charlie.email})
    assert list(found(changed, 400)) == ["owner_email"]
    become_viewer(alice)
    same = Caller(make_user("csm")).patch(f"customers/{customer.pk}/", {"owner_email": alice.email})
    assert found(same)["owner_email"] == alice.email


@pytest.mark.parametrize("page", ["list", "risk", "cancellations", "overview"])
def test_lists_are_filtered_by_who_may_own_or_owns_something(client, people, page):
    make_customer(owner=people["left"])
    client.force_login(people["manager"])
    context = client.get(reverse(f"customers:{page}")).context
    offered = {choice.name: choice.choices for choice in segment_choices(QueryDict())}
    choices = offered["owner"] if page == "overview" else context["owner_choices"]
    named = {str(value) for value, _label in choices} - {"me", "none"}
    may = ("csm", "manager", "admin", "by name", "root", "left")
    assert named == {str(people[name].pk) for name in may}


def test_the_administration_offers_and_takes_only_who_may_own(client, people):
    client.force_login(people["root"])
    User.objects.filter(pk=people["root"].pk).update(is_staff=True)
    customer = make_customer("Acme", owner=people["left"])
    path = reverse("admin:customers_customer_change", args=[customer.pk])
    form = client.get(path).context["adminform"].form
    offered = {choice[0].value for choice in form.fields["owner"].choices if choice[0]}
    may = ("csm", "manager", "admin", "by name", "root", "left")
    assert offered == {people[name].pk for name in may}
    values = {"name": "Acme AS", "currency": "EUR", "language": "", "attributes": "{}"}
    refused = client.post(path, values | {"owner": people["viewer"].pk})
    assert SAYS in refused.content.decode()
    assert client.post(path, values | {"owner": people["left"].pk}).status_code == 302
    assert client.post(path, values | {"owner": people["csm"].pk}).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.owner) == ("Acme AS", people["csm"])
