"""The administration: every model is there, history is read only, keys are shown once."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from campaigns.models import OfferRules
from churnapp.api_keys import find_key
from churnapp.models import (
    ApiKey,
    AuditEvent,
    Job,
    Organisation,
    User,
)
from customers.models import (
    CancellationReason,
    Customer,
    Interaction,
    Plan,
    RiskRule,
    SendingRate,
    Standing,
    Subscription,
    Term,
)
from tests.admin.rows import make_some_of_everything
from tests.factories import (
    make_customer,
    make_organisation,
    make_plan,
    make_subscription,
    make_user,
)

pytestmark = pytest.mark.django_db

APPS = ("churnapp", "customers", "feedback", "campaigns")
OURS = [m for label in APPS for m in apps.get_app_config(label).get_models()]
READ_ONLY = ("term", "cancellation", "interaction", "usage", "payment", "riskflag", "standing")


@pytest.fixture
def root(client):
    """A browser in which a superuser is signed in."""
    client.force_login(make_user(None, email="root@example.com", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def administrator(client):
    """A browser in which somebody with the role admin is signed in."""
    client.force_login(make_user("admin", email="ada@example.com"))
    return client


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_that_is_cheap_and_a_page(
    model, root, django_assert_max_num_queries
):
    make_some_of_everything()
    row = model.objects.order_by("pk").last()
    registered = admin.site.get_model_admin(model)

    with django_assert_max_num_queries(16):
        found = root.get(address(model, "changelist"))

    assert found.status_code == 200
    assert row in found.context["cl"].result_list
    assert registered.show_full_result_count is False
    assert registered.search_fields or model in (Organisation, OfferRules, SendingRate)
    assert root.get(address(model, "changelist"), {"q": "1"}).status_code == 200
    assert root.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("name", READ_ONLY)
def test_history_is_read_only_also_for_a_superuser(name, root):
    make_some_of_everything()
    model = apps.get_model("customers", name)
    row = model.objects.order_by("pk").last()
    before = model.objects.filter(pk=row.pk).values().get()

    assert root.get(address(model, "add")).status_code == 403
    assert root.post(address(model, "change", row.pk), {"kind": "free"}).status_code == 403
    assert root.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_a_customer_can_not_be_deleted_nor_selected_for_it(root):
    customer = make_customer()

    assert root.post(address(Customer, "delete", customer.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in root.get(address(Customer, "changelist")).text


def test_a_change_leaves_an_audit_event_with_before_and_after(administrator):
    plan = make_plan("pro")

    administrator.post(address(Plan, "change", plan.pk), {"code": "pro", "name": "Professional"})

    event = AuditEvent.objects.get()
    assert (event.verb, event.object_kind, event.object_id) == ("changed_in_admin", "plan", plan.pk)
    assert event.changes == {"name": ["Pro", "Professional"]}
    assert event.actor.email == "ada@example.com"


def test_a_customer_added_here_stands_in_lists(administrator):
    fields = {"external_id": "C-9", "name": "Nine", "attributes": "{}"}

    answer = administrator.post(address(Customer, "add"), fields)

    assert answer.status_code == 302
    assert Standing.objects.get(customer__external_id="C-9").state == "never"


def test_a_contract_is_changed_by_its_service(administrator):
    subscription = make_subscription()
    rows = {"terms-TOTAL_FORMS": "0", "terms-INITIAL_FORMS": "0"}
    page = address(Subscription, "change", subscription.pk)

    refused = administrator.post(page, rows | {"contract_ends_on": "2023-01-01"})
    administrator.post(page, rows | {"contract_ends_on": "2026-01-01", "auto_renews": "true"})

    assert "must end after" in refused.text
    subscription.refresh_from_db()
    assert (subscription.contract_ends_on, subscription.auto_renews) == (date(2026, 1, 1), True)
    assert Interaction.objects.get().verb == "contract_changed"


def test_a_reason_is_added_reworded_and_retired(administrator):
    rows = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0", "position": "1"}
    words = {"category": "price", "label_en": "Too dear", "label_sv": "För dyrt"}
    administrator.post(address(CancellationReason, "add"), rows | words)
    reason = CancellationReason.objects.get()

    page = address(CancellationReason, "change", reason.pk)
    administrator.post(page, rows | words | {"label_en": "Too expensive"})
    administrator.post(
        address(CancellationReason, "changelist"),
        {"action": "retire", "_selected_action": [reason.pk]},
    )

    reason.refresh_from_db()
    assert reason.key == "too-dear"
    assert reason.retired_at is not None
    labels = list(reason.versions.values_list("version", "labels"))
    assert labels == [
        (2, {"en": "Too expensive", "sv": "För dyrt"}),
        (1, {"en": "Too dear", "sv": "För dyrt"}),
    ]


def test_a_key_is_shown_once_and_kept_as_a_hash(administrator, alice):
    fields = {"name": "Billing", "owner": alice.pk, "scopes": ["read"]}

    page = administrator.post(address(ApiKey, "add"), fields)

    key = ApiKey.objects.get()
    text = page.context["secret"]
    assert find_key(text, timezone.now()) == key
    assert "no-store" in page["Cache-Control"]
    secret = text.partition(".")[2]
    for other in (address(ApiKey, "changelist"), address(ApiKey, "change", key.pk)):
        assert secret not in administrator.get(other).text
    assert secret not in str(list(ApiKey.objects.values()))
    assert AuditEvent.objects.get().verb == "api_key_made"


def test_a_revoked_key_opens_nothing(administrator, alice):
    page = administrator.post(
        address(ApiKey, "add"), {"name": "Old", "owner": alice.pk, "scopes": ["read", "write"]}
    )
    key = ApiKey.objects.get()

    administrator.post(
        address(ApiKey, "changelist"), {"action": "revoke", "_selected_action": [key.pk]}
    )

    assert find_key(page.context["secret"], timezone.now()) is None


def test_a_key_can_not_be_given_somebody_with_more_rights(administrator):
    root = make_user(None, is_superuser=True)

    page = administrator.post(
        address(ApiKey, "add"), {"name": "Up", "owner": root.pk, "scopes": ["read"]}
    )

    assert page.status_code == 200
    assert not ApiKey.objects.exists()


def test_a_person_gets_a_role_and_can_sign_in(administrator, client):
    fields = {
        "email": "new@example.com",
        "name": "New",
        "usable_password": "true",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
        "groups": [Group.objects.get(name="csm").pk],
    }

    answer = administrator.post(address(User, "add"), fields)

    assert answer.status_code == 302
    person = User.objects.get(email="new@example.com")
    assert person.has_perm("customers.change_customer")
    assert not person.is_staff
    assert person.check_password("correct horse battery")
    event = AuditEvent.objects.get(verb="user_added")
    assert "password1" not in event.changes


def test_an_administrator_makes_nobody_a_superuser(administrator):
    root = make_user(None, email="root@example.com", is_superuser=True)
    ada = User.objects.get(email="ada@example.com")
    fields = {
        "email": "ada@example.com",
        "groups": [Group.objects.get(name="admin").pk],
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "theme": "auto",
    }

    administrator.post(address(User, "change", ada.pk), fields)
    answer = administrator.post(address(User, "change", root.pk), fields)

    ada.refresh_from_db()
    assert not ada.is_superuser
    assert answer.status_code == 403
    page = reverse("admin:auth_user_password_change", args=[root.pk])
    assert administrator.get(page).status_code == 403


def test_the_currency_is_fixed_once_there_are_terms(administrator):
    organisation = make_organisation(currency="EUR", name="Fjord")
    fields = {
        name: getattr(organisation, name)
        for name in (
            "name",
            "timezone",
            "gross_margin",
            "lapse_grace_days",
            "pause_limit_days",
            "silent_days",
            "replacement_months",
            "fiscal_year_start_month",
            "night_hour",
        )
    }
    page = address(Organisation, "change", 1)

    administrator.post(page, fields | {"currency": "NOK"})
    organisation.refresh_from_db()
    assert organisation.currency == "NOK"
    make_subscription()
    refused = administrator.post(page, fields | {"currency": "SEK"})

    assert "fixed" in refused.text
    organisation.refresh_from_db()
    assert organisation.currency == "NOK"


def test_lists_count_up_to_a_cap_only(root, monkeypatch):
    monkeypatch.setattr("customers.admin.base.COUNT_CAP", 5)
    for _ in range(8):
        make_customer()

    page = root.get(address(Customer, "changelist"))

    assert page.context["cl"].result_count == 5


def test_the_door_of_the_administration_is_the_sign_in_page(client):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/sign-in/")


@pytest.mark.parametrize("role", ["viewer", "csm", "manager"])
def test_who_is_not_staff_stays_outside(role, client):
    client.force_login(make_user(role))

    assert client.get("/admin/", follow=True).status_code == 403


def test_jobs_and_terms_are_searched_by_what_people_know(root):
    subscription = make_subscription(make_customer(external_id="C-77"))
    make_subscription()
    Job.objects.create(kind="import", error="line 7")

    found = root.get(address(Term, "changelist"), {"q": "C-77"}).context["cl"].result_list

    assert [term.subscription for term in found] == [subscription]
    assert len(root.get(address(Job, "changelist"), {"q": "line 7"}).context["cl"].result_list) == 1


def test_the_numbers_of_a_rule_stay_within_their_bounds(administrator):
    rule = RiskRule.objects.get(key="no_use")
    page = address(RiskRule, "change", rule.pk)
    number = next(iter(rule.params))

    refused = administrator.post(page, {"severity": 3, "params": f'{{"{number}": -1}}'})
    administrator.post(page, {"severity": 5, "params": f'{{"{number}": 45}}'})

    assert refused.status_code == 200
    rule.refresh_from_db()
    assert (rule.severity, rule.enabled, rule.params[number]) == (5, False, 45)
    assert AuditEvent.objects.get().verb == "risk_rule_changed"


def test_an_administrator_may_see_every_model(db):
    """Also one that came after the roles were first given out."""
    admin_user = make_user("admin")
    hidden = [
        model.__name__
        for model in OURS
        if not admin_user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
    assert hidden == []
