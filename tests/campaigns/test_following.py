"""Links in campaigns' mails: they lead on, and people are told from programs."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.following import NOBODY, PURPOSE
from campaigns.models import Grant, LinkHit, Recipient
from customers.mail.links import token_of
from customers.models import OutgoingEmail
from tests.campaign_factories import mail_step, make_campaign, make_grant, make_recipient, path_of
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
GUIDE = "https://example.com/guide"
WORDS = {"subject": "Hi", "body": "Look.", "button": "Look"}


def mailed(**fields) -> Recipient:
    """Somebody with a mail whose button leads to a guide."""
    step = mail_step(texts={"a": {"en": WORDS}}, leads_to=GUIDE)
    campaign = make_campaign(path=path_of(step))
    return make_recipient(campaign, contact=make_contact(), **fields)


def address(recipient: Recipient, step: str = "hello") -> str:
    return f"/l/{recipient.pk}-{token_of(PURPOSE, recipient.nonce)}/{step}"


def test_it_leads_on_and_is_noted(client):
    recipient = mailed()
    answer = client.get(address(recipient), headers=PERSON)
    assert (answer.status_code, answer.url) == (302, GUIDE)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    hit = LinkHit.objects.get()
    assert (hit.recipient, hit.step, hit.because) == (recipient, "hello", "")
    assert "127.0.0" not in hit.source


def test_the_link_of_a_mail_is_this_one(client):
    make_contact()
    step = mail_step(texts={"a": {"en": WORDS}}, leads_to=GUIDE)
    go_on(launched(make_campaign(path=path_of(step))))
    link = OutgoingEmail.objects.get().links["go"]
    path = link["path"].replace("{token}", token_of(link["purpose"], link["nonce"]))
    assert client.get(path, headers=PERSON).url == GUIDE


def test_it_leads_to_the_offer_that_was_made(client):
    step = mail_step(leads_to="offer")
    recipient = make_recipient(make_campaign(path=path_of(step)), contact=make_contact())
    grant = make_grant(contact=recipient.contact)
    recipient.steps.create(step="deal", at=timezone.now(), outcome="offered", grant=grant)
    answer = client.get(address(recipient), headers=PERSON)
    assert answer.url.startswith(f"/o/{grant.pk}-")
    assert client.get(answer.url).status_code == 200
    assert Grant.objects.get().state == "open"


@pytest.mark.parametrize(
    "what", ["another step", "another token", "nobody's number", "no offer", "rubbish"]
)
def test_what_leads_nowhere_is_answered_alike(client, what):
    recipient = mailed()
    token = token_of(PURPOSE, recipient.nonce)
    path = {
        "another step": f"/l/{recipient.pk}-{token}/again",
        "another token": f"/l/{recipient.pk}-{token_of(PURPOSE, NOBODY)}/hello",
        "nobody's number": f"/l/999999-{token_of(PURPOSE, NOBODY)}/hello",
        "no offer": address(
            make_recipient(make_campaign(path=path_of(mail_step(leads_to="offer"))))
        ),
        "rubbish": "/l/x/hello",
    }[what]
    answer = client.get(path, headers=PERSON)
    known = client.get("/l/another-one/hello", headers=PERSON)
    assert answer.status_code == known.status_code == 404
    if what != "nobody's number" or token_of(PURPOSE, NOBODY) not in path:
        assert answer.content == known.content
        assert not LinkHit.objects.exists()


@pytest.mark.parametrize(
    "method, program, because",
    [
        ("get", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0", ""),
        ("head", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0", "head"),
        ("get", "", "known_program"),
        ("get", "Mozilla/5.0 (compatible; Googlebot/2.1)", "known_program"),
        ("get", "python-requests/2.32", "known_program"),
        ("get", "Mozilla/5.0 HeadlessChrome/142.0", "known_program"),
    ],
)
def test_programs_are_known_by_how_they_ask(client, method, program, because):
    recipient = mailed()
    getattr(client, method)(address(recipient), headers={"User-Agent": program})
    assert LinkHit.objects.get().because == because


def test_a_mail_that_was_sent_a_second_ago_was_read_by_nobody(client):
    recipient = mailed()
    sent_at = timezone.now()
    mail = OutgoingEmail.objects.create(
        dedupe_key="x", purpose="campaign", to_email="a@example.com", subject="x", text="x",
        due_at=sent_at, sent_at=sent_at,
    )  # fmt: skip
    recipient.steps.create(step="hello", at=sent_at, outcome="mailed", mail=mail)
    for seconds in (1, 60):
        with time_machine.travel(sent_at + timedelta(seconds=seconds), tick=False):
            client.get(address(recipient), headers=PERSON)
    assert list(LinkHit.objects.values_list("because", flat=True)) == ["at_once", ""]


def test_who_follows_the_links_of_many_is_a_program_and_was_one_before(client):
    people = [mailed() for _ in range(5)]
    for recipient in people[:4]:
        client.get(address(recipient), headers=PERSON)
    assert not LinkHit.objects.exclude(because="").exists()
    client.get(address(people[4]), headers=PERSON)
    assert set(LinkHit.objects.values_list("because", flat=True)) == {"many_at_once"}


def test_colleagues_with_other_programs_are_no_program(client):
    for number, recipient in enumerate([mailed() for _ in range(6)]):
        client.get(address(recipient), headers={"User-Agent": f"Firefox/{number}"})
    assert not LinkHit.objects.exclude(because="").exists()


def test_only_so_many_are_kept(client):
    recipient = mailed()
    for _ in range(25):
        assert client.get(address(recipient), headers=PERSON).status_code == 302
    assert LinkHit.objects.count() == 20


def test_posting_is_refused(client):
    assert client.post(address(mailed())).status_code == 405
