"""Letters by reason: who left for a reason gets its letter, in their language, whatever variant."""

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.path_checks import problems
from campaigns.paths import Path
from campaigns.ready_paths.by_reason import BY_CATEGORY
from campaigns.sequences.rehearsing import Wish, mail_as
from campaigns.services.launch_checks import check_launch
from customers.models import OutgoingEmail, ReasonCategory
from feedback.ready_surveys.common import LANGUAGES
from tests.campaign_factories import mail_step, make_campaign, path_of
from tests.campaigns.running import go_on, launched
from tests.campaigns.test_path_editor import form_of, page
from tests.factories import make_cancellation, make_contact, make_customer, make_reason, make_user

pytestmark = pytest.mark.django_db


def letter(subject: str, *languages: str):
    return {
        code: {"subject": f"{subject} {code}", "body": "Hello {{ contact.name }}", "button": ""}
        for code in languages or ("en",)
    }


def leaver(reason=None, *, language="en", **fields):
    customer = make_customer()
    contact = make_contact(customer, language=language)
    if reason is not None:
        make_cancellation(customer, reason=reason, **fields)
    return contact


def campaign_with(by_reason, *, languages=("en",), **fields):
    step = mail_step("m", texts={"a": letter("General", *languages)}, by_reason=by_reason)
    path = path_of(step, languages=list(languages), **fields)
    return make_campaign(path=path, holdout_percent=0)


def subjects():
    return dict(OutgoingEmail.objects.values_list("contact_id", "subject"))


def test_each_gets_the_letter_of_their_reason_in_their_language():
    price, service = make_reason("price"), make_reason("support-quality", category="service")
    told = {
        leaver(price): "Price en",
        leaver(price, language="nb"): "Price nb",
        leaver(service): "General en",
        leaver(service, language="nb"): "General nb",
        leaver(): "General en",
    }
    letters = {"price": letter("Price", "en", "nb")}
    go_on(launched(campaign_with(letters, languages=("en", "nb"))))
    assert subjects() == {contact.pk: subject for contact, subject in told.items()}


def test_the_reason_is_that_of_the_last_departure_and_what_it_was_merged_into():
    price, service = make_reason("price"), make_reason("support-quality")
    old = make_reason("too-dear")
    old.merged_into = price
    old.save()
    merged = leaver(old)
    again = leaver(service, effective_on="2024-01-01")
    make_cancellation(again.customer, reason=price, effective_on="2025-02-01")
    withdrawn = leaver(service, effective_on="2024-01-01")
    make_cancellation(
        withdrawn.customer, reason=price, effective_on="2025-02-01", withdrawn_at=timezone.now()
    )
    go_on(launched(campaign_with({"price": letter("Price")})))
    assert subjects() == {
        merged.pk: "Price en", again.pk: "Price en", withdrawn.pk: "General en",
    }  # fmt: skip


def test_letters_cost_one_question_more_whatever_their_number(django_assert_max_num_queries):
    counts = []
    for number in (2, 12):
        reasons = [make_reason(f"r{number}-{n}") for n in range(number)]
        for reason in reasons:
            leaver(reason)
        campaign = launched(campaign_with({reasons[0].key: letter("First")}))
        with django_assert_max_num_queries(200) as asked:
            go_on(campaign)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_preview_can_be_asked_for_each_reason():
    price = make_reason("price")
    make_reason("support-quality")
    contact = leaver(price)
    campaign = campaign_with({"price": letter("Price"), "support-quality": letter("Sorry")})

    def seen(**wish):
        return mail_as(campaign, Wish("m", contact.customer, **wish), timezone.now()).mail.subject

    assert seen() == "Price en"
    assert seen(reason="support-quality") == "Sorry en"
    assert seen(reason="nonsense") == "Price en"


