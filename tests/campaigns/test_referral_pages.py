"""Pages of referrals for colleagues: programs, who came, decisions, links, results."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Referral, ReferralLink, ReferralProgram
from campaigns.referring.asking import ask
from campaigns.referring.matching import match_new
from campaigns.referring.results import stays, worth_of
from campaigns.services.launch_checks import check_launch
from campaigns.services.referral_programs import switch_off
from campaigns.services.referring import link_for
from churnapp.models import Organisation
from customers.models import OutgoingEmail
from tests.campaign_factories import (
    mail_step,
    make_campaign,
    make_program,
    make_referral,
    make_sales_offer,
)
from tests.campaigns.referred import came, link, pays, signed_up, state_of
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact, make_customer, make_user, today_here
from tests.feedback.visitors import words

__all__ = ["link"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def at(name, *args):
    return reverse(f"referrals:{name}", args=args)


def test_a_program_is_made_looked_at_and_switched_on(manager):
    offer = make_sales_offer("free")
    form = manager.get(at("new")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "seen"}
    answer = manager.post(at("new"), typed | {"name": "Friends", "reward": str(offer.pk)})
    program = ReferralProgram.objects.get()
    assert answer.status_code == 302
    assert (program.is_on, set(program.texts)) == (False, {"en", "nb", "da", "sv"})
    assert "Noen har anbefalt oss til deg" in words(
        manager.get(at("preview", program.pk) + "?lang=nb")
    )
    manager.post(at("switch_on", program.pk))
    program.refresh_from_db()
    assert program.is_on


def test_a_program_without_offers_says_what_to_do_first(manager):
    assert "There is no offer to give yet" in words(manager.get(at("new")))


def test_what_somebody_else_changed_is_not_overwritten(manager):
    program = make_program(name="Friends", texts={"en": {"title": "Hi", "text": "Hello"}})
    form = manager.get(at("edit", program.pk)).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    ReferralProgram.objects.update(name="Theirs", changed_at=timezone.now())
    answer = manager.post(at("edit", program.pk), typed | {"name": "Mine"})
    assert answer.status_code == 422
    assert "It says now: Theirs" in words(answer)


def test_a_suggestion_is_confirmed_or_not(manager, link):
    referral, customer = came(link), signed_up(email="ola@nordlys.example")
    match_new(timezone.now())
    page = words(manager.get(at("program", link.program_id) + "?state=suggested"))
    assert "perhaps Nordlys AS" in page
    manager.post(at("confirm", referral.pk))
    referral.refresh_from_db()
    assert (referral.state, referral.customer) == ("matched", customer)
    manager.post(at("not_them", referral.pk))
    assert state_of(referral) == ("new", "")


def test_somebody_is_matched_by_hand_or_refused_and_taken_back(manager, link):
    referral, customer = make_referral(link), signed_up(email="x@else.example", name="Else")
    answer = manager.post(at("match", referral.pk), {"customer": customer.external_id})
    assert answer.status_code == 302
    assert state_of(referral) == ("matched", "")
    manager.post(at("refuse", referral.pk), {"why": "self"})
    assert state_of(referral) == ("refused", "self")
    manager.post(at("reopen", referral.pk))
    assert state_of(referral) == ("matched", "")


def test_why_somebody_can_not_be_it_stands_in_the_dialog(manager, link):
    referral, customer = came(link), signed_up(days_ago=40)
    answer = manager.post(at("match", referral.pk), {"customer": customer.external_id})
    assert answer.status_code == 422
    assert "before they were referred" in words(answer)


def test_the_list_is_narrowed_and_exported_without_formulas(manager, link):
    make_referral(link, company="=cmd", email="a@b.example")
    make_referral(link, company="Other", state="refused", why="self", refused_at=timezone.now())
    page = words(manager.get(at("program", link.program_id) + "?state=refused"))
    assert "Other" in page
    assert "=cmd" not in page
    file = b"".join(manager.get(at("export", link.program_id)).streaming_content).decode()
    assert "'=cmd" in file
    assert "It is the customer itself" in file


def test_thirty_rows_cost_what_one_does(manager, link, django_assert_max_num_queries):
    for _number in range(30):
        make_referral(link, suggested=make_customer())
    with django_assert_max_num_queries(14):
        manager.get(at("program", link.program_id))


def test_a_link_is_made_on_the_customer_s_page(manager, link):
    customer = make_contact().customer
    manager.post(at("make_link", customer.pk), {"program": str(link.program_id)})
    made = ReferralLink.objects.get(customer=customer)
    assert made.path in manager.get(at("customer_panel", customer.pk)).content.decode()


def test_results_say_too_few_before_there_are_enough(manager, link):
    came(link, days_ago=130)
    pays(signed_up(days_ago=120), days_ago=119)
    match_new(timezone.now())
    page = words(manager.get(at("results")))
    assert "too few to say: 1 customer" in page
    assert "€100" in page


def test_results_compare_who_was_referred_with_others(link):
    for number in range(12):
        email = f"k@came{number}.example"
        when = timezone.now() - timedelta(days=130)
        make_referral(link, email=email, company=f"C{number}", at=when)
        pays(signed_up(days_ago=125, email=email, name=f"Q{number * 997}"), days_ago=124)
        other = make_customer()
        pays(other, days_ago=120, days=40 if number < 6 else None)
    match_new(timezone.now())
    assert Referral.objects.filter(state="matched").count() == 12
    assert worth_of(None, today_here()).paying == 12
    (months, referred, others), *later = stays(None, Organisation.current(), today_here())
    assert (months, referred.seen, referred.share) == (3, 12, 1.0)
    assert (others.seen, others.share) == (12, 0.5)
    assert others.low < 0.5 < others.high
    assert all(row[1].share is None for row in later)


def test_who_paid_before_the_first_referral_is_not_compared(link):
    came(link, days_ago=130)
    for _number in range(10):
        returned = make_customer()
        pays(returned, days_ago=300, days=60)
        pays(returned, days_ago=120)
        pays(make_customer(), days_ago=120)
    (_months, _referred, others), *_later = stays(None, Organisation.current(), today_here())
    assert (others.seen, others.share) == (10, 1.0)


def test_before_any_referral_no_term_is_read_to_compare(link):
    pays(make_customer(), days_ago=120)
    with CaptureQueriesContext(connection) as asked:
        found = stays(None, Organisation.current(), today_here())
    assert [others.seen for _months, _referred, others in found] == [0, 0, 0]
    assert not [query for query in asked.captured_queries if "customers_term" in query["sql"]]


def test_customers_who_stayed_equally_long_are_one_row(link, monkeypatch):
    came(link, days_ago=130)
    for _number in range(15):
        pays(make_customer(), days_ago=120)
        pays(make_customer(), days_ago=110, days=40)
    read = []

    def noting(*asked, **values):
        read.extend(ask(*asked, **values))
        return read

    monkeypatch.setattr("campaigns.referring.results.ask", noting)
    stays(None, Organisation.current(), today_here())
    assert read == [(False, 40, True, 15), (False, 120, False, 15)]


def naming_the_link():
    said = {"subject": "Hi", "body": "Pass it on: {{ referral.link }}"}
    return make_campaign(mail_step(texts={"a": {"en": said}}), audience="country=FI")


def test_a_campaign_s_mail_names_the_link_of_each(link):
    contact = make_contact(make_customer(country="FI"), email="pia@pia.example")
    campaign = launched(naming_the_link())
    assert go_on(campaign) == 1
    mail = OutgoingEmail.objects.get(to_email="pia@pia.example")
    own = ReferralLink.objects.get(customer=contact.customer)
    assert own.contact == contact
    assert len(own.code) == 16
    assert f"Pass it on: {settings.BASE_URL}/r/{own.code}" in mail.text
    assert link_for(link.program, contact.customer, contact, by=None) == own


def test_a_campaign_that_names_it_needs_a_program_that_is_on(link):
    make_contact(make_customer(country="FI"))
    campaign = naming_the_link()
    switch_off(link.program, by=None)
    stops = [each.what for each in check_launch(campaign, timezone.now()).stops]
    assert stops == ["A mail names {{ referral.link }}, and no referral program is on."]


@pytest.mark.parametrize(
    "promised, most, days, told",
    [
        (None, 1, 0, ["limit of 1 for one customer"]),
        (3, 2, 30, ["limit of 2 for one customer", "again only after 30 days"]),
        (3, 3, 0, []),
        (1, 1, 90, []),
    ],
)
def test_limits_of_the_offer_that_break_the_promise_are_told(manager, promised, most, days, told):
    offer = make_sales_offer(most_a_customer=most, cool_down_days=days)
    page = manager.get(at("program", make_program(reward=offer, most_a_referrer=promised).pk))
    found = page.context["clashes"]
    assert len(found) == len(told)
    for each, part in zip(found, told, strict=True):
        assert part in each
        assert part in words(page)


@pytest.mark.parametrize("asked, spoken", [("", "nb"), ("?lang=en", "en"), ("?lang=xx", "nb")])
def test_a_preview_speaks_the_reader_s_language_unless_asked(manager, asked, spoken):
    manager.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    page = manager.get(at("preview", make_program().pk) + asked)
    assert page.headers["Content-Language"] == spoken
