"""The pages of campaigns: list, new, settings, overview, launch, pause, log, customer's panel."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.models import Campaign, CampaignKind, Recipient, StepDone
from campaigns.path_checks import problems
from campaigns.paths import Path
from campaigns.ready_paths import READY
from campaigns.services.drafting import draft_of
from churnapp.models import Organisation
from customers.models import OutgoingEmail, Segment
from customers.segments import uses
from tests.campaign_factories import (
    mail_step,
    make_campaign,
    make_fix,
    make_recipient,
    make_sales_offer,
    path_of,
)
from tests.campaigns.running import go_on, launched
from tests.factories import make_contact, make_customer, make_mail, make_user

pytestmark = pytest.mark.django_db

WAIT = {"key": "w", "kind": "wait", "days": 9}
TASK = {"key": "t", "kind": "task", "what": "Call them"}


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def make_segment(query="country=NO", **fields):
    now = timezone.now()
    fields = {"name": "Norway", "query": query, "created_at": now, "changed_at": now} | fields
    return Segment.objects.create(**fields)


@pytest.mark.parametrize("kind", CampaignKind.values)
def test_each_kind_comes_with_a_path_that_could_be_launched(kind):
    path = Path.read(READY[kind])
    assert problems(path) == []
    assert path.languages == ("en", "nb", "da", "sv")


def test_tasks_of_a_ready_path_are_said_in_the_language_of_who_makes_it():
    with translation.override("sv"):
        made = draft_of("loyalty", "Tack", by=None)
    (task,) = [step for step in Path.read(made.path).steps if step.kind == "task"]
    assert task.what.startswith("Tacka")


def test_a_campaign_is_made_of_a_kind_and_opens_its_settings(manager):
    answer = manager.post(at("new"), {"kind": "win_back", "name": "Back in spring"})
    campaign = Campaign.objects.get()
    assert answer.url == at("edit", campaign.pk)
    assert (campaign.name, campaign.kind, campaign.goal) == (
        "Back in spring",
        "win_back",
        "returned",
    )
    assert len(Path.read(campaign.path).mails()) == 2


def test_a_new_campaign_without_a_name_keeps_the_kind(manager):
    answer = manager.post(at("new"), {"kind": "news", "name": ""})
    assert answer.status_code == 422
    assert b'value="news" selected' in answer.content


def settings_of(campaign, **changes):
    return {
        "seen_at": campaign.changed_at.isoformat(), "name": campaign.name, "kind": campaign.kind,
        "entry": "frozen", "holdout_percent": 10, "goal": "returned", "horizon_days": 90,
        "strength": 50, "audience": campaign.audience,
    } | changes  # fmt: skip


def test_settings_are_saved_and_a_segment_stands_for_its_query(manager):
    campaign, segment = make_campaign(audience=""), make_segment()
    given = settings_of(campaign, chosen=f"segment={segment.pk}", strength=70, roles=["billing"])
    answer = manager.post(at("edit", campaign.pk), given)
    assert answer.url == at("edit", campaign.pk)
    campaign.refresh_from_db()
    assert (campaign.audience, campaign.strength) == (f"segment={segment.pk}", 70)
    assert campaign.roles == ["billing"]
    assert b"Norway" in manager.get(at("overview", campaign.pk)).content


def test_a_segment_says_which_campaigns_are_for_it():
    segment = make_segment()
    campaign = make_campaign(audience=f"segment={segment.pk}", name="Spring")
    make_campaign(audience=f"segment={segment.pk}", state="archived")
    make_campaign(audience="country=NO")
    found = uses([segment.pk])[segment.pk]
    assert [(use.what, use.href) for use in found] == [("Spring", at("overview", campaign.pk))]


def test_an_audience_that_cant_be_read_is_told_at_its_field(manager):
    campaign = make_campaign()
    answer = manager.post(at("edit", campaign.pk), settings_of(campaign, audience="colour=blue"))
    assert answer.status_code == 422
    assert "colour" in str(answer.context["form"].errors["audience"])


def test_the_second_of_two_people_is_told_and_keeps_what_they_typed(manager):
    campaign = make_campaign(name="First")
    mine = settings_of(campaign, name="Mine")
    manager.post(at("edit", campaign.pk), settings_of(campaign, name="Theirs"))
    answer = manager.post(at("edit", campaign.pk), mine)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="Mine"' in shown
    assert "Theirs" in shown
    assert Campaign.objects.get().name == "Theirs"
    manager.post(at("edit", campaign.pk), mine | {"seen_at": answer.context["seen_at"]})
    assert Campaign.objects.get().name == "Mine"


def test_of_a_campaign_in_use_only_name_and_note_change(manager):
    make_contact()
    campaign = launched(make_campaign())
    given = settings_of(campaign, name="Renamed", strength=99)
    assert manager.post(at("edit", campaign.pk), given).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.name, campaign.strength) == ("Renamed", 50)


def test_the_list_filters_and_counts(manager):
    running, draft = make_campaign(kind="news"), make_campaign(kind="loyalty")
    make_contact()
    launched(running)
    go_on(running)
    rows = manager.get(at("list")).context["rows"]
    assert [(row.campaign, row.treated) for row in rows] == [(draft, 0), (running, 1)]
    for query, found in (
        ({"kind": "news"}, [running]),
        ({"state": "draft"}, [draft]),
        ({"state": "paused"}, []),
        ({"show": "archived"}, []),
        ({"kind": "nonsense"}, [draft, running]),
    ):
        rows = manager.get(at("list"), query).context["rows"]
        assert [row.campaign for row in rows] == found


def test_an_empty_list_says_what_campaigns_are_and_leads_on(manager):
    shown = manager.get(at("list")).content.decode()
    assert "No campaign yet" in shown
    assert at("new") in shown


def test_a_drafts_size_is_counted_apart(manager):
    make_customer()
    campaign = make_campaign()
    assert "1 fits now" in manager.get(at("size", campaign.pk)).content.decode()
    unreadable = make_campaign(audience="segment=999")
    assert "999" in manager.get(at("size", unreadable.pk)).content.decode()


def test_the_overview_draws_who_is_where(manager):
    path = path_of(
        mail_step(),
        {"key": "w", "kind": "wait", "days": 3},
        {"key": "b", "kind": "branch", "asks": "clicked", "yes": "end", "no": "again"},
        mail_step("again"),
    )
    for _ in range(2):
        make_contact()
    make_customer()  # nobody to write to
    campaign = launched(make_campaign(path=path))
    go_on(campaign)
    go_on(campaign, days=3.1)
    answer = manager.get(at("overview", campaign.pk))
    drawing = answer.context["drawing"]
    branch = drawing.nodes[2]
    assert [(way.label, way.count, way.share) for way in branch.ways] == [
        ("If so", 0, 0.0),
        ("If not", 2, 1.0),
    ]
    assert [(line.is_no) for line in drawing.lines] == [False]  # the way to the end passes a step
    assert drawing.through == 2
    assert answer.context["left_out"][0][0] == "nobody"
    assert "There is nobody to write to" in answer.content.decode()


@pytest.mark.parametrize("name", ["overview", "recipients", "path", "edit", "list"])
def test_pages_ask_the_same_for_one_and_for_thirty(manager, name, django_assert_max_num_queries):
    def count(people):
        for _ in range(people):
            contact = make_contact()
            make_recipient(campaign, contact=contact, customer=contact.customer)
            make_campaign()
        with django_assert_max_num_queries(60) as asked:
            assert manager.get(address).status_code == 200
        return len(asked)

    campaign = make_campaign()
    address = at(name, *([] if name == "list" else [campaign.pk]))
    manager.get(address)
    assert count(1) == count(29)


@pytest.mark.parametrize("name", ["checks", "launch", "size"])
def test_checks_ask_the_same_for_one_and_for_thirty(manager, name, django_assert_max_num_queries):
    def count(people):
        for _ in range(people):
            make_contact()
        with django_assert_max_num_queries(60) as asked:
            assert manager.get(at(name, campaign.pk)).status_code == 200
        return len(asked)

    campaign = make_campaign()
    manager.get(at(name, campaign.pk))
    assert count(1) == count(29)


def test_the_panel_asks_the_same_for_one_and_for_three(manager, django_assert_max_num_queries):
    def count(campaigns):
        for _ in range(campaigns):
            done = make_recipient(customer=customer)
            StepDone.objects.create(
                recipient=done, step="hello", outcome="mailed", at=timezone.now(),
                mail=make_mail(customer),
            )  # fmt: skip
        with django_assert_max_num_queries(60) as asked:
            assert manager.get(at("customer_panel", customer.pk)).status_code == 200
        return len(asked)

    customer = make_customer()
    manager.get(at("customer_panel", customer.pk))
    assert count(1) == count(2)


def test_a_copy_of_a_long_name_fits(manager):
    campaign = make_campaign(name="x" * 200)
    assert manager.post(at("copy", campaign.pk)).status_code == 302
    assert Campaign.objects.order_by("-pk")[0].name.startswith("Copy of xxx")


def test_a_launch_is_confirmed_with_whom_and_how_many(manager):
    for _ in range(3):
        make_contact()
    campaign = make_campaign()
    shown = manager.get(at("launch", campaign.pk)).content.decode()
    assert "Launch it for 3 customers?" in shown
    assert Campaign.objects.get().state == "draft"
    assert not Recipient.objects.exists()
    answer = manager.post(at("launch", campaign.pk), {"when": "now"})
    assert answer.url == at("overview", campaign.pk)
    assert Campaign.objects.get().state == "running"


def test_a_launch_on_a_day_waits_and_can_be_taken_back(manager):
    make_contact()
    campaign = make_campaign()
    day = timezone.now().astimezone(Organisation.current().zone) + timedelta(days=3)
    given = {"when": "later", "at": f"{day:%Y-%m-%dT%H:%M}"}
    manager.post(at("launch", campaign.pk), given)
    campaign.refresh_from_db()
    assert campaign.state == "scheduled"
    assert abs(campaign.starts_at - day) < timedelta(minutes=1)
    manager.post(at("unschedule", campaign.pk))
    campaign.refresh_from_db()
    assert campaign.state == "draft"


@pytest.mark.parametrize("moment", ["", "2020-01-01T10:00", "soon"])
def test_a_launch_on_no_day_is_refused(manager, moment):
    make_contact()
    campaign = make_campaign()
    answer = manager.post(at("launch", campaign.pk), {"when": "later", "at": moment})
    assert answer.status_code == 422
    assert answer.context["form"].errors["at"]


def test_only_who_may_launch_does(client):
    client.force_login(make_user("csm"))
    campaign = make_campaign()
    assert client.post(at("launch", campaign.pk), {"when": "now"}).status_code == 403
    assert at("launch", campaign.pk) not in client.get(at("overview", campaign.pk)).content.decode()


def test_a_pause_says_why_and_is_undone(manager):
    make_contact()
    campaign = launched(make_campaign())
    answer = manager.post(at("pause", campaign.pk), {"because": ""})
    assert answer.status_code == 422
    manager.post(at("pause", campaign.pk), {"because": "A wrong word"})
    shown = manager.get(at("overview", campaign.pk)).content.decode()
    assert "A wrong word" in shown
    assert at("resume", campaign.pk) in shown
    manager.post(at("resume", campaign.pk))
    assert not Campaign.objects.get().is_paused


def test_finishing_archiving_copying_and_bringing_back(manager):
    make_contact()
    campaign = launched(make_campaign(mail_step(), WAIT, TASK))
    go_on(campaign)
    assert "1 customer is under way" in manager.get(at("finish", campaign.pk)).content.decode()
    answer = manager.post(at("archive", campaign.pk), follow=True)
    assert "Finish it first" in answer.content.decode()
    manager.post(at("finish", campaign.pk))
    manager.post(at("archive", campaign.pk))
    assert Campaign.objects.get().state == "archived"
    manager.post(at("bring_back", campaign.pk))
    assert Campaign.objects.get().state == "finished"
    manager.post(at("copy", campaign.pk))
    copy = Campaign.objects.order_by("-pk")[0]
    assert (copy.state, copy.path, copy.salt == campaign.salt) == ("draft", campaign.path, False)


def test_the_log_says_what_became_of_each_and_why_not(manager):
    contact, left_out = make_contact(name="Kari"), make_customer(name="Without")
    campaign = launched(make_campaign(mail_step(), WAIT, TASK))
    go_on(campaign)
    OutgoingEmail.objects.update(state="suppressed", error_code="unsubscribe")
    answer = manager.get(at("recipients", campaign.pk))
    shown = answer.content.decode()
    assert "Kari" in shown
    assert "has unsubscribed from mails of this kind" in shown
    assert "There is nobody to write to" in shown
    rows = {row.recipient.customer: row for row in answer.context["rows"]}
    assert rows[contact.customer].traces[0].became == "not sent"
    assert rows[left_out].next_at is None
    for query, found in (
        ({"state": "left_out"}, [left_out]),
        ({"why": "nobody"}, [left_out]),
        ({"q": "With"}, [left_out]),
        ({"step": "nonsense"}, [contact.customer, left_out]),
    ):
        rows = manager.get(at("recipients", campaign.pk), query).context["rows"]
        assert [row.recipient.customer for row in rows] == found


def test_the_log_leaves_as_a_file_what_the_filters_choose(manager, client):
    contact = make_contact()
    make_customer(name="Without")
    campaign = launched(make_campaign())
    go_on(campaign)
    answer = manager.get(at("export", campaign.pk), {"state": "done"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert contact.customer.external_id in lines[1]
    assert "We miss you: waiting" in lines[1]
    client.force_login(make_user("csm"))
    assert client.get(at("export", campaign.pk)).status_code == 403


def test_the_customers_page_has_its_campaigns(manager):
    contact = make_contact()
    campaign = launched(make_campaign(mail_step(), WAIT, TASK))
    go_on(campaign)
    address = at("customer_panel", contact.customer.pk)
    assert (
        address
        in manager.get(reverse("customers:detail", args=[contact.customer.pk])).content.decode()
    )
    part = manager.get(address, headers={"HX-Request": "true"}).content.decode()
    assert campaign.name in part
    assert "<html" not in part
    assert campaign.name in manager.get(address).content.decode()
    assert (
        "in no campaign" in manager.get(at("customer_panel", make_customer().pk)).content.decode()
    )


def test_an_offer_in_the_path_is_called_by_its_name(manager):
    offer = make_sales_offer(name="Twenty off")
    campaign = make_campaign({"key": "o", "kind": "offer", "offer": offer.pk})
    assert "Twenty off" in manager.get(at("overview", campaign.pk)).content.decode()


def test_a_campaign_about_a_fix_says_so(manager):
    campaign = make_campaign(fix=make_fix(name="Faster exports"))
    assert "Faster exports" in manager.get(at("overview", campaign.pk)).content.decode()
