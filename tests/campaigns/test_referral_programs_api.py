"""The API of referral programs: made, changed and switched by the services of their form."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.api.referral_programs import ReferralPrograms
from campaigns.models import ReferralProgram
from churnapp.models import AuditEvent, User
from tests.api.calls import Caller, found
from tests.campaign_factories import make_program, make_referral, make_sales_offer
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db
WORDS = {"title": "Tell a friend", "text": "You both get something."}


@pytest.fixture
def manager() -> Caller:
    return Caller(make_user("manager"))


def test_one_is_made_off_with_what_the_form_begins_with(manager: Caller) -> None:
    reward, welcome, colleague = make_sales_offer(), make_sales_offer(), make_user("csm")
    body = {
        "name": "Friends",
        "reward_id": reward.pk,
        "welcome_id": welcome.pk,
        "responsible": colleague.email,
        "texts": {"en": WORDS | {"welcome": "A month"}, "nb": {"title": "Si det til en venn"}},
        "most_a_month": 40,
    }

    row = found(manager.post("referral-programs/", body), 201)

    assert {name: row[name] for name in body} == body
    assert (row["reward"], row["welcome"]) == (reward.name, welcome.name)
    assert (row["days_to_sign_up"], row["months_to_pay"], row["months_away"]) == (90, 1, 12)
    assert (row["most_a_referrer"], row["on_since"], row["archived_at"]) == (10, None, None)
    kept = ReferralProgram.objects.get()
    maker = User.objects.exclude(pk=colleague.pk).get()
    assert kept.created_by == maker
    assert AuditEvent.objects.get(verb="referral_program_created").actor == maker


def test_a_change_leaves_what_it_does_not_name(manager: Caller) -> None:
    program = make_program(welcome=make_sales_offer(), responsible=make_user("csm"))
    address = f"referral-programs/{program.pk}/"
    was = found(manager.get(address))

    row = found(manager.patch(address, {"months_to_pay": 3, "most_a_referrer": None}))
    assert row | {"changed_at": ""} == was | {
        "months_to_pay": 3, "most_a_referrer": None, "changed_at": "",
    }  # fmt: skip
    assert row["changed_at"] > was["changed_at"]
    row = found(manager.patch(address, {"welcome_id": None, "responsible": None}))
    assert (row["welcome"], row["welcome_id"], row["responsible"]) == (None, None, None)
    assert found(manager.patch(address, {"welcome_id": None}))["changed_at"] == row["changed_at"]


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"name": " "}, "name"),
        ({"name": "Taken"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"reward_id": None}, "reward_id"),
        ({"reward_id": 1_000_000}, "reward_id"),
        ({"welcome_id": 1_000_000}, "welcome_id"),
        ({"reward": "Offer"}, "reward"),
        ({"responsible": "nobody@example.com"}, "responsible"),
        ({"responsible": "viewer@example.com"}, "responsible"),
        ({"texts": {}}, "title_en"),
        ({"texts": {"en": {"title": "Only that"}}}, "text_en"),
        ({"texts": {"en": WORDS | {"button": "x" * 41}}}, "texts"),
        ({"texts": {"fi": WORDS}}, "texts"),
        ({"days_to_sign_up": 0}, "days_to_sign_up"),
        ({"months_away": None}, "months_away"),
        ({"on_since": "2026-01-01T00:00:00Z"}, "on_since"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_it_can_not_be_is_a_400_with_its_field(
    manager: Caller, changed: dict[str, Any], field: str
) -> None:
    taken = make_program(name="Taken")
    make_user("viewer", email="viewer@example.com")
    body = {"name": "New", "reward_id": taken.reward_id, "texts": {"en": WORDS}}

    assert list(found(manager.post("referral-programs/", body | changed), 400)) == [field]
    assert ReferralProgram.objects.get() == taken
    other = make_program(name="Other")
    assert list(found(manager.patch(f"referral-programs/{other.pk}/", changed), 400)) == [field]
    other.refresh_from_db()
    assert other.name == "Other"


@pytest.mark.parametrize("name", ["reward", "welcome"])
@pytest.mark.parametrize("ended", ["stopped_at", "archived_at"])
def test_an_offer_that_is_made_no_more_is_named_as_it_was_sent(
    manager: Caller, name: str, ended: str
) -> None:
    ending = make_sales_offer(**{ended: timezone.now()})
    program = make_program()
    answer = manager.patch(f"referral-programs/{program.pk}/", {f"{name}_id": ending.pk})
    assert list(found(answer, 400)) == [f"{name}_id"]


def test_it_is_switched_on_and_off_archived_and_brought_back(manager: Caller) -> None:
    address = f"referral-programs/{make_program(on_since=None).pk}/"
    for deed, is_on, is_archived in (
        ("switch_on", True, False), ("switch_on", True, False), ("switch_off", False, False),
        ("switch_on", True, False), ("archive", False, True), ("archive", False, True),
        ("bring_back", False, False),
    ):  # fmt: skip
        row = found(manager.post(f"{address}{deed}/"))
        assert (row["on_since"] is not None, row["archived_at"] is not None) == (is_on, is_archived)
    found(manager.post(f"{address}archive/"))
    assert list(found(manager.post(f"{address}switch_on/"), 400)) == ["non_field_errors"]


def test_one_whose_reward_is_stopped_is_not_switched_on(manager: Caller) -> None:
    stopped = make_sales_offer(stopped_at=timezone.now())
    program = make_program(on_since=None, reward=stopped)
    answer = manager.post(f"referral-programs/{program.pk}/switch_on/")
    assert list(found(answer, 400)) == ["reward_id"]
    program.refresh_from_db()
    assert program.on_since is None


def test_what_somebody_else_changed_meanwhile_is_not_lost(
    manager: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = make_program(name="Mine")
    asked = ReferralPrograms.asked

    def meanwhile(view: ReferralPrograms, *args: Any, **options: Any) -> dict[str, Any]:
        later = program.changed_at + timedelta(seconds=1)
        ReferralProgram.objects.filter(pk=program.pk).update(months_away=24, changed_at=later)
        return asked(view, *args, **options)

    monkeypatch.setattr(ReferralPrograms, "asked", meanwhile)
    answer = manager.patch(f"referral-programs/{program.pk}/", {"name": "Yours"})

    assert list(found(answer, 400)) == ["non_field_errors"]
    program.refresh_from_db()
    assert (program.name, program.months_away) == ("Mine", 24)


def test_only_managers_write_them(manager: Caller) -> None:
    address = f"referral-programs/{make_program(on_since=None).pk}/"
    csm = Caller(make_user("csm"))
    assert csm.get(address).status_code == 200
    assert csm.post("referral-programs/", {}).status_code == 403
    assert csm.patch(address, {"name": "Mine"}).status_code == 403
    assert csm.post(f"{address}switch_on/").status_code == 403
    assert not ReferralProgram.objects.filter(on_since__isnull=False).exists()


def test_the_list_costs_the_same_for_many(
    manager: Caller, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        make_program(welcome=make_sales_offer(), responsible=make_user("csm"))

    with django_assert_max_num_queries(6):
        assert len(found(manager.get("referral-programs/"))["results"]) == 20


def test_who_was_suggested_is_somebody_else() -> None:
    csm, customer = Caller(make_user("csm")), make_customer()
    referral = make_referral(suggested=customer)
    address = f"referrals/{referral.pk}/not_them/"
    row = found(csm.post(address))
    assert (row["state"], row["suggested_id"]) == ("new", None)
    referral.refresh_from_db()
    assert referral.not_them == [customer.pk]
    assert found(csm.post(address))["suggested_id"] is None
    assert referral.not_them == [customer.pk]


def test_who_was_matched_is_open_again_and_rewarded_ones_stay() -> None:
    csm, now = Caller(make_user("csm")), timezone.now()
    matched = make_referral(state="matched", customer=make_customer(), matched_at=now)
    row = found(csm.post(f"referrals/{matched.pk}/not_them/"))
    assert (row["state"], row["customer_id"]) == ("new", None)
    rewarded = make_referral(state="rewarded", customer=make_customer(), rewarded_at=now)
    found(csm.post(f"referrals/{rewarded.pk}/not_them/"), 400)


def test_a_customer_that_it_can_not_be_is_named_as_it_was_sent() -> None:
    referral = make_referral()
    body = {"customer_id": referral.link.customer.external_id}
    answer = Caller(make_user("csm")).post(f"referrals/{referral.pk}/confirm/", body)
    assert list(found(answer, 400)) == ["customer_id"]
