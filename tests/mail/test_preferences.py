"""The page where a reader chooses, and that mail obeys what they chose."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from churnapp.models import AuditEvent, Organisation
from customers.mail import outbox, providers, suppression, unsubscribe
from customers.mail.reasons import why_not
from customers.models import (
    Consent,
    Interaction,
    MailWishes,
    OutgoingEmail,
    SendingRate,
    Suppression,
    Topic,
    TopicWish,
)
from customers.services.topics import silent_on
from customers.views.timeline_words import event_words
from tests.factories import make_contact, make_mail, make_topic_wish, make_wishes
from tests.mail.conftest import NOON, state

pytestmark = pytest.mark.django_db
ALL = ["surveys", "offers", "news", "guides", "referral"]
LATER = NOON + timedelta(days=40)


@pytest.fixture
def contact():
    return make_contact(name="Kari")


@pytest.fixture
def mail(contact):
    """The mail whose link is followed; long gone out."""
    return make_mail(contact=contact, state="delivered")


def page_of(mail):
    return unsubscribe.choosing_of(mail).removeprefix("http://localhost:8000")


def choose(mail, client=None, **chosen):
    """Send the form as it stands but for what is `chosen`."""
    form = {"topics": ALL, "often": "", "pause": "none", "language": ""} | chosen
    return (client or Client()).post(page_of(mail), form)


def make_news(contact, **fields):
    """Product news, due at noon."""
    fields = {"purpose": "campaign", "kind": "campaign.news", "due_at": NOON} | fields
    return make_mail(contact=contact, **fields)


@pytest.mark.parametrize("verb", ["get", "head"])
def test_opening_it_changes_nothing(client, mail, verb):
    answer = getattr(client, verb)(page_of(mail))
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert not TopicWish.objects.exists()
    assert not MailWishes.objects.exists()
    assert not Consent.objects.exists()


def test_it_is_small_and_has_no_script(client, mail):
    answer = client.get(page_of(mail))
    assert len(answer.content) < 20_000  # and its style sheet, 30 kB in all
    assert "<script" not in answer.text


def test_it_needs_no_cookie_and_is_kept_once_however_often_it_is_sent(mail, contact):
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert choose(mail, client, topics=["surveys", "news"]).status_code == 302
    said = dict(contact.topic_wishes.values_list("topic__code", "wanted"))
    wanted = {"surveys": True, "news": True}
    assert said == wanted | {"offers": False, "guides": False, "referral": False}
    assert set(contact.topic_wishes.values_list("source", flat=True)) == {"preference page"}
    assert AuditEvent.objects.filter(verb="mail_wishes_changed").count() == 1
    assert Interaction.objects.filter(verb="mail_wishes_changed").count() == 1


def test_the_timeline_says_what_was_chosen(mail, contact):
    choose(mail, topics=ALL[:4], often="90", pause="until", until=f"{timezone.now():%Y}-12-31")
    line = Interaction.objects.get(customer=contact.customer)
    with timezone.override(Organisation.current().zone):
        words = event_words(line.verb, line.facts)
    assert words.startswith("Kari said what mail they want. No more on: Recommending us.")
    assert "At most one mail a quarter. " in words
    assert "31 Dec" in words


def test_mail_of_a_topic_that_was_left_is_not_sent(mail, contact, sink, deliver_due):
    news, offer = make_news(contact), make_news(contact, kind="campaign.win_back")
    choose(mail, topics=["offers"])
    deliver_due()
    assert (state(news), state(offer)) == ("suppressed", "accepted")
    assert why_not(news) == "The person does not want mail on this topic."


def test_what_is_chosen_between_claim_and_sending_counts(mail, contact, sink):
    news, paused = make_news(contact), make_news(make_contact())
    claimed = outbox.claim_many(NOON)
    choose(mail, topics=["offers"])
    make_wishes(paused.contact, paused_until=LATER)
    with providers.post() as post:
        outbox.deliver_run(claimed, post, clock=lambda: NOON)
    assert sink.mails == []
    assert (state(news), news.error_code) == ("suppressed", "unwanted_topic")
    assert (state(paused), paused.due_at) == ("queued", LATER)


def test_what_would_be_stale_after_a_pause_is_not_sent(contact, sink, deliver_due):
    make_wishes(contact, paused_until=LATER)
    stale = make_news(contact, patient_until=LATER - timedelta(hours=1))
    fresh = make_news(contact, patient_until=LATER + timedelta(hours=1))
    deliver_due()
    assert (state(stale), stale.error_code) == ("suppressed", "paused")
    assert (state(fresh), fresh.due_at) == ("queued", LATER)


def test_a_pause_puts_mail_off_and_then_it_goes(contact, sink, deliver_due):
    make_wishes(contact, paused_until=LATER)
    news = make_news(contact)
    personal = make_mail(contact=contact, purpose="personal", due_at=NOON)
    deliver_due()
    assert (state(news), news.due_at) == ("queued", LATER)
    assert state(personal) == "accepted"
    deliver_due(LATER + timedelta(hours=2))
    assert state(news) == "accepted"


def test_mail_of_no_topic_goes_to_everybody(contact, sink, deliver_due):
    make_topic_wish(contact, "news")
    other = make_news(contact, kind="campaign.of_a_later_version")
    deliver_due()
    assert state(other) == "accepted"


def test_a_topic_that_must_be_asked_for_goes_only_to_who_asked(sink, deliver_due):
    Topic.objects.filter(code="news").update(by_default=False)
    asked, silent = make_contact(), make_contact()
    make_topic_wish(asked, wanted=True)
    mails = [make_news(asked), make_news(silent)]
    deliver_due()
    assert list(map(state, mails)) == ["accepted", "suppressed"]


@pytest.mark.parametrize("usual", [True, False])
def test_who_kept_what_was_offered_has_chosen_it(mail, contact, sink, deliver_due, usual):
    Topic.objects.filter(code="news").update(by_default=usual)
    choose(mail, topics=ALL if usual else [code for code in ALL if code != "news"])
    Topic.objects.filter(code="news").update(by_default=not usual)
    assert silent_on(Topic.objects.get(code="news")) == 0
    assert not AuditEvent.objects.exists(), "nothing changed for them"
    news = make_news(contact)
    deliver_due()
    assert state(news) == ("accepted" if usual else "suppressed")


@pytest.mark.parametrize("days,goes", [(29, False), (31, True)])
def test_a_wish_for_less_tightens_the_budget(contact, sink, deliver_due, days, goes):
    make_wishes(contact, days_between=30)
    SendingRate.objects.update(contact_days=7, most_a_contact=5, most_a_customer=9)
    long_ago = NOON - timedelta(days=days)
    make_mail(contact=contact, state="delivered", begun_at=long_ago, sent_at=long_ago)
    news = make_news(contact)
    deliver_due()
    assert state(news) == ("accepted" if goes else "suppressed")
    assert goes or news.error_code == "less_often"


def test_a_wish_never_loosens_the_budget(contact, sink, deliver_due):
    make_wishes(contact, days_between=30)
    SendingRate.objects.update(contact_days=60, most_a_contact=1)
    long_ago = NOON - timedelta(days=40)
    make_mail(contact=contact, state="delivered", begun_at=long_ago, sent_at=long_ago)
    news = make_news(contact)
    deliver_due()
    assert (state(news), news.error_code) == ("suppressed", "contact_budget")


def test_who_leaves_the_last_topic_says_no_to_the_purpose_and_who_asks_for_one_comes_back(
    mail, contact
):
    choose(mail, topics=["surveys"])
    assert Consent.objects.get().purpose == "campaign"
    assert Consent.objects.get().source == "preference page"
    choose(mail, topics=["surveys", "news"])
    assert list(Consent.objects.values_list("given", flat=True)) == [True, False]
    assert dict(contact.topic_wishes.values_list("topic__code", "wanted"))["news"] is True


def test_who_unsubscribed_comes_back_with_what_they_choose(mail):
    suppression.suppress(mail.to_email, "unsubscribe", purpose="campaign")
    choose(mail, topics=["surveys"])
    assert Suppression.objects.filter(lifted_at=None).exists()
    choose(mail, topics=["surveys", "news"])
    assert not Suppression.objects.filter(lifted_at=None).exists()


@pytest.mark.parametrize("reason", ["complaint", "hard_bounce", "by_hand", "erased"])
def test_it_lifts_nothing_that_is_not_the_readers(client, mail, reason):
    suppression.suppress(mail.to_email, reason)
    choose(mail)
    client.post(page_of(mail), {"back": "1"})
    assert Suppression.objects.filter(lifted_at=None).count() == 1
    assert "No mail goes to your address now" in client.get(page_of(mail)).text


def test_unsubscribing_from_all_and_taking_it_back(client, mail, contact):
    choose(mail, topics=["news", "surveys"])
    for _ in range(2):
        assert client.post(page_of(mail), {"leave": "1"}).status_code == 302
    stopped = Suppression.objects.filter(lifted_at=None).values_list("purpose", flat=True)
    assert sorted(stopped) == ["campaign", "survey"]
    client.post(page_of(mail), {"back": "1"})
    assert not Suppression.objects.filter(lifted_at=None).exists()
    assert "You get mail on: Surveys and Product news." in client.get(page_of(mail)).text
    verbs = contact.customer.interactions.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["mail_wishes_changed", "mail_left", "mail_again"]


def test_it_holds_at_every_customer_where_the_person_stands(mail, contact):
    other = make_contact(email=contact.email.upper())
    choose(mail, topics=["news"], pause="3", language="sv")
    for person in (contact, other):
        person.refresh_from_db()
        assert person.language == "sv"
        assert person.mail_wishes.paused_until > timezone.now() + timedelta(days=85)
        assert person.topic_wishes.filter(wanted=False).count() == 4


def test_a_pause_can_be_kept_and_ended(mail, contact):
    choose(mail, pause="6")
    until = MailWishes.objects.get().paused_until
    choose(mail, pause="keep")
    assert MailWishes.objects.get().paused_until == until
    choose(mail, pause="none")
    assert MailWishes.objects.get().paused_until is None


@pytest.mark.parametrize("until", ["2020-01-01", "2999-01-01", "", "soon"])
def test_a_pause_that_is_none_is_refused_and_nothing_is_lost(mail, until):
    answer = choose(mail, topics=["news"], pause="until", until=until)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert answer.text.count("checked") == 3, "the topic, how often and the pause as they were sent"
    assert not TopicWish.objects.exists()


@pytest.mark.parametrize("wrong", [{"topics": ["x"]}, {"often": "1"}, {"language": "xx"}])
def test_what_is_no_choice_is_refused(mail, wrong):
    assert choose(mail, **wrong).status_code == 200
    assert not TopicWish.objects.exists()


def test_an_address_that_is_nobodys_any_more_can_only_unsubscribe(client, mail, contact):
    type(contact).objects.update(email="new@example.com")
    assert 'name="topics"' not in client.get(page_of(mail)).text
    choose(mail, topics=[])
    assert not TopicWish.objects.exists()
    client.post(page_of(mail), {"leave": "1"})
    assert suppression.is_suppressed(mail.to_email, "survey") == "unsubscribe"


def test_links_of_old_mails_still_unsubscribe(client, mail):
    signer = unsubscribe.signing.Signer(salt=unsubscribe._SALT)
    hmac = suppression.address_hmac(mail.to_email)
    old = "/u/" + signer.sign_object([hmac, "survey", "nb"])
    assert client.get(f"{old}/choose").status_code == 200
    assert client.post(old).status_code == 200
    assert suppression.is_suppressed(mail.to_email, "survey") == "unsubscribe"


def test_one_click_is_told_on_the_timeline(client, mail, contact):
    client.post(unsubscribe.address_of(mail).removeprefix("http://localhost:8000"))
    line = contact.customer.interactions.get()
    words = event_words(line.verb, line.facts)
    assert words == "Kari unsubscribed from mail of these kinds: survey."


@pytest.mark.parametrize(
    "language,word",
    [("en", "What we send you"), ("nb", "Hva vi sender deg"), ("da", "Hvad vi sender dig"),
     ("sv", "Vad vi skickar dig")],
)  # fmt: skip
def test_it_speaks_the_language_of_the_mail_and_can_be_switched(client, contact, language, word):
    mail = make_mail(contact=contact, language=language)
    assert word in client.get(page_of(mail)).text
    assert "Vad vi skickar dig" in client.get(page_of(mail) + "?lang=sv").text


def test_a_link_that_we_have_not_signed_is_a_404(client):
    assert client.get("/u/abc/choose").status_code == 404
    assert client.post("/u/abc/choose").status_code == 404


def test_every_mail_leads_there(contact, sink, deliver_due):
    make_news(
        contact,
        unsubscribable=True,
        text="Choose: [[link:preferences]] Unsubscribe: [[link:unsubscribe]]",
    )
    deliver_due()
    text = sink.mails[0].get_payload(decode=True).decode()
    assert "/choose Unsubscribe: http" in text
    assert "[[" not in text


def test_the_page_costs_few_questions(client, mail, django_assert_max_num_queries):
    make_contact(email=mail.to_email)
    with django_assert_max_num_queries(10):
        client.get(page_of(mail))


def test_sending_asks_once_a_mail(contact, sink, django_assert_num_queries):
    """Topic, pause, consent and suppression are asked by the statement that begins a mail."""
    make_wishes(contact, days_between=90)
    make_topic_wish(contact, "offers")
    make_news(contact)
    (claimed,) = outbox.claim_many(NOON)
    with providers.post() as post, django_assert_num_queries(8):  # two are the run's
        outbox.deliver_run([claimed], post, clock=lambda: NOON)
    assert OutgoingEmail.objects.get().state == "accepted"


def test_a_pause_that_is_over_is_none(contact):
    over = datetime(2026, 1, 1, tzinfo=UTC)
    assert not make_wishes(contact, paused_until=over).is_paused(NOON)