def test_what_a_letter_lacks_is_said_by_the_wording_of_its_reason():
    make_reason("price", labels={"en": "Too dear"})
    path = Path.read(
        path_of(mail_step("m", by_reason={"price": letter("Price")}), languages=["en", "nb"])
    )
    said = [problem.what for problem in problems(path) if "Too dear" in problem.what]
    (only,) = said
    assert "the letter for the reason “Too dear” lacks: the subject, the text" in only
    hostile = {"price": {"en": {"subject": "Hi", "body": "{{ nonsense }}", "button": ""}}}
    path = Path.read(path_of(mail_step("m", by_reason=hostile)))
    assert any("nonsense" in problem.what for problem in problems(path))


def test_the_checks_warn_of_letters_for_nobody_and_of_variants_that_say_the_same():
    price = make_reason("price")
    old = make_reason("too-dear")
    old.merged_into = price
    old.save()
    variants = [{"key": "a", "name": "A", "weight": 1}, {"key": "b", "name": "B", "weight": 1}]
    leaver(price)
    campaign = campaign_with({"too-dear": letter("Old")}, variants=variants)
    said = " ".join(finding.what for finding in check_launch(campaign, timezone.now()).warns)
    assert "No departure counts as “too-dear” any more" in said
    assert "the same in each variant" in said


@pytest.mark.parametrize("category", BY_CATEGORY)
def test_ready_letters_are_whole_in_every_language(category):
    letters = {category: BY_CATEGORY[category]}
    path = Path.read(
        path_of(mail_step("m", texts={"a": letter("General", *LANGUAGES)}, by_reason=letters))
        | {"languages": list(LANGUAGES)}
    )
    assert problems(path) == []
    assert set(BY_CATEGORY) == set(ReasonCategory.values) - {ReasonCategory.UNSORTED}


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def letters_of(campaign):
    campaign.refresh_from_db()
    return Path.read(campaign.path).steps[0].by_reason


def test_a_letter_is_begun_kept_changed_and_removed(manager):
    make_reason("price", labels={"en": "Too dear"})
    make_reason("other", category="unsorted")
    campaign = make_campaign(mail_step("m"))
    shown = manager.get(page(campaign)).text
    assert "letter:m:price" in shown
    manager.post(page(campaign), form_of(campaign, do="letter:m:price"))
    price = letters_of(campaign)["price"]
    assert price["en"].subject == "What would be a fair price?"
    assert "Da du sluttet" in price["nb"].body
    manager.post(page(campaign), form_of(campaign, do="letters:m"))
    letters = letters_of(campaign)
    assert set(letters) == {"price", "other"}
    assert letters["other"] == Path.read(campaign.path).steps[0].texts["a"]
    changed = form_of(campaign) | {"m.letter.price.en.subject": "Back for less?"}
    manager.post(page(campaign), changed)
    assert letters_of(campaign)["price"]["en"].subject == "Back for less?"
    assert letters_of(campaign)["price"]["nb"] == price["nb"]  # not spoken now, and kept
    shown = manager.get(page(campaign)).text
    assert "Back for less?" in shown
    manager.post(page(campaign), form_of(campaign, do="no_letter:m:price"))
    assert set(letters_of(campaign)) == {"other"}


@pytest.mark.parametrize(
    "deed", ["letter:m:nonsense", "letter:x:price", "letters:x", "no_letter:x:y"]
)
def test_a_deed_that_makes_no_sense_changes_nothing(manager, deed):
    make_reason("price")
    campaign = make_campaign(mail_step("m"))
    before = Path.read(campaign.path)
    assert manager.post(page(campaign), form_of(campaign, do=deed)).status_code == 302
    campaign.refresh_from_db()
    assert Path.read(campaign.path).steps == before.steps


def test_the_preview_offers_the_reasons_that_have_letters(manager):
    make_reason("price", labels={"en": "Too dear"})
    contact = leaver()
    campaign = campaign_with({"price": letter("Price")})
    address = reverse("campaigns:preview", args=[campaign.pk])
    shown = manager.get(address, {"customer": contact.customer.pk, "reason": "price"}).text
    assert "Too dear" in shown
    assert "Price en" in shown
