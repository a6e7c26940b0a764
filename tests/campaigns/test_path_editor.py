"""The editor of paths: whatever is typed and pressed, what was typed stays."""

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.paths import Path
from campaigns.services.drafting import draft_of
from tests.campaign_factories import mail_step, make_campaign, make_sales_offer, path_of
from tests.campaigns.running import launched
from tests.factories import make_contact, make_feature, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def page(campaign):
    return reverse("campaigns:path", args=[campaign.pk])


def form_of(campaign, **changes):
    """What the form of a path sends, as the page shows it."""
    campaign.refresh_from_db()
    path = Path.read(campaign.path)
    sent = {
        "seen_at": campaign.changed_at.isoformat(),
        "languages": list(path.languages),
        "variant": [variant.key for variant in path.variants],
        "step": [step.key for step in path.steps],
    }
    for variant in path.variants:
        sent[f"variant.{variant.key}.name"] = variant.name
        sent[f"variant.{variant.key}.weight"] = variant.weight
    for step in path.steps:
        for name in ("kind", "then", "days", "asks", "feature", "on", "at_most_days", "yes", "no"):
            sent[f"{step.key}.{name}"] = getattr(step, name)
        sent[f"{step.key}.what"] = step.what
        sent[f"{step.key}.offer"] = step.offer or ""
        sent[f"{step.key}.reason"] = list(step.by_reason)
        sent |= words_of(f"{step.key}.text", step.texts)
        sent |= words_of(f"{step.key}.letter", step.by_reason)
    return sent | changes


def words_of(at, letters):
    return {
        f"{at}.{key}.{language}.{part}": text
        for key, by_language in letters.items()
        for language, words in by_language.items()
        for part, text in vars(words).items()
    }


def steps(campaign):
    campaign.refresh_from_db()
    return [step.key for step in Path.read(campaign.path).steps]


def test_what_the_page_shows_comes_back_as_it_was(manager):
    make_feature("reports")
    offer = make_sales_offer()
    path = path_of(
        {"key": "o", "kind": "offer", "offer": offer.pk},
        mail_step(),
        {"key": "w", "kind": "wait", "days": 3},
        {"key": "b", "kind": "branch", "asks": "used", "feature": "reports", "yes": "end"},
        {
            "key": "u",
            "kind": "until",
            "asks": "silence",
            "days": 7,
            "at_most_days": 30,
            "no": "end",
        },
        {"key": "t", "kind": "task", "what": "Call them", "days": 2},
    )
    campaign = make_campaign(path=path)
    before = Path.read(path)
    shown = manager.get(page(campaign))
    assert shown.status_code == 200
    assert manager.post(page(campaign), form_of(campaign)).status_code == 302
    campaign.refresh_from_db()
    after = Path.read(campaign.path)
    assert after.steps == before.steps
    assert after.languages == before.languages


@pytest.mark.parametrize(
    "deed, left",
    [
        ("down:a", ["b", "a", "c"]),
        ("up:c", ["a", "c", "b"]),
        ("up:a", ["a", "b", "c"]),
        ("move:a:3", ["b", "c", "a"]),
        ("move:c:nonsense", ["c", "a", "b"]),
        ("remove:b", ["a", "c"]),
        ("add:wait", ["a", "b", "c", "wait1"]),
        ("add:mail", ["a", "b", "c", "mail1"]),
        ("nonsense:a", ["a", "b", "c"]),
        ("remove:nonsense", ["a", "b", "c"]),
    ],
)
def test_each_button_does_what_it_says_and_keeps_what_was_typed(manager, deed, left):
    three = [{"key": key, "kind": "wait", "days": 1} for key in "abc"]
    campaign = make_campaign(*three)
    sent = form_of(campaign, do=deed) | {"a.days": 44}
    assert manager.post(page(campaign), sent).status_code == 302
    assert steps(campaign) == left
    assert Path.read(campaign.path).step("a").days == 44


def test_what_led_to_a_removed_step_goes_on_to_the_next(manager):
    campaign = make_campaign(
        {"key": "b", "kind": "branch", "asks": "clicked", "yes": "x"},
        {"key": "w", "kind": "wait", "days": 1},
        {"key": "x", "kind": "wait", "days": 1},
    )
    manager.post(page(campaign), form_of(campaign, do="remove:x"))
    campaign.refresh_from_db()
    assert Path.read(campaign.path).step("b").yes == ""


def test_problems_stand_at_their_step(manager):
    campaign = make_campaign(mail_step(leads_to="offer"), {"key": "w", "kind": "wait", "days": 0})
    shown = manager.get(page(campaign)).context["cards"]
    cards = {card.step.key: card.problems for card, _aside in shown}
    assert any("no step before it makes one" in words for words in cards["hello"])
    assert cards["w"] == ["It waits 0 days. Choose 1 to 730."]


def test_a_variant_gets_words_of_its_own_and_gives_them_back(manager):
    campaign = make_campaign()
    manager.post(page(campaign), form_of(campaign, do="add_variant"))
    campaign.refresh_from_db()
    assert [one.key for one in Path.read(campaign.path).variants] == ["a", "b"]
    manager.post(page(campaign), form_of(campaign, do="own:hello:b"))
    campaign.refresh_from_db()
    texts = Path.read(campaign.path).step("hello").texts
    assert texts["b"] == texts["a"]
    manager.post(page(campaign), form_of(campaign, do="shared:hello:b"))
    campaign.refresh_from_db()
    assert set(Path.read(campaign.path).step("hello").texts) == {"a"}
    manager.post(page(campaign), form_of(campaign, do="own:hello:b"))
    manager.post(page(campaign), form_of(campaign, do="remove_variant:a"))
    campaign.refresh_from_db()
    kept = Path.read(campaign.path)
    assert [one.key for one in kept.variants] == ["b"]
    assert set(kept.step("hello").texts) == {"b"}
    manager.post(page(campaign), form_of(campaign, do="remove_variant:b"))
    assert len(Path.read(Campaign.objects.get().path).variants) == 1


