"""Pages of the library: list, filters, editor, archive, export."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Content, ContentSent, LinkHit
from campaigns.services.contents import change_content, make_content
from churnapp.common.errors import RuleError
from churnapp.common.pages import PAGE_SIZE
from churnapp.models import AuditEvent
from customers.services.ledger import database_clock
from tests.campaign_factories import mail_step, make_campaign, make_recipient, path_of
from tests.campaign_factories import make_content as content
from tests.factories import (
    make_contact,
    make_customer,
    make_feature,
    make_plan,
    make_user,
    today_here,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"title": "First steps", "summary": "How to begin.", "address": "https://example.com/a"}


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def values(**changed):
    return {
        "key": "first_steps",
        "kind": "guide",
        "texts": {"en": ENGLISH},
        "owner": None,
        "published_on": today_here(),
        "expires_on": None,
        "features": [],
        "plans": [],
    } | changed


def typed(**changed):
    """The fields of the form."""
    fields = {f"{part}_en": text for part, text in ENGLISH.items()}
    return fields | {"key": "first_steps", "kind": "guide", "published_on": "2026-01-05"} | changed


def listed(client, query=""):
    page = client.get(f"{reverse('library:list')}?{query}", headers={"HX-Request": "true"})
    assert page.status_code == 200
    return {row.content.key for row in page.context["rows"]}


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/a",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com:0/",
        "example.com",
        "https://[::1",
    ],
)
def test_only_safe_addresses_are_taken(address):
    texts = {"en": ENGLISH | {"address": address}}
    with pytest.raises(RuleError) as refused:
        make_content(values(texts=texts), by=None)
    assert refused.value.field == "address_en"


@pytest.mark.parametrize("key", ["", "First", "1st", "a-b", "a.b", "a" * 41, "å"])
def test_a_key_fits_into_placeholders(key):
    with pytest.raises(RuleError) as refused:
        make_content(values(key=key), by=None)
    assert refused.value.field == "key"


def test_english_is_needed_and_a_key_is_one():
    with pytest.raises(RuleError) as refused:
        make_content(values(texts={"nb": ENGLISH}), by=None)
    assert refused.value.field == "title_en"
    make_content(values(), by=None)
    with pytest.raises(RuleError, match="Another content has this key"):
        make_content(values(), by=None)


def test_it_ends_after_it_begins():
    with pytest.raises(RuleError) as refused:
        make_content(values(expires_on=today_here()), by=None)
    assert refused.value.field == "expires_on"


def test_a_key_that_mails_name_stays():
    made = make_content(values(), by=None)
    words = {"subject": "Hi", "body": "{{ content.first_steps.link }}"}
    make_campaign(path=path_of(mail_step(texts={"a": {"en": words}})))
    with pytest.raises(RuleError, match="names it by this key"):
        change_content(made, values(key="other"), seen_at=made.changed_at, by=None)


def test_its_changes_are_in_the_audit_trail():
    reports = make_feature("reports")
    made = make_content(values(), by=None)
    change_content(made, values(features=[reports]), seen_at=made.changed_at, by=None)
    event = AuditEvent.objects.get(verb="content_changed")
    assert event.changes == {"features": [[], ["reports"]]}


def test_one_is_written_and_shown(manager):
    answer = manager.post(reverse("library:new"), typed(title_nb="Kom i gang"))
    made = Content.objects.get()
    assert answer.url == reverse("library:content", args=[made.pk])
    page = manager.get(answer.url, {"lang": "nb"}).content.decode()
    assert "Kom i gang" in page
    assert "see that in English" in page
    assert "{{ content.first_steps.link }}" in page


def test_refused_what_was_typed_stays(manager):
    answer = manager.post(reverse("library:new"), typed(key="Not a key", title_sv="Kom igång"))
    assert answer.status_code == 422
    assert "Kom igång" in answer.content.decode()
    assert "small letters" in answer.content.decode()


def test_the_second_of_two_sees_what_the_first_wrote(manager):
    made = make_content(values(), by=None)
    seen = made.changed_at.isoformat()
    change_content(made, values(kind="news"), seen_at=made.changed_at, by=None)
    at = reverse("library:edit", args=[made.pk])
    answer = manager.post(at, typed(title_en="Mine", seen=seen))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Somebody else changed it meanwhile" in text
    assert "It says now: news" in text
    assert "Mine" in text
    made.refresh_from_db()
    assert made.text("title", "en") == "First steps"


def test_filters_of_the_list(manager):
    reports, pro = make_feature("reports"), make_plan("pro")
    whole = dict.fromkeys(("en", "nb", "da", "sv"), ENGLISH)
    content("all", kind="news", texts=whole)
    content("about_reports", features=[reports])
    content("about_pro", plans=[pro], published_on=None)
    content("old", published_on=today_here() - timedelta(days=9), expires_on=today_here())
    content("gone", archived_at=database_clock())
    assert listed(manager) == {"all", "about_reports", "about_pro", "old"}
    assert listed(manager, "kind=news") == {"all"}
    assert listed(manager, f"feature={reports.pk}") == {"about_reports"}
    assert listed(manager, f"plan={pro.pk}") == {"about_pro"}
    assert listed(manager, "missing=sv") == {"about_reports", "about_pro", "old"}
    assert listed(manager, "state=draft") == {"about_pro"}
    assert listed(manager, "state=published") == {"all", "about_reports"}
    assert listed(manager, "state=expired") == {"old"}
    assert listed(manager, "state=archived") == {"gone"}
    assert listed(manager, "q=first+steps") == {"all"}
    assert listed(manager, "kind=%00&feature=x&plan=99999999999999999999") >= {"all"}


def test_figures_count_people_and_programs_apart(manager):
    made = content("shown")
    for because in ("", "head", "head"):
        recipient = make_recipient(contact=make_contact())
        ContentSent.objects.create(
            content=made, customer=recipient.customer, how="campaign", recipient=recipient,
            key=f"{recipient.pk}", at=database_clock(), step="hello",
        )  # fmt: skip
        hit = {"recipient": recipient, "step": "hello", "at": database_clock(), "source": "x"}
        LinkHit.objects.create(content=made, because=because, **hit)
    customer = make_customer()
    ContentSent.objects.create(
        content=made, customer=customer, how="noted", key="x", at=database_clock()
    )
    page = manager.get(reverse("library:content", args=[made.pk]))
    received = page.context["row"].received
    assert (received.followed, received.programs) == (1, 2)
    assert received.sent == 1  # mails that never went out don't count
    assert customer.name in page.content.decode()


def test_an_archived_one_can_be_brought_back(manager):
    made = content("shown")
    manager.post(reverse("library:archive", args=[made.pk]))
    made.refresh_from_db()
    assert made.archived_at
    assert listed(manager) == set()
    manager.post(reverse("library:bring_back", args=[made.pk]))
    assert listed(manager) == {"shown"}


def test_the_export_holds_what_the_list_shows(manager):
    content("shown", texts={"en": ENGLISH | {"title": "=1+1"}})
    content("other", kind="news")
    file = b"".join(manager.get(f"{reverse('library:export')}?kind=guide")).decode()
    assert "shown" in file
    assert "'=1+1" in file
    assert "other" not in file


def test_empty_states(manager):
    at = reverse("library:list")
    assert "The library is empty" in manager.get(at).content.decode()
    assert "as far as these filters say" in manager.get(f"{at}?kind=news").content.decode()


def test_the_list_costs_the_same_for_one_row_and_for_many(manager):
    at, counts = reverse("library:list"), []
    for number in (1, 30):
        for _each in range(number):
            content(features=[make_feature("reports")], plans=[make_plan("pro")])
        with CaptureQueriesContext(connection) as queries:
            manager.get(at)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_only_what_the_page_shows_is_counted(manager):
    made = [content() for _number in range(PAGE_SIZE + 1)]
    customer, now = make_customer(), database_clock()
    ContentSent.objects.bulk_create(
        ContentSent(content=each, customer=customer, how="noted", key=each.key, at=now)
        for each in made
    )
    with CaptureQueriesContext(connection) as queries:
        page = manager.get(reverse("library:list"), {"page": 2})
    (row,) = page.context["rows"]
    assert row.received.sent == 1
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    for table in (ContentSent._meta.db_table, LinkHit._meta.db_table):
        (asked,) = (sql for sql in counts if f'FROM "{table}"' in sql)
        assert f'"{table}"."content_id" IN ({row.content.pk})' in asked
