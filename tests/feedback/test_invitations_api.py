"""People invited by another program: the same rules as a round by hand, and who was left out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.mail.suppression import suppress
from customers.models import Consent, Customer, OutgoingEmail, SendingRate
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Invitation, Survey
from feedback.services.answering import Filled, answer_invitation
from tests.api.calls import Caller, found, ids
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_mail,
    make_organisation,
    make_reason,
    make_user,
    today,
)
from tests.feedback_factories import make_invitation, make_response, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def csms() -> Caller:
    return Caller(make_user("csm"))


@pytest.fixture
def autumn() -> Survey:
    return make_survey(name="Autumn")


@pytest.fixture
def customer() -> Customer:
    return make_customer(external_id="C1")


def invite(csms: Caller, status: int = 201, key: str = "k-1", **changed: Any) -> Any:
    body = {"survey": "Autumn", "customer_id": "C1"} | changed
    return found(csms.post("invitations/", body, Idempotency_Key=key), status)


def test_without_a_name_the_one_is_asked_whom_a_rule_would_choose(
    csms: Caller, autumn: Survey, customer: Customer
) -> None:
    make_contact(customer, email="user@example.com", role="user")
    make_contact(customer, email="boss@example.com", role="decision_maker", language="nb")

    told = invite(csms)

    (row,), left_out = told["invited"], told["left_out"]
    assert (row["contact_email"], row["language"], row["state"]) == (
        "boss@example.com", "nb", "waiting",
    )  # fmt: skip
    assert (row["why_not"], left_out) == ("It waits for its time.", [])
    invitation = Invitation.objects.get()
    assert invitation.created_by
    assert invitation.created_by.has_perm("feedback.add_invitation")
    mail = OutgoingEmail.objects.get()
    assert (invitation.mail, mail.to_email, mail.purpose) == (mail, "boss@example.com", "survey")
    assert mail.due_at > timezone.now(), "it can be called back first"


def test_sent_again_nobody_is_asked_twice(csms: Caller, autumn: Survey, customer: Customer) -> None:
    make_contact(customer, email="kari@example.com")
    first = invite(csms)
    assert invite(csms) == first
    assert Invitation.objects.count() == OutgoingEmail.objects.count() == 1
    assert found(csms.post("invitations/", {"survey": "Autumn", "customer_id": "C1"}), 400)
    invite(csms, 409, not_again_days=0)


def test_each_who_is_named_gets_a_mail_or_the_reason_why_not(
    csms: Caller, autumn: Survey, customer: Customer
) -> None:
    names = ["fine", "gone", "bounced", "refused", "tired"]
    people = {name: make_contact(customer, email=f"{name}@example.com") for name in names}
    people["gone"].left_on = today()
    people["gone"].save()
    suppress("bounced@example.com", "hard_bounce")
    suppress("tired@example.com", "unsubscribe", purpose="news")
    Consent.objects.create(
        contact=people["refused"], purpose="survey", given=False, at=timezone.now()
    )
    most = SendingRate.objects.get(pk=1).most_a_contact
    SendingRate.objects.update(most_a_customer=100)
    for _ in range(most):
        make_mail(customer, contact=people["tired"], state="delivered", begun_at=timezone.now())

    told = invite(csms, contact_emails=[f"{name.upper()}@example.com" for name in names])

    assert [row["contact_email"] for row in told["invited"]] == ["fine@example.com"]
    assert {row["contact_email"].split("@")[0]: row["code"] for row in told["left_out"]} == {
        "gone": "left",
        "bounced": "hard_bounce",
        "refused": "consent_withdrawn",
        "tired": "contact_budget",
    }
    words = {row["code"]: row["why_not"] for row in told["left_out"]}
    assert words["left"] == "The contact has left the customer."
    assert words["contact_budget"] == "The person or the customer has had enough mails lately."
    assert Invitation.objects.count() == 1


def test_who_gets_no_automatic_mail_is_not_asked(
    csms: Caller, autumn: Survey, customer: Customer
) -> None:
    Customer.objects.update(never_automatic=True)
    make_contact(customer, email="kari@example.com")
    told = invite(csms, 200, contact_emails=["kari@example.com"])
    assert told["invited"] == []
    assert [(row["contact_email"], row["code"]) for row in told["left_out"]] == [
        ("kari@example.com", "never_automatic")
    ]
    assert not Invitation.objects.exists()


def test_without_anybody_to_ask_the_answer_says_so(
    csms: Caller, autumn: Survey, customer: Customer
) -> None:
    make_contact(customer, left_on=today())
    told = invite(csms, 200)
    assert told["left_out"] == [
        {
            "contact_email": None,
            "code": "nobody",
            "why_not": "The customer has nobody at work there whose address takes surveys.",
        }
    ]


def test_a_customer_who_was_asked_lately_is_spared_unless_meant(
    csms: Caller, autumn: Survey, customer: Customer
) -> None:
    make_contact(customer, email="kari@example.com")
    make_invitation(autumn, make_contact(customer), created_at=timezone.now() - timedelta(days=40))
    assert invite(csms, 200)["left_out"][0]["code"] == "asked_lately"
    assert len(invite(csms, key="k-2", not_again_days=30)["invited"]) == 1


def test_who_left_is_asked_about_their_departure(csms: Caller, customer: Customer) -> None:
    make_survey("exit", name="Autumn")
    make_reason("price")
    gone = make_cancellation(customer, external_id="X-1")
    make_contact(customer, email="kari@example.com")
    row = invite(csms, cancellation="X-1")["invited"][0]
    assert row["cancellation"] == gone.pk
    mail = OutgoingEmail.objects.get()
    assert mail.patient_until is not None

    now = timezone.now() + timedelta(hours=2)
    filled = Filled({"reason": Given(choices=("price",))}, "en", Signs(now - timedelta(minutes=1)))
    answer_invitation(Invitation.objects.get(), filled, now=now)

    gone.refresh_from_db()
    assert gone.stated_reason
    assert gone.stated_reason.key == "price"
    assert found(csms.get(f"invitations/{row['id']}/"))["state"] == "answered"


@pytest.mark.parametrize(
    "changed,field,says",
    [
        ({"survey": "Nonsense"}, "survey", "Nonsense"),
        ({"survey": "Old"}, "survey", "“Old” is archived"),
        ({"survey": "Draft"}, "survey", "Publish it first."),
        ({"customer_id": "C9"}, "customer_id", "C9"),
        ({"contact_emails": ["nobody@example.com"]}, "contact_emails", "nobody@example.com"),
        ({"contact_emails": ["kari@example.com", "x"]}, "contact_emails", ""),
        ({"cancellation": "X-2"}, "cancellation", "is not one of customer C1"),
        ({"cancellation": "X-3"}, "cancellation", "was withdrawn"),
        ({"cancellation": "X-4"}, "cancellation", "involuntary"),
        ({"not_again_days": -1}, "not_again_days", ""),
        ({"mood": "good"}, "mood", ""),
    ],
)
def test_what_is_wrong_names_its_field_and_invites_nobody(
    csms: Caller, autumn: Survey, customer: Customer, changed: dict[str, Any], field: str, says: str
) -> None:
    make_contact(customer, email="kari@example.com")
    make_survey(name="Old", archived_at=timezone.now())
    make_survey(name="Draft").versions.update(published_at=None)
    make_cancellation(external_id="X-2")
    make_cancellation(customer, external_id="X-3", withdrawn_at=timezone.now())
    make_cancellation(customer, external_id="X-4", involuntary=True)
    refused = invite(csms, 400, **changed)
    assert list(refused) == [field]
    assert says in str(refused[field])
    assert not Invitation.objects.exists()
    assert not OutgoingEmail.objects.exists()


def test_a_mail_that_waits_is_called_back(csms: Caller, autumn: Survey, customer: Customer) -> None:
    make_contact(customer)
    row = invite(csms)["invited"][0]
    called = found(csms.post(f"invitations/{row['id']}/call_back/"))
    assert called["state"] == "called_back"
    assert OutgoingEmail.objects.get().state == "cancelled"
    assert found(csms.post(f"invitations/{row['id']}/call_back/"), 400)
    assert len(invite(csms, key="k-2")["invited"]) == 1, "who was not asked can be"


def test_how_far_each_has_come_is_told_and_filtered_by(csms: Caller, autumn: Survey) -> None:
    now = timezone.now()
    customer = make_customer()
    rows = {
        "waiting": make_invitation(autumn, mail=make_mail(customer, state="retry")),
        "open": make_invitation(autumn, mail=make_mail(customer, state="delivered")),
        "not_sent": make_invitation(
            autumn, mail=make_mail(customer, state="suppressed", error_code="contact_budget")
        ),
        "expired": make_invitation(autumn, expires_at=now - timedelta(days=1)),
        "called_back": make_invitation(
            autumn, called_back_at=now, mail=make_mail(customer, state="cancelled")
        ),
        "answered": make_invitation(autumn, contact := make_contact(customer)),
    }
    make_response(autumn, contact=contact, invitation=rows["answered"])
    for state, row in rows.items():
        assert ids(csms.get("invitations/", state=state)) == [row.pk]
        assert found(csms.get(f"invitations/{row.pk}/"))["state"] == state
    assert found(csms.get(f"invitations/{rows['not_sent'].pk}/"))["why_not"] == (
        "The person or the customer has had enough mails lately."
    )
    assert ids(csms.get("invitations/", contact_email=contact.email.upper())) == [
        rows["answered"].pk
    ]
    assert found(csms.get("invitations/", state="lost"), 400)


def test_many_invitations_cost_no_more_questions(
    csms: Caller, autumn: Survey, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        make_invitation(autumn, mail=make_mail(make_customer()))
    with django_assert_max_num_queries(6):
        assert len(ids(csms.get("invitations/"))) == 20


def test_many_people_cost_no_more_questions(
    csms: Caller, autumn: Survey, customer: Customer, django_assert_max_num_queries: Any
) -> None:
    asked = []
    for count, there in ((1, customer), (20, make_customer(external_id="C20"))):
        people = [make_contact(there).email for _ in range(count)]
        body = {"customer_id": there.external_id, "contact_emails": people}
        with django_assert_max_num_queries(45) as questions:
            assert len(invite(csms, key=f"k{count}", **body)["invited"]) == count
        asked.append(len(questions))
    assert asked[1] <= asked[0]


def test_only_customers_that_the_caller_may_see_and_only_who_may(
    autumn: Survey, customer: Customer
) -> None:
    make_organisation(csm_sees_own_only=True)
    make_contact(customer)
    assert list(invite(Caller(make_user("csm")), 400)) == ["customer_id"]
    invite(Caller(make_user("viewer")), 403)
    invite(Caller(make_user("manager"), ["read"]), 403)
