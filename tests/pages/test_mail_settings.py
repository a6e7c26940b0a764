"""How we send: seen by all who see mail, changed by administrators; and a mail in its frame."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from churnapp.models import AuditEvent
from customers.mail.hours import after_quiet_hours
from customers.models import RetentionPeriod, SendingRate
from tests.factories import make_mail, make_user

pytestmark = pytest.mark.django_db
PAGE = "/mail/settings/"
OSLO = ZoneInfo("Europe/Oslo")
RULES = {
    "per_minute": 30,
    "burst": 10,
    "hold_minutes": 15,
    "quiet_from": 18,
    "quiet_until": 8,
    "weekdays_only": "on",
    "most_a_contact": 1,
    "most_a_customer": 3,
    "contact_days": 14,
}


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_everybody_who_sees_mail_reads_the_rules_in_force() -> None:
    page = client_of("viewer").get(PAGE).content.decode()
    assert "At most 600 mails go out a minute, and at most 100 at once." in page
    assert "do not go out between 20:00 and 07:00" in page
    assert "They go out on Saturdays and Sundays too." in page
    assert "In 7 days a person gets at most 2 mails and a customer at most 4" in page
    assert "730 days" in page
    assert reverse("customers:change_mail_settings") not in page
    assert PAGE in client_of("viewer").get("/mail/").content.decode()


def test_an_administrator_changes_them_and_the_audit_trail_tells() -> None:
    admin = client_of("admin")
    change = reverse("customers:change_mail_settings")
    assert change in admin.get(PAGE).content.decode()
    assert admin.post(change, RULES).status_code == 302
    rules = SendingRate.objects.get()
    assert (rules.per_minute, rules.quiet_from, rules.weekdays_only) == (30, 18, True)
    event = AuditEvent.objects.get(verb="sending_rules_changed")
    assert event.changes["quiet_from"] == [20, 18]
    admin.post(change, RULES)
    assert AuditEvent.objects.filter(verb="sending_rules_changed").count() == 1
    page = admin.get(PAGE).content.decode()
    assert "On Saturdays and Sundays they wait for Monday." in page


@pytest.mark.parametrize(
    "name, value", [("per_minute", 0), ("burst", -1), ("quiet_from", 24), ("most_a_customer", 0)]
)
def test_what_makes_no_sense_is_refused(name: str, value: int) -> None:
    answer = client_of("admin").post(
        reverse("customers:change_mail_settings"), RULES | {name: value}
    )
    assert answer.status_code == 422
    assert SendingRate.objects.get().per_minute == 600


def test_a_period_of_keeping_is_changed_and_told() -> None:
    admin = client_of("admin")
    change = reverse("customers:change_retention")
    given = admin.get(change).context["form"].initial
    given = {key: days or "" for key, days in given.items()} | {"mail_texts": "", "authors": 30}
    assert admin.post(change, given).status_code == 302
    kept = dict(RetentionPeriod.objects.values_list("key", "days"))
    assert kept == {"mail_texts": None, "authors": 30}
    told = AuditEvent.objects.filter(verb="retention_changed").values_list("changes", flat=True)
    assert {key: change for one in told for key, change in one.items()} == {
        "mail_texts": [730, None],
        "authors": [1095, 30],
    }
    page = admin.get(PAGE).content.decode()
    assert "for ever" in page


@pytest.mark.parametrize(
    "asked, quiet, goes",
    [
        ("2026-11-27 10:00", (20, 7), "2026-11-27 10:00"),  # a Friday
        ("2026-11-27 21:00", (20, 7), "2026-11-30 07:00"),
        ("2026-11-28 10:00", (20, 7), "2026-11-30 07:00"),
        ("2026-11-29 23:00", (20, 7), "2026-11-30 07:00"),
        ("2026-11-28 10:00", (7, 7), "2026-11-30 00:00"),
        ("2026-11-29 13:00", (12, 14), "2026-11-30 00:00"),
    ],
)
def test_weekends_are_quiet_where_that_is_wished(
    asked: str, quiet: tuple[int, int], goes: str
) -> None:
    rules = SendingRate(quiet_from=quiet[0], quiet_until=quiet[1], weekdays_only=True)
    moment = datetime.fromisoformat(asked).replace(tzinfo=OSLO).astimezone(UTC)
    found = after_quiet_hours(moment, OSLO, rules).astimezone(OSLO)
    assert f"{found:%Y-%m-%d %H:%M}" == goes
    rules.weekdays_only = False
    assert after_quiet_hours(moment, OSLO, rules) < datetime(2026, 11, 30, 8, tzinfo=UTC)


def test_a_mail_is_shown_as_its_reader_sees_it_and_leads_nowhere() -> None:
    html = '<p>Hello</p><a style="color:red" href="[[link:survey]]">Answer</a>'
    mail = make_mail(html=html, links={})
    viewer = client_of("viewer")
    frame = reverse("customers:mail_frame", args=[mail.pk])
    assert frame in viewer.get(reverse("customers:mail", args=[mail.pk])).content.decode()
    seen = viewer.get(frame)
    assert seen.content.decode() == '<p>Hello</p><a style="color:red">Answer</a>'
    assert seen.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert seen.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_of_text_alone_has_no_frame() -> None:
    mail = make_mail()
    viewer = client_of("viewer")
    assert viewer.get(reverse("customers:mail_frame", args=[mail.pk])).status_code == 404
    assert "iframe" not in viewer.get(reverse("customers:mail", args=[mail.pk])).content.decode()