def test_words_of_a_language_that_is_switched_off_stay(manager):
    texts = {
        "en": {"subject": "Hello", "body": "Hi", "button": ""},
        "nb": {"subject": "Hei", "body": "Hei du", "button": ""},
    }
    campaign = make_campaign(path=path_of(mail_step(texts={"a": texts}), languages=["en", "nb"]))
    manager.post(page(campaign), form_of(campaign, languages=["en"]))
    campaign.refresh_from_db()
    path = Path.read(campaign.path)
    assert path.languages == ("en",)
    shown = manager.get(page(campaign)).content.decode()
    assert 'name="hello.text.a.nb.subject" value="Hei"' in shown
    manager.post(page(campaign), form_of(campaign, languages=["en", "nb"]))
    campaign.refresh_from_db()
    assert Path.read(campaign.path).step("hello").texts["a"]["nb"].body == "Hei du"


def test_the_last_change_is_taken_back_and_the_one_before_it(manager):
    campaign = make_campaign({"key": "a", "kind": "wait", "days": 1})
    for deed in ("add:task", "add:wait"):
        manager.post(page(campaign), form_of(campaign, do=deed))
    assert steps(campaign) == ["a", "task1", "wait1"]
    manager.post(page(campaign), form_of(campaign, do="undo"))
    assert steps(campaign) == ["a", "task1"]
    manager.post(page(campaign), form_of(campaign, do="undo"))
    assert steps(campaign) == ["a"]
    answer = manager.post(page(campaign), form_of(campaign, do="undo"))
    assert answer.status_code == 422
    assert "no change to take back" in answer.content.decode()


def test_what_was_typed_and_not_saved_is_the_change_that_is_taken_back(manager):
    campaign = make_campaign({"key": "a", "kind": "wait", "days": 1})
    manager.post(page(campaign), form_of(campaign, do="undo") | {"a.days": 9})
    campaign.refresh_from_db()
    assert Path.read(campaign.path).step("a").days == 1


def test_the_second_of_two_people_is_told_and_keeps_what_they_typed(manager):
    campaign = make_campaign({"key": "a", "kind": "task", "what": "Call"})
    mine = form_of(campaign) | {"a.what": "Write by hand"}
    manager.post(page(campaign), form_of(campaign) | {"a.what": "Theirs"})
    answer = manager.post(page(campaign), mine)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Somebody has changed this campaign meanwhile" in shown
    assert "Write by hand" in shown
    campaign.refresh_from_db()
    assert Path.read(campaign.path).step("a").what == "Theirs"
    manager.post(page(campaign), form_of(campaign) | {"a.what": "Write by hand"})
    campaign.refresh_from_db()
    assert Path.read(campaign.path).step("a").what == "Write by hand"


def test_saving_what_is_there_already_changes_nothing(manager):
    campaign = draft_of("win_back", "Back", by=None)
    before = campaign.changed_at
    assert manager.post(page(campaign), form_of(campaign)).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.changed_at, campaign.earlier) == (before, [])


def test_the_longest_path_there_may_be_is_saved_whole(manager):
    words = {"subject": "Hi", "body": "Hello", "button": ""}
    texts = {key: dict.fromkeys(("en", "nb", "da", "sv"), words) for key in "ab"}
    steps_there = [mail_step(f"m{number}", texts=texts) for number in range(40)]
    variants = [{"key": key, "name": key, "weight": 1} for key in "ab"]
    path = path_of(*steps_there, languages=["en", "nb", "da", "sv"], variants=variants)
    campaign = make_campaign(path=path)
    sent = form_of(campaign, do="remove:m39")
    assert len(sent) > 1_000
    assert manager.post(page(campaign), sent).status_code == 302
    assert len(steps(campaign)) == 39


def test_with_script_the_form_comes_back_alone(manager):
    campaign = make_campaign()
    sent = form_of(campaign, do="add:wait")
    answer = manager.post(page(campaign), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert shown.lstrip().startswith("<form")
    assert 'data-touched="step-wait1"' in shown


def test_variants_that_the_audience_cant_tell_apart_are_warned_of(manager):
    make_contact()
    variants = [{"key": "a", "name": "A", "weight": 1}, {"key": "b", "name": "B", "weight": 1}]
    campaign = make_campaign(path=path_of(mail_step(), variants=variants))
    assert "too small to tell" in manager.get(page(campaign)).content.decode()
    alone = make_campaign()
    assert "too small to tell" not in manager.get(page(alone)).content.decode()


def test_the_path_of_a_campaign_in_use_is_shown_and_stays(manager):
    make_contact()
    campaign = launched(make_campaign())
    assert "We miss you" in manager.get(page(campaign)).content.decode()
    manager.post(page(campaign), form_of(campaign, do="remove:hello"))
    assert steps(campaign) == ["hello"]


def test_hostile_forms_harm_nothing(manager):
    campaign = make_campaign()
    hostile = {
        "seen_at": campaign.changed_at.isoformat(), "step": ["x" * 90, "x" * 90, "<b>", ""],
        "variant": ["a", "a"], "languages": ["xx", "nb"], "<b>.kind": "mail\x00",
        f"{'x' * 90}.days": "9" * 400, f"{'x' * 90}.offer": "-1", "do": "move:<b>:-4",
    }  # fmt: skip
    assert manager.post(page(campaign), hostile).status_code == 302
    assert manager.get(page(campaign)).status_code == 200
    assert manager.get(reverse("campaigns:overview", args=[campaign.pk])).status_code == 200
