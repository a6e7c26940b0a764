"""The page of mail: what needs somebody, why something was not sent, what can be done."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from churnapp.models import AuditEvent
from customers.mail import suppression
from customers.models import MailBatch, MailEvent, OutgoingEmail, SendingRate, Suppression
from tests.factories import make_customer, make_mail, make_organisation, make_user

pytestmark = pytest.mark.django_db
PAGE = "/mail/"


def client_of(role: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(role, **fields))
    return client


def subjects(client: Client, **query: object) -> set[str]:
    return {row.mail.subject for row in client.get(PAGE, query).context["rows"]}


def state(mail: OutgoingEmail) -> str:
    mail.refresh_from_db()
    return mail.state


@pytest.fixture
def csm() -> Client:
    return client_of("csm")


@pytest.fixture
def manager() -> Client:
    return client_of("manager", name="Mia")


@pytest.fixture
def sundry() -> None:
    for each in ("queued", "uncertain", "accepted", "failed", "cancelled"):
        make_mail(state=each, subject=each)
    make_mail(state="suppressed", error_code="contact_budget", subject="suppressed")


@pytest.mark.parametrize(
    "tab,found",
    [
        ("", {"uncertain"}),  # what needs somebody comes first
        ("all", {"queued", "uncertain", "accepted", "failed", "cancelled", "suppressed"}),
        ("waiting", {"queued"}),
        ("failed", {"failed"}),
        ("sent", {"accepted"}),
        ("not_sent", {"cancelled", "suppressed"}),
        ("nonsense", {"uncertain"}),
    ],
)
def test_mails_by_state(csm, sundry, tab, found):
    assert subjects(csm, state=tab) == found


def test_why_it_was_not_sent_stands_beside_it(csm, sundry):
    page = csm.get(PAGE, {"state": "not_sent"}).content.decode()
    assert "The person or the customer has had enough mails lately." in page


def test_it_is_found_by_address_subject_customer_and_purpose(csm):
    havbris = make_customer("Havbris Rederi AS")
    make_mail(havbris, subject="Havbris", to_email="kari@havbris.example")
    make_mail(subject="A campaign", purpose="campaign")
    assert subjects(csm, q="KARI@havbris.example") == {"Havbris"}
    assert subjects(csm, q="rederi") == {"Havbris"}
    assert subjects(csm, q="campaign") == {"A campaign"}
    assert subjects(csm, purpose="campaign") == {"A campaign"}
    assert subjects(csm, customer=havbris.pk) == {"Havbris"}
    assert subjects(csm, customer="9" * 30) == set()


def test_a_csm_with_own_customers_sees_mail_to_them_alone(csm, manager):
    make_organisation(csm_sees_own_only=True)
    theirs = make_mail(subject="Theirs", state="uncertain")
    assert subjects(csm, state="all") == set()
    assert csm.get(reverse("customers:mail", args=[theirs.pk])).status_code == 404
    csm.post(reverse("customers:decide_mails"), {"do": "went_out", "mail": [theirs.pk]})
    assert state(theirs) == "uncertain"
    assert subjects(manager, state="all") == {"Theirs"}


def test_a_notice_to_staff_is_for_that_person_and_managers(manager):
    notice = make_mail(purpose="notice", subject="Notice", to_email="alice@example.com")
    OutgoingEmail.objects.filter(pk=notice.pk).update(customer=None, contact=None)
    assert subjects(client_of("csm", email="bob@example.com"), state="all") == set()
    assert subjects(client_of("csm", email="Alice@example.com"), state="all") == {"Notice"}
    assert subjects(manager, state="all") == {"Notice"}


def test_one_mail_names_its_private_links_and_shows_none(csm):
    link = {"path": "/s/{token}", "purpose": "survey", "nonce": "secret-nonce"}
    mail = make_mail(text="Answer: [[link:survey]]", links={"survey": link}, message_id="<m@x>")
    MailEvent.objects.create(provider="postmark", event_id="1", kind="opened", mail=mail)
    page = csm.get(reverse("customers:mail", args=[mail.pk])).content.decode()
    assert "Answer: [private link to the survey]" in page
    assert "secret-nonce" not in page
    assert "&lt;m@x&gt;" in page
    assert "opened" in page


@pytest.mark.parametrize("do,becomes", [("went_out", "accepted"), ("send", "queued")])
def test_an_uncertain_mail_is_settled(csm, do, becomes):
    mail = make_mail(state="uncertain")
    csm.post(reverse("customers:decide_mail", args=[mail.pk]), {"do": do, "sure": "1"})
    assert state(mail) == becomes


def test_nobody_gets_a_mail_twice_unasked(csm):
    mail, other = (make_mail(state="uncertain", message_id=f"<{n}@x>") for n in (1, 2))
    one = csm.post(reverse("customers:decide_mail", args=[mail.pk]), {"do": "send"})
    assert "gets it a second time" in one.content.decode()
    assert "&lt;1@x&gt;" in one.content.decode()
    chosen = {"do": "send", "mail": [mail.pk, other.pk]}
    many = csm.post(reverse("customers:decide_mails"), chosen)
    assert "Send 2 mails again?" in many.content.decode()
    assert {state(mail), state(other)} == {"uncertain"}
    csm.post(reverse("customers:decide_mails"), chosen | {"sure": "1"})
    assert {state(mail), state(other)} == {"queued"}


def test_what_people_did_stands_on_its_page(csm):
    mail = make_mail(state="uncertain")
    page = reverse("customers:mail", args=[mail.pk])
    assert "What people did" not in csm.get(page).content.decode()
    csm.post(reverse("customers:decide_mail", args=[mail.pk]), {"do": "went_out"})
    told = csm.get(page).content.decode()
    assert "said that it went out" in told
    assert csm.get(page).context["deeds"][0].by.pk == int(csm.session["_auth_user_id"])


def test_it_is_narrowed_to_the_last_days(csm):
    old = make_mail(state="accepted", subject="old")
    OutgoingEmail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    make_mail(state="accepted", subject="new")
    assert subjects(csm, days="7") == {"new"}
    assert subjects(csm, days="30") == {"old", "new"}
    assert subjects(csm, days="8") == {"old", "new"}, "no period of ours: all"


def test_today_says_that_mails_are_uncertain(csm):
    page = reverse("customers:today")
    assert "nobody knows whether" not in csm.get(page).content.decode()
    make_mail(state="uncertain")
    assert "Of 1 mail nobody knows whether it went out." in csm.get(page).content.decode()
    assert "nobody knows whether" not in client_of("viewer").get(page).content.decode()


def test_today_says_what_keeps_mail_from_going_out(manager, csm):
    page = reverse("customers:today")
    quiet = manager.get(page).content.decode()
    assert "paused" not in quiet
    assert "mail server" not in quiet
    SendingRate.objects.update(paused_at=timezone.now(), paused_because="too_many_failed")
    MailBatch.objects.create(
        name="Spring round", paused_at=timezone.now(), paused_because="too_many_failed"
    )
    make_mail(
        state="retry", error_code="out_of_reach", first_tried_at=timezone.now() - timedelta(hours=1)
    )
    for reader in (manager, csm):
        told = reader.get(page).content.decode()
        assert "All mail is stopped by itself on" in told
        assert "Spring round has stopped itself" in told
        assert "The mail server has been out of reach since" in told
    assert "paused" not in client_of("viewer").get(page).content.decode()


def test_a_server_away_for_a_moment_is_not_told(manager):
    make_mail(state="retry", error_code="out_of_reach", first_tried_at=timezone.now())
    assert "mail server" not in manager.get(reverse("customers:today")).content.decode()


def test_a_failed_mail_is_sent_again_and_one_that_waits_called_back(csm):
    failed, waiting = make_mail(state="failed"), make_mail()
    csm.post(reverse("customers:decide_mail", args=[failed.pk]), {"do": "send"})
    csm.post(reverse("customers:call_back_mail", args=[waiting.pk]), {})
    assert (state(failed), state(waiting)) == ("queued", "cancelled")


def test_what_moved_on_meanwhile_stays_and_is_told(csm):
    mail = make_mail(state="accepted")
    answer = csm.post(
        reverse("customers:decide_mail", args=[mail.pk]), {"do": "went_out"}, follow=True
    )
    assert "no longer as it was shown" in answer.content.decode()
    assert csm.post(reverse("customers:call_back_mail", args=[mail.pk])).status_code == 422
    assert state(mail) == "accepted"


def test_many_at_once(csm):
    mails = [make_mail(state="uncertain") for _ in range(3)]
    late = make_mail(state="delivered")
    chosen = [mail.pk for mail in (*mails, late)]
    answer = csm.post(reverse("customers:decide_mails"), {"do": "went_out", "mail": chosen})
    assert {state(mail) for mail in mails} == {"accepted"}
    assert state(late) == "delivered"
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told[0] == "3 mails are done."
    assert told[1].startswith("1 mail was no longer")
    assert AuditEvent.objects.filter(verb="mail_settled_sent").count() == 3


@pytest.mark.parametrize("form", [{}, {"do": "went_out"}, {"do": "x", "mail": ["1"]}])
def test_nothing_ticked_is_said(csm, form):
    answer = csm.post(reverse("customers:decide_mails"), form, follow=True)
    assert "Tick at least one mail." in answer.content.decode()


def test_all_mail_is_paused_and_resumed(manager):
    refused = manager.post(reverse("customers:pause_mail"), {"because": ""})
    assert refused.status_code == 422
    manager.post(reverse("customers:pause_mail"), {"because": "A wrong price"})
    assert SendingRate.objects.get().paused_at
    page = manager.get(PAGE).content.decode()
    assert re.search(r"All mail is paused by Mia, .*: A wrong price\. What is due waits\.", page)
    manager.post(reverse("customers:resume_mail"))
    assert not SendingRate.objects.get().paused_at


def test_what_waits_says_that_all_mail_is_paused(manager):
    mail = make_mail()
    manager.post(reverse("customers:pause_mail"), {"because": "We move house."})
    for page in (manager.get(PAGE), manager.get(reverse("customers:mail", args=[mail.pk]))):
        row = page.context["row"] if "row" in page.context else page.context["rows"][0]
        assert re.fullmatch(r"All mail is paused by Mia, .*: We move house\.", row.why)


def test_a_batch_that_stopped_itself_is_resumed(manager, csm):
    batch = MailBatch.objects.create(
        name="Spring round", paused_at="2026-01-01T00:00Z", paused_because="too_many_failed"
    )
    page = manager.get(PAGE).content.decode()
    why = (
        "Spring round is stopped by itself on 1 Jan 2026, 01:00: too many of the last mails failed."
    )
    assert why in page
    resume = reverse("customers:resume_batch", args=[batch.pk])
    assert resume in page
    assert resume not in csm.get(PAGE).content.decode()
    manager.post(resume)
    batch.refresh_from_db()
    assert not batch.paused_at


@pytest.fixture
def batch() -> MailBatch:
    made = MailBatch.objects.create(name="Spring round")
    for each in ("queued", "retry", "queued", "failed", "failed", "delivered"):
        make_mail(state=each, batch=made, subject=each)
    make_mail(subject="another")
    return made


def of_batch(name: str, batch: MailBatch) -> str:
    return reverse(f"customers:{name}", args=[batch.pk])


def test_a_batch_says_how_far_it_is(csm, manager, batch):
    asked = {"batch": batch.pk}
    assert subjects(csm, **asked) == {"queued", "retry", "failed", "delivered"}
    counts = dict(csm.get(PAGE, asked).context["listed"].progress.counts)
    assert counts == {"waiting": 2, "to be tried again": 1, "failed": 2, "delivered": 1}
    page, theirs = (each.get(PAGE, asked).content.decode() for each in (manager, csm))
    for name in ("pause_batch", "call_back_batch", "resend_batch"):
        assert of_batch(name, batch) in page
        assert of_batch(name, batch) not in theirs
    assert subjects(csm, batch="9" * 30) == set()
    mail = OutgoingEmail.objects.filter(batch=batch).first()
    assert f"?batch={batch.pk}" in manager.get(mail_address(mail)).content.decode()


def mail_address(mail: OutgoingEmail) -> str:
    return reverse("customers:mail", args=[mail.pk])


def test_a_batch_is_paused_with_a_reason_and_resumed_where_it_stands(manager, batch):
    here = f"{PAGE}?batch={batch.pk}"
    assert manager.post(of_batch("pause_batch", batch), {"because": ""}).status_code == 422
    manager.post(of_batch("pause_batch", batch), {"because": "A wrong link"})
    page = manager.get(here).content.decode()
    assert "A wrong link" in page
    assert of_batch("pause_batch", batch) not in page
    assert manager.post(of_batch("pause_batch", batch), {"because": "x"}).status_code == 422
    answer = manager.post(of_batch("resume_batch", batch), {"next": here})
    assert answer.url == here
    batch.refresh_from_db()
    assert not batch.paused_at


def test_what_waits_of_a_batch_is_called_back_once_the_number_is_said(manager, batch):
    asked = manager.get(of_batch("call_back_batch", batch)).content.decode()
    assert "Call back 3 mails of Spring round?" in asked
    manager.post(of_batch("call_back_batch", batch))
    states = sorted(batch.mails.values_list("state", flat=True))
    assert states == ["cancelled"] * 3 + ["delivered", "failed", "failed"]
    assert OutgoingEmail.objects.get(subject="another").state == "queued"
    assert manager.post(of_batch("call_back_batch", batch)).status_code == 422
    assert AuditEvent.objects.filter(verb="batch_called_back").count() == 1


def test_the_failed_of_a_batch_are_sent_again_once_the_number_is_said(manager, batch):
    asked = manager.get(of_batch("resend_batch", batch)).content.decode()
    assert "Send 2 failed mails of Spring round again?" in asked
    manager.post(of_batch("resend_batch", batch))
    assert not batch.mails.filter(state="failed").exists()
    assert batch.mails.filter(state="queued").count() == 4
    assert manager.post(of_batch("resend_batch", batch)).status_code == 422


def test_a_csm_does_nothing_to_a_whole_batch(csm, batch):
    for name in ("pause_batch", "resume_batch", "call_back_batch", "resend_batch"):
        assert csm.post(of_batch(name, batch), {"because": "x"}).status_code == 403


def test_an_address_is_looked_up_entered_and_let_go(manager):
    page = reverse("customers:mail_addresses")
    assert (
        "Nothing stands against" in manager.post(page, {"address": "a@x.example"}).content.decode()
    )
    entered = {"address": "A@x.example", "purpose": "survey", "because": "She rang"}
    manager.post(reverse("customers:suppress_address"), entered)
    row = Suppression.objects.get()
    assert suppression.is_suppressed("a@x.example", "survey") == "by_hand"
    assert manager.post(reverse("customers:suppress_address"), entered).status_code == 422
    lift = reverse("customers:lift_suppression", args=[row.pk])
    assert lift in manager.post(page, {"address": "a@x.example"}).content.decode()
    assert manager.post(lift, {"because": ""}).status_code == 422
    manager.post(lift, {"because": "She changed her mind"})
    assert suppression.is_suppressed("a@x.example", "survey") == ""
    verbs = AuditEvent.objects.values_list("verb", flat=True)
    assert {"address_suppressed", "suppression_lifted"} <= set(verbs)
    assert manager.post(lift, {"because": "Twice"}).status_code == 422


def test_somebody_erased_stays_out_for_ever(manager):
    suppression.suppress("gone@x.example", "erased")
    row = Suppression.objects.get()
    answer = manager.post(
        reverse("customers:lift_suppression", args=[row.pk]), {"because": "Please"}
    )
    assert "stays out of mail for ever" in answer.content.decode()
    row.refresh_from_db()
    assert not row.lifted_at


@pytest.mark.parametrize("mails", [2, 40])
def test_the_page_costs_the_same(manager, mails):
    for _ in range(mails):
        make_mail(state="uncertain", batch=MailBatch.objects.create(name="B"))
    manager.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        manager.get(PAGE, headers={"HX-Request": "true"})
    assert len(queries) <= 8


def test_empty_pages_say_what_comes_next(csm):
    assert "No mail has been written yet" in csm.get(PAGE).content.decode()
    assert "Nothing is uncertain" in csm.get(PAGE, {"state": "uncertain"}).content.decode()
