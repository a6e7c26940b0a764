"""Another owner for many customers: looked at first, done at once, or by a job."""

import pytest
from django.urls import reverse
from django.utils import timezone

from churnapp.models import Job
from customers import bulk_handovers
from customers.models import BulkHandover, Customer, Handover
from tests.factories import make_customer, make_subscription, make_task, stand, today_here

PAGE = reverse("customers:hand_over_many")
NOW = timezone.now()


@pytest.fixture
def three(db: None, alice) -> list[Customer]:
    found = [make_customer(f"Norse {n}", owner=alice) for n in range(2)]
    found.append(make_customer("Swede", country="SE"))
    for customer in found:
        make_subscription(customer, arr=1200)
    make_task(found[0], assignee=alice)
    stand()
    return found


def order(bob, **changed):
    """A filled-in form: everyone whom the filters choose goes to Bob today."""
    form = {"everyone": "1", "filters": "country=NO", "to": str(bob.pk), "note": "All yours"}
    return form | {"on": today_here().isoformat()} | changed


@pytest.fixture
def bobs_client(client, bob):
    client.force_login(bob)
    return client


def test_the_preview_says_what_changes_hands(bobs_client, three):
    context = bobs_client.get(PAGE, {"everyone": "1", "filters": "country=NO"}).context
    assert (context["count"], context["arr_minor"], context["tasks"]) == (2, 240_000, 1)
    assert context["owners"] == [("Alice Berg", 2)]


def test_ticked_rows_are_meant_and_no_others(bobs_client, bob, three):
    ticked = {"everyone": "", "selected": [str(three[2].pk), "x", "9" * 30]}
    assert bobs_client.get(PAGE, ticked).context["count"] == 1
    bobs_client.post(PAGE, order(bob) | ticked)
    assert list(Customer.objects.filter(owner=bob)) == [three[2]]


def test_everyone_found_changes_hands_with_open_work_and_a_note(bobs_client, bob, three):
    response = bobs_client.post(PAGE, order(bob))
    assert response["Location"] == reverse("customers:list") + "?country=NO"
    assert set(Customer.objects.filter(owner=bob)) == set(three[:2])
    assert three[0].tasks.get().assignee == bob
    assert three[0].interactions.get().summary == "All yours"


def test_a_rule_that_says_no_is_shown(bobs_client, bob, charlie, three):
    response = bobs_client.post(PAGE, order(bob, to=str(charlie.pk)))
    assert response.status_code == 422
    assert "work with customers" in response.content.decode()
    assert not Handover.objects.exists()


def test_nobody_selected_is_said(bobs_client, three):
    assert "Nobody is selected" in bobs_client.get(PAGE).content.decode()
    unreadable = {"everyone": "1", "filters": "signed_up_from=soon"}
    assert "Nobody is selected" in bobs_client.get(PAGE, unreadable).content.decode()


def test_it_takes_the_right_role(alices_client, three):
    assert alices_client.get(PAGE).status_code == 403
    assert alices_client.post(PAGE).status_code == 403


@pytest.fixture
def begun(bobs_client, bob, three, monkeypatch) -> BulkHandover:
    """A handover of two customers that a job is to do."""
    monkeypatch.setattr("customers.views.bulk_actions.AT_ONCE", 1)
    bobs_client.post(PAGE, order(bob))
    return BulkHandover.objects.select_related("job").get()


def page_of(bulk: BulkHandover) -> str:
    return reverse("customers:bulk_hand_over", args=[bulk.pk])


def test_many_are_handed_over_by_a_job(bobs_client, bob, three, begun, monkeypatch):
    monkeypatch.setattr(bulk_handovers, "CHUNK", 1)
    assert not Customer.objects.filter(owner=bob).exists()
    bulk_handovers.work(begun.pk, now=NOW)
    assert set(Customer.objects.filter(owner=bob)) == set(three[:2])
    begun.job.refresh_from_db()
    assert (begun.job.state, begun.job.done, begun.job.total) == ("done", 2, 2)
    text = bobs_client.get(page_of(begun)).content.decode()
    assert "2 of 2 customers" in text
    assert "every 2s" not in text


def test_a_job_that_was_killed_goes_on_and_plans_nobody_twice(begun, monkeypatch):
    monkeypatch.setattr(bulk_handovers, "CHUNK", 1)
    assert bulk_handovers.plan_chunk(begun.pk, now=NOW)
    for _ in range(2):
        bulk_handovers.work(begun.pk, now=NOW)
    assert Handover.objects.count() == 2
    assert Job.objects.get().done == 2


def test_a_job_stops_when_asked(bobs_client, bob, begun, monkeypatch):
    monkeypatch.setattr(bulk_handovers, "CHUNK", 1)
    bulk_handovers.plan_chunk(begun.pk, now=NOW)
    assert "every 2s" in bobs_client.get(page_of(begun)).content.decode()
    bobs_client.post(reverse("customers:stop_hand_over", args=[begun.pk]))
    bulk_handovers.work(begun.pk, now=NOW)
    assert Job.objects.get().state == "cancelled"
    assert Handover.objects.count() == 1
    assert not Customer.objects.filter(owner=bob).exists()
    stopped = reverse("customers:stop_hand_over", args=[begun.pk])
    assert "over already" in bobs_client.post(stopped, follow=True).content.decode()


def test_a_sweep_finds_what_nobody_works_on(begun):
    asked_at = begun.job.created_at
    assert bulk_handovers.unattended(asked_at) == []
    assert bulk_handovers.unattended(asked_at + bulk_handovers.SILENCE) == [begun.pk]
    bulk_handovers.plan_chunk(begun.pk, now=asked_at)
    assert bulk_handovers.unattended(asked_at + bulk_handovers.SILENCE * 2) == [begun.pk]
    bulk_handovers.work(begun.pk, now=asked_at)
    assert bulk_handovers.unattended(asked_at + bulk_handovers.SILENCE * 2) == []


def test_the_job_of_somebody_else_is_a_404(client, bob, begun):
    other = bob.__class__.objects.create_user("other@example.com", name="Other")
    other.groups.set(bob.groups.all())
    client.force_login(other)
    assert client.get(page_of(begun)).status_code == 404
