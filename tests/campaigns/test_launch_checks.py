"""Checks before a launch, and previews: tried out for real, and nothing of it stays."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, FixTold, Grant, Recipient, StepDone
from campaigns.services.launch_checks import check_launch
from customers.models import OutgoingEmail
from tests.campaign_factories import (
    mail_step,
    make_campaign,
    make_fix,
    make_sales_offer,
    path_of,
)
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact, make_customer, make_mail, make_user

pytestmark = pytest.mark.django_db
OFFERS = {"key": "o", "kind": "offer"}


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


@pytest.fixture
def untouched():
    """Whatever is looked at, nothing is there afterwards."""
    yield
    for model in (Recipient, StepDone, FixTold, Grant):
        assert not model.objects.exists()


def found(campaign):
    """What stops it, and what is a warning."""
    told = check_launch(Campaign.objects.get(pk=campaign.pk), timezone.now())
    return [one.what for one in told.stops], [one.what for one in told.warns]


@pytest.mark.usefixtures("untouched")
def test_the_audience_is_drawn_and_counted_as_the_launch_would(manager):
    for _ in range(40):
        make_contact()
    make_customer(never_automatic=True)
    make_customer()
    campaign = make_campaign(holdout_percent=50)
    told = check_launch(campaign, timezone.now())
    rehearsal = told.rehearsal
    assert told.size.customers == rehearsal.audience == 42
    assert rehearsal.left_out == {"nobody": 1, "never_automatic": 1}
    assert rehearsal.treated + rehearsal.held_out == 40
    assert 5 < rehearsal.held_out < 35
    shown = manager.get(at("checks", campaign.pk)).content.decode()
    assert "There is nobody to write to" in shown
    assert "Nothing stops the launch" in shown


def test_the_rehearsal_draws_whom_the_launch_draws():
    for _ in range(30):
        make_contact()
    campaign = make_campaign(holdout_percent=40)
    told = check_launch(campaign, timezone.now()).rehearsal
    go_on(launched(campaign))
    assert Recipient.objects.filter(held_out=True).count() == told.held_out
    assert Recipient.objects.treated().count() == told.treated


@pytest.mark.parametrize(
    "fields, stopped",
    [
        ({"audience": ""}, "It does not say yet whom it is for."),
        ({"audience": "country=XX"}, "Nobody fits the audience now."),
        ({"audience": "segment=999"}, "There is no segment 999"),
        ({"goal": "used"}, "It does not say which feature they are to use."),
        ({"path": {}}, "There are no steps yet."),
        ({"path": path_of(mail_step(texts={}))}, "lacks: the subject, the text"),
        ({"path": path_of({"key": "w", "kind": "wait"})}, "It waits 0 days"),
        ({"path": path_of(variants=[{"key": "a", "weight": 0}])}, "weights of variants"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_what_stops_a_launch_is_said_and_stops_it(manager, fields, stopped):
    make_contact()
    campaign = make_campaign(**fields)
    assert any(stopped in words for words in found(campaign)[0])
    assert "Put right what stops it" in manager.get(at("launch", campaign.pk)).content.decode()
    manager.post(at("launch", campaign.pk), {"when": "now"})
    if "XX" not in campaign.audience:  # a launch for nobody is odd, and no error of the service
        assert Campaign.objects.get().state == "draft"


@pytest.mark.usefixtures("untouched")
def test_offers_that_stand_in_the_way_are_named():
    make_contact()
    stopped = make_sales_offer(name="Over", stopped_at=timezone.now())
    empty = make_sales_offer(name="Spent", most_in_total=0)
    path = path_of(OFFERS | {"offer": stopped.pk}, OFFERS | {"key": "p", "offer": empty.pk})
    stops, warns = found(make_campaign(path=path))
    assert stops == ["Over is stopped or gone. Choose another."]
    assert "Nothing is left of Spent: as many as there are were made." in warns


@pytest.mark.usefixtures("untouched")
def test_languages_that_the_path_lacks_are_counted():
    make_contact(language="nb")
    make_contact(language="sv")
    make_contact(language="sv")
    _stops, warns = found(make_campaign(path=path_of(languages=["en"])))
    assert any(words.startswith("2 people read Swedish") for words in warns)
    assert any(words.startswith("1 person reads Norwegian") for words in warns)


def test_who_has_had_enough_mail_is_counted():
    contact = make_contact()
    for _ in range(12):
        make_mail(
            contact.customer, contact=contact, to_email=contact.email, state="delivered",
            begun_at=timezone.now(), purpose="campaign",
        )  # fmt: skip
    _stops, warns = found(make_campaign())
    assert any(words.startswith("1 person has had enough mail") for words in warns)


@pytest.mark.usefixtures("untouched")
def test_a_small_audience_is_told_what_it_cant_prove():
    for _ in range(25):
        make_contact(language="en")
    _stops, warns = found(make_campaign(holdout_percent=0))
    assert warns == ["Nobody is held out: whether it works can't be told afterwards."]
    _stops, warns = found(make_campaign(holdout_percent=40))
    assert any(words.startswith("The holdout is small") for words in warns)


def look(client, campaign, customer, **more):
    query = {"customer": customer.pk, "step": "hello"} | more
    return client.get(at("preview", campaign.pk), query)


@pytest.mark.usefixtures("untouched")
def test_a_mail_is_seen_as_its_reader_gets_it(manager):
    contact = make_contact(name="Kari Nordmann", language="nb")
    texts = {
        "en": {"subject": "Hello", "body": "Hi {{ contact.first_name }}"},
        "nb": {"subject": "Hei", "body": "Hei {{ contact.first_name }}, takk"},
    }
    path = path_of(mail_step(texts={"a": texts}), languages=["en", "nb"])
    campaign = make_campaign(path=path)
    answer = look(manager, campaign, contact.customer)
    assert answer.context["shown"].mail.subject == "Hei"
    assert "Hei Kari, takk" in answer.context["text"]
    english = look(manager, campaign, contact.customer, language="en")
    assert english.context["shown"].mail.subject == "Hello"
    frame = manager.get(f"{at('preview_frame', campaign.pk)}?{answer.context['query']}")
    assert "Hei Kari, takk" in frame.content.decode()
    assert frame["Content-Security-Policy"].startswith("sandbox")
    assert not OutgoingEmail.objects.exists()


def test_the_preview_is_the_very_mail_that_goes_out(manager):
    contact = make_contact(name="Kari Nordmann")
    fix = make_fix(name="Faster exports", words={"en": "exports that take a second"})
    words = {"subject": "{{ fix.name }}", "body": "For {{ customer.name }}: {{ offer.title }}"}
    offer = make_sales_offer("call")
    path = path_of(
        OFFERS | {"offer": offer.pk},
        mail_step(texts={"a": {"en": words | {"button": "Take it"}}}, leads_to="offer"),
    )
    campaign = make_campaign(path=path, fix=fix)
    seen = look(manager, campaign, contact.customer).context["shown"].mail
    assert not Grant.objects.exists()
    go_on(launched(campaign))
    sent = OutgoingEmail.objects.get()
    assert (seen.subject, seen.to_email) == (sent.subject, sent.to_email)
    assert seen.subject == "exports that take a second"
    assert "An offer for you" in seen.text
    again = look(manager, campaign, contact.customer).context["shown"]
    assert again.why == "open_already" or again.mail is None or again.mail.subject == sent.subject
    assert Recipient.objects.get().state == "done"
    assert StepDone.objects.count() == 2


@pytest.mark.usefixtures("untouched")
def test_who_would_get_none_is_told_why(manager):
    nobody = make_customer()
    campaign = make_campaign()
    assert "There is nobody to write to" in look(manager, campaign, nobody).content.decode()
    contact = make_contact()
    needs = make_campaign(
        path=path_of(OFFERS | {"offer": make_sales_offer("pause").pk}, mail_step(leads_to="offer"))
    )
    shown = look(manager, needs, contact.customer).content.decode()
    assert "It speaks of an offer, and none of theirs is open." in shown


@pytest.mark.usefixtures("untouched")
def test_words_that_no_mail_can_hold_are_said(manager):
    contact = make_contact()
    texts = {"a": {"en": {"subject": "Hi", "body": "{{ contact.password }}"}}}
    campaign = make_campaign(path=path_of(mail_step(texts=texts)))
    answer = look(manager, campaign, contact.customer)
    assert answer.status_code == 200
    assert "contact.password" in str(answer.context["refusal"])


@pytest.mark.usefixtures("untouched")
def test_customers_to_look_as_are_offered_and_others_are_no_error(manager):
    contact = make_contact()
    campaign = make_campaign()
    assert (
        f"?customer={contact.customer.pk}&amp;step=hello"
        in manager.get(at("preview", campaign.pk)).content.decode()
    )
    for query in ({"customer": "999999"}, {"other": "Nobody of that name"}, {"step": "none"}):
        assert manager.get(at("preview", campaign.pk), query).status_code == 200
        assert manager.get(at("preview_frame", campaign.pk), query).status_code == 404


@pytest.mark.usefixtures("untouched")
def test_a_test_goes_to_oneself_and_to_nobody_else(manager):
    contact = make_contact()
    campaign = make_campaign()
    query = look(manager, campaign, contact.customer).context["query"]
    manager.post(f"{at('send_test', campaign.pk)}?{query}")
    mail = OutgoingEmail.objects.get()
    assert mail.subject == "Test: We miss you"
    assert mail.to_email != contact.email
    assert mail.customer is None
    manager.post(at("send_test", campaign.pk))
    assert OutgoingEmail.objects.count() == 1


def test_a_fix_without_words_in_a_language_of_the_path_is_warned_of():
    make_contact()
    fix = make_fix(words={"en": "the app is fast", "nb": "appen er rask"})
    texts = {"a": {code: {"subject": "{{ fix.name }}", "body": "."} for code in ("en", "nb", "sv")}}
    path = path_of(mail_step(texts=texts), languages=["en", "nb", "sv"])
    warned = found(make_campaign(path=path, fix=fix))[1]
    (said,) = [each for each in warned if "The fix has no words" in each]
    assert "Swedish" in said
    assert "Norwegian" not in said
    fix.words = fix.words | {"sv": "appen är snabb"}
    fix.save()
    assert not [each for each in found(Campaign.objects.get())[1] if "The fix has no" in each]
