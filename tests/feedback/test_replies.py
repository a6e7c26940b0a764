"""Reply to an answer: one personal mail by a named colleague, called back, refused, and shown."""

from datetime import timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from churnapp.models import AuditEvent, Organisation
from customers.mail import outbox, providers
from customers.mail.suppression import suppress
from customers.models import Consent, Interaction, OutgoingEmail, SendingRate, Task
from customers.privacy.erasing import erase
from customers.privacy.people import Person
from customers.services.mail import call_back
from customers.services.tasks import finish_task
from feedback.answering import Signs
from feedback.logic import Given
from feedback.models import Channel, Response
from feedback.services.answering import Filled, answer_invitation
from tests.factories import (
    make_contact,
    make_customer,
    make_interaction,
    make_mail,
    make_organisation,
    make_task,
    make_user,
)
from tests.feedback_factories import make_invitation, make_open_link, make_response, make_survey
from tests.mail.conftest import Sink, sink

__all__ = ["sink"]
pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def answer():
    """Kari answered in Norwegian, and is unhappy."""
    make_organisation(name="Lysbro")
    contact = make_contact(make_customer("Havbris AS"), name="Kari Moe", language="nb")
    return make_response(
        make_survey("nps"), score=3, comment="For tregt.\nIngen svarer.", contact=contact,
        language="nb",
    )  # fmt: skip


@pytest.fixture
def bob():
    return make_user("csm", name="Bob Berg")


@pytest.fixture
def client(bob):
    client = Client()
    client.force_login(bob)
    return client


def address(response, name="reply"):
    return reverse(f"surveys:{name}", args=[response.pk])


def begin(client, response):
    """What the form begins with."""
    form = client.get(address(response)).context["form"]
    return {name: form[name].value() for name in form.fields}


def page(client, response):
    return client.get(address(response, "answer")).content.decode()


def test_it_begins_with_a_greeting_and_the_answer_in_its_language(client, answer):
    given = begin(client, answer)

    assert given["subject"] == "Svaret ditt: Vil du anbefale oss?"
    assert given["text"].startswith("Hei Kari!\n\nTakk for svaret ditt.\n\nVennlig hilsen\n")
    assert "\nBob Berg\nLysbro\n\nDen " in given["text"]
    assert "anbefale oss til noen du kjenner?\n> 3 / 10\n>\n> Hva er" in given["text"]
    assert given["text"].endswith("> For tregt.\n> Ingen svarer.")
    assert not OutgoingEmail.objects.exists()


def test_it_is_one_personal_mail_that_waits_to_be_called_back(client, answer, bob):
    before = timezone.now()
    client.post(address(answer), begin(client, answer))

    mail = OutgoingEmail.objects.get()
    assert (mail.purpose, mail.state, mail.language) == ("personal", "queued", "nb")
    assert (mail.contact, mail.customer) == (answer.contact, answer.customer)
    assert (mail.to_email, mail.written_by) == (answer.contact.email, bob)
    assert not mail.unsubscribable
    hold = SendingRate.objects.get().hold_minutes
    assert 0 <= (mail.due_at - before).total_seconds() - hold * 60 < 60
    entry = Interaction.objects.get(kind="email")
    assert (entry.author, entry.contact) == (bob, answer.contact)
    assert "Takk for svaret ditt." in entry.summary
    assert "For tregt" not in entry.summary
    assert AuditEvent.objects.filter(verb="answer_replied_to").count() == 1


def test_a_double_click_sends_once(client, answer):
    given = begin(client, answer)
    for _click in range(3):
        assert client.post(address(answer), given).status_code == 302

    assert OutgoingEmail.objects.count() == 1
    assert Interaction.objects.filter(kind="email").count() == 1
    client.post(address(answer), begin(client, answer))
    assert OutgoingEmail.objects.count() == 2


def test_who_comes_second_learns_of_the_first_and_keeps_what_they_typed(client, answer):
    given = begin(client, answer)
    other = Client()
    other.force_login(make_user("csm", name="Anne Lie"))
    other.post(address(answer), given)

    refused = client.post(address(answer), given | {"text": "My words"})
    text = refused.content.decode()

    assert refused.status_code == 422
    assert OutgoingEmail.objects.count() == 1
    assert "Somebody has replied meanwhile" in text
    assert "Written by Anne Lie" in text
    form = refused.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert again["text"] == "My words"
    client.post(address(answer), again)
    assert OutgoingEmail.objects.latest("pk").text.startswith("My words")


@pytest.mark.parametrize("name", ["subject", "text"])
def test_a_reply_has_words(client, answer, name):
    refused = client.post(address(answer), begin(client, answer) | {name: " \r\n "})

    assert refused.status_code == 422
    assert refused.context["form"].errors[name]
    assert not OutgoingEmail.objects.exists()


def test_what_is_typed_is_text_and_nothing_else(client, answer):
    typed = "<b>Hi</b> {{ contact.email }} [[link:survey]]"
    client.post(address(answer), begin(client, answer) | {"text": typed, "subject": "A\tB"})

    mail = OutgoingEmail.objects.get()
    assert "&lt;b&gt;Hi&lt;/b&gt;" in mail.html
    assert "[[link:survey]]" not in mail.text + mail.html
    assert mail.subject == "A B"


def nobody(answer):
    Response.objects.filter(pk=answer.pk).update(
        customer=None, contact=None, open_link=make_open_link(answer.survey), channel=Channel.OPEN
    )


REFUSALS = {
    "unknown": (nobody, "Nobody knows who answered"),
    "suppressed": (
        lambda answer: suppress(answer.contact.email, "complaint"),
        "marked an earlier mail as spam",
    ),
    "personal": (
        lambda answer: suppress(answer.contact.email, "by_hand", purpose="personal"),
        "entered the address as one that gets no mail",
    ),
    "left": (
        lambda answer: type(answer.contact).objects.update(left_on=timezone.now().date()),
        "has left the customer",
    ),
    "no": (
        lambda answer: Consent.objects.create(
            contact=answer.contact, purpose="personal", given=False, at=timezone.now()
        ),
        "said no to mail of this kind",
    ),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_who_gets_no_mail_gets_none_and_the_page_says_why(client, answer, why):
    given = begin(client, answer)
    change, words = REFUSALS[why]
    change(answer)

    refused = client.post(address(answer), given)
    opened = client.get(address(answer), follow=True)
    shown = page(client, answer)

    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert words in opened.content.decode()
    assert not OutgoingEmail.objects.exists()
    assert f'href="{address(answer)}"' not in shown
    assert 'aria-disabled="true"' in shown
    assert words in shown


def test_an_erased_person_gets_none(client, answer):
    for number in range(5):  # enough that the answer keeps its pseudonym
        make_response(answer.survey, score=number)
    given = begin(client, answer)
    erase(Person.at(answer.contact.email))

    refused = client.post(address(answer), given)

    assert refused.status_code == 422
    assert "erased" in page(client, answer) or "Nobody knows" in page(client, answer)
    assert not OutgoingEmail.objects.exists()


def test_unsubscribing_from_surveys_closes_no_conversation(client, answer):
    suppress(answer.contact.email, "unsubscribe", purpose="survey")
    client.post(address(answer), begin(client, answer))
    assert OutgoingEmail.objects.count() == 1


def test_a_reply_called_back_is_off_the_timeline(client, answer, bob):
    client.post(address(answer), begin(client, answer))
    call_back(OutgoingEmail.objects.get(), by=bob)

    assert not Interaction.objects.filter(kind="email").exists()
    assert "called back" in page(client, answer)


@pytest.mark.django_db(transaction=True)
def test_it_goes_out_in_the_colleagues_name_and_what_is_written_back_comes_to_them(
    client: Client, answer: Response, sink: Sink
) -> None:
    rules = SendingRate.objects.get()
    for number in range(rules.most_a_contact):  # the budget is for what goes out by itself
        make_mail(answer.customer, contact=answer.contact, state="accepted",
                  begun_at=timezone.now(), dedupe_key=f"spent:{number}")  # fmt: skip
    SendingRate.objects.update(hold_minutes=0, quiet_from=0, quiet_until=23)
    client.post(address(answer), begin(client, answer))

    with providers.post() as post:
        outbox.deliver_run(outbox.claim_many(timezone.now()), post, clock=timezone.now)

    (sent,) = sink.mails
    name, sender = parseaddr(str(make_header(decode_header(sent["From"]))))
    assert (name, sender) == ("Bob Berg, Acme", "hello@acme.example")
    author = OutgoingEmail.objects.get(purpose="personal").written_by
    assert parseaddr(sent["Reply-To"]) == ("Bob Berg", author.email)
    assert sent["Auto-Submitted"] is None
    assert sent["List-Unsubscribe"] is None
    assert "For tregt." in sent.get_payload(0).get_payload(decode=True).decode()
    shown = page(client, answer)
    assert "Sent by Bob Berg on" in shown
    assert '<span class="pill pill-good">sent</span>' in shown


@pytest.mark.parametrize("role, may", [("viewer", False), ("csm", True), ("manager", True)])
def test_who_may_reply(answer, role, may):
    client = Client()
    client.force_login(make_user(role))

    assert client.get(address(answer)).status_code == (200 if may else 403)
    assert (f'href="{address(answer)}"' in page(client, answer)) is may


def test_nobody_replies_for_a_customer_that_they_do_not_see(answer, client):
    Organisation.objects.update(csm_sees_own_only=True)
    assert client.get(address(answer)).status_code == 404
    assert (
        client.post(address(answer), {"subject": "x", "text": "y", "number": 0}).status_code == 404
    )
    assert not OutgoingEmail.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_of_the_customer_shows_replies_and_costs_the_same(
    client, answer, count, django_assert_max_num_queries
):
    for _number in range(count):
        client.post(address(answer), begin(client, answer))
    panel = reverse("surveys:customer_panel", args=[answer.customer_id])

    with django_assert_max_num_queries(8):
        text = client.get(panel, headers=HTMX).content.decode()

    assert text.count("Written by Bob Berg on") == count
    assert f'href="{address(answer)}?next=' in text


@pytest.mark.parametrize("count", [0, 3])
def test_the_page_of_the_answer_costs_the_same(
    client, answer, count, django_assert_max_num_queries
):
    for _number in range(count):
        client.post(address(answer), begin(client, answer))
    with django_assert_max_num_queries(13):
        page(client, answer)


def test_the_task_and_the_alert_lead_to_the_answer(alice):
    contact = make_contact(make_customer(owner=alice), name="Kari")
    now = timezone.now()
    calm = Signs(issued_at=now - timedelta(minutes=1))
    given = {"score": Given(number=2), "comment": Given(text="Slow")}
    invitation = make_invitation(make_survey("nps"), contact)
    response = answer_invitation(invitation, Filled(given, "en", calm), now=now)

    assert Task.objects.get().page == address(response, "answer")
    alert = OutgoingEmail.objects.get(purpose="notice")
    assert address(response) in alert.text
    assert address(response) in alert.html
    client = Client()
    client.force_login(alice)
    assert f'href="{address(response, "answer")}"' in client.get("/").content.decode()


@pytest.fixture
def task(answer):
    made = make_task(answer.customer)
    Response.objects.filter(pk=answer.pk).update(task=made)
    return made


def is_done(task):
    task.refresh_from_db()
    return task.done_at is not None


def test_a_reply_does_the_task_until_it_is_called_back(client, answer, bob, task):
    client.post(address(answer), begin(client, answer))
    assert is_done(task)
    told = Interaction.objects.get(verb="task_settled")
    assert (told.author, told.facts["because"]) == (bob, f"reply:{OutgoingEmail.objects.get().pk}")
    timeline = client.get(reverse("customers:detail", args=[answer.customer_id])).content.decode()
    assert "Done, as the answer was replied to: " in timeline

    call_back(OutgoingEmail.objects.get(), by=bob)
    assert not is_done(task)


def test_a_second_reply_called_back_leaves_the_task_done(client, answer, bob, task):
    for _number in range(2):
        client.post(address(answer), begin(client, answer))
    call_back(OutgoingEmail.objects.latest("pk"), by=bob)
    assert is_done(task)


def test_a_task_that_was_done_before_stays_done(client, answer, bob, task):
    finish_task(task, bob)
    client.post(address(answer), begin(client, answer))
    call_back(OutgoingEmail.objects.get(), by=bob)
    assert is_done(task)


def test_calling_back_another_mail_opens_no_task(bob):
    mail = make_mail(make_customer(), state="queued")
    call_back(mail, by=bob)
    mail.refresh_from_db()
    assert mail.state == "cancelled"


@pytest.mark.parametrize("state", ["suppressed", "failed", "bounced"])
def test_a_reply_that_did_not_arrive_says_so_with_the_answer_and_on_the_timeline(
    client, answer, state
):
    client.post(address(answer), begin(client, answer))
    timeline = reverse("customers:timeline", args=[answer.customer_id])
    assert "not delivered" not in page(client, answer) + client.get(timeline).content.decode()

    OutgoingEmail.objects.update(state=state, sent_at=timezone.now())

    panel = reverse("surveys:customer_panel", args=[answer.customer_id])
    for shown in (
        page(client, answer),
        *(client.get(at).content.decode() for at in (panel, timeline)),
    ):
        assert '<span class="pill pill-bad">not delivered</span>' in shown
    assert "Written by Bob Berg on" in page(client, answer)


def test_an_entry_that_only_looks_like_a_mail_is_left_alone(client, answer):
    for odd in ("x", "9" * 30, "1"):
        make_interaction(answer.customer, kind="email", external_id=f"outgoing-mail:{odd}")
    shown = client.get(reverse("customers:timeline", args=[answer.customer_id]))
    assert shown.status_code == 200
    assert "not delivered" not in shown.content.decode()
