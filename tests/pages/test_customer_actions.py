"""What people do on a customer's page: each dialog works without script and says what is wrong."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Customer, Interaction, Subscription, Task, Term
from tests.factories import (
    make_contact,
    make_customer,
    make_plan,
    make_subscription,
    make_task,
    stand,
    today_here,
)

TODAY = today_here()


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


@pytest.fixture
def acme(db: None) -> Customer:
    customer = make_customer("Acme", currency="EUR")
    make_subscription(customer, arr=1200)
    stand(customer)
    return customer


def started(**changed: str) -> dict[str, str]:
    """A filled-in form that starts a subscription."""
    form = {
        "plan": str(make_plan("basic").pk),
        "kind": "paid",
        "starts_on": TODAY.isoformat(),
        "amount": "50",
        "interval": "month",
        "currency": "EUR",
        "quantity": "2",
        "auto_renews": "",
    }
    return form | changed


def test_a_subscription_starts_and_the_start_can_be_undone(alices_client, acme):
    response = alices_client.post(address("start_subscription", acme.pk), started(), follow=True)
    new = Subscription.objects.latest("pk")
    assert new.terms.get().arr_minor == 2 * 50 * 12 * 100
    undo = address("withdraw_subscription", new.pk)
    assert undo in response.content.decode()
    alices_client.post(undo)
    assert not Term.objects.standing().filter(subscription=new).exists()


def test_errors_keep_what_was_typed(alices_client, acme):
    form = started(currency="XXY", contract_ends_on="2020-01-01", amount="12")
    response = alices_client.post(address("start_subscription", acme.pk), form)
    text = response.content.decode()
    assert response.status_code == 422
    assert "XXY is no currency" in text
    assert 'value="2020-01-01"' in text
    assert acme.subscriptions.count() == 1


def test_a_rule_that_says_no_stands_at_its_field(alices_client, acme):
    form = started(contract_ends_on="2020-01-01")
    response = alices_client.post(address("start_subscription", acme.pk), form)
    errors = response.context["form"].errors
    assert "must end after" in errors["contract_ends_on"][0]


def test_a_dialog_is_a_page_without_script_and_a_part_with_it(alices_client, acme):
    subscription = acme.subscriptions.get()
    page = alices_client.get(address("end_subscription", subscription.pk))
    part = alices_client.get(
        address("end_subscription", subscription.pk), headers={"HX-Request": "true"}
    )
    assert b"<h1>End this subscription</h1>" in page.content
    assert b"<html" not in part.content
    assert b'id="dialog-title"' in part.content


def test_with_script_the_page_is_loaded_anew_after_the_act(alices_client, acme):
    subscription = acme.subscriptions.get()
    response = alices_client.post(
        address("pause_subscription", subscription.pk),
        {"on": TODAY.isoformat()},
        headers={"HX-Request": "true"},
    )
    assert response["HX-Redirect"].startswith(address("detail", acme.pk))
    acme.standing.refresh_from_db()
    assert acme.standing.state == "paused"


def test_a_dialog_on_the_very_page_it_leads_to_loads_it_anew(alices_client, acme):
    here = "http://testserver" + address("detail", acme.pk)
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    response = alices_client.post(address("write_note", acme.pk), {"text": "Hi"}, headers=headers)
    assert response["HX-Refresh"] == "true"
    assert "HX-Redirect" not in response
    assert "The note is on the timeline." in alices_client.get(here).content.decode()


def test_change_pause_resume_and_end(alices_client, acme):
    subscription = acme.subscriptions.get()
    day = TODAY - timedelta(days=100)
    change = {"on": day.isoformat(), "plan": "", "amount": "2400", "interval": "year"}
    change |= {"currency": "EUR", "quantity": "1"}
    alices_client.post(address("change_subscription", subscription.pk), change)
    for verb, later in (("pause", 20), ("resume", 40), ("end", 60)):
        form = {"on": (day + timedelta(days=later)).isoformat()}
        alices_client.post(address(f"{verb}_subscription", subscription.pk), form)
    believed = subscription.terms.standing().order_by("starts_on")
    assert [(term.kind, term.arr_minor) for term in believed] == [
        ("paid", 120_000),
        ("paid", 240_000),
        ("paused", 0),
        ("paid", 240_000),
    ]
    assert believed.last().ends_on == day + timedelta(days=60)


def test_a_term_is_corrected_and_the_old_belief_stays(alices_client, acme):
    term = Term.objects.get()
    form = {"starts_on": "2024-02-01", "ends_on": "", "plan": "", "kind": "paid"}
    form |= {"amount": "1200", "interval": "year", "currency": "EUR", "quantity": "1"}
    alices_client.post(address("correct_term", term.pk), form)
    assert Term.objects.standing().get().starts_on == date(2024, 2, 1)
    assert Term.objects.count() == 2
    again = alices_client.post(address("correct_term", term.pk), form)
    assert again.status_code == 422


def test_the_contract_is_kept(alices_client, acme):
    subscription = acme.subscriptions.get()
    form = {"contract_ends_on": "2031-01-01", "notice_by": "2030-10-01", "auto_renews": "true"}
    alices_client.post(address("contract", subscription.pk), form)
    subscription.refresh_from_db()
    assert subscription.auto_renews is True
    assert subscription.notice_by == date(2030, 10, 1)
    page = alices_client.get(address("contract", subscription.pk)).content.decode()
    assert '<option value="true" selected>' in page


def test_notes_tasks_and_contacts_are_added(alices_client, acme, alice):
    alices_client.post(address("write_note", acme.pk), {"text": "They grow."})
    task = {"what": "Call", "assignee": str(alice.pk), "due_on": TODAY.isoformat()}
    alices_client.post(address("plan_task", acme.pk), task)
    person = {"name": "Siri", "email": "siri@acme.example", "role": "champion", "language": "nb"}
    alices_client.post(address("add_contact", acme.pk), person)
    assert Interaction.objects.filter(kind="note", summary="They grow.", author=alice).exists()
    assert Task.objects.get().assignee == alice
    assert Contact.objects.get().role == "champion"
    again = alices_client.post(address("add_contact", acme.pk), person)
    assert "has this address" in again.content.decode()


def test_a_task_is_done_undone_put_off_and_given_away(alices_client, acme, bob):
    task = make_task(acme, due_on=TODAY)
    response = alices_client.post(address("finish_task", task.pk), follow=True)
    undo = address("reopen_task", task.pk)
    assert undo in response.content.decode()
    alices_client.post(undo)
    alices_client.post(address("snooze_task", task.pk), {"next": "/"})
    alices_client.post(address("assign_task", task.pk), {"assignee": str(bob.pk)})
    task.refresh_from_db()
    assert (task.done_at, task.due_on, task.assignee) == (None, TODAY + timedelta(days=7), bob)


@pytest.mark.parametrize("due_on", [TODAY, None])
def test_putting_a_task_off_can_be_undone(alices_client, acme, due_on):
    task = make_task(acme, due_on=due_on)
    page = alices_client.post(address("snooze_task", task.pk), {"next": "/"}, follow=True)
    [undo] = re.findall(r'action="(/tasks/\d+/unsnooze/[^"]*)"', page.content.decode())

    back = alices_client.post(unescape(undo))

    task.refresh_from_db()
    assert (back["Location"], task.due_on) == ("/", due_on)
    told = list(acme.interactions.order_by("pk").values_list("verb", flat=True))
    assert told == ["task_postponed", "task_not_postponed"]
    again = alices_client.post(unescape(undo), follow=True)
    assert "This task was changed since" in again.content.decode()


@pytest.mark.parametrize("query", ["", "?until=nonsense", "?until=2025-13-01&due=2025-01-01"])
def test_undoing_what_was_never_put_off_says_so(alices_client, acme, query):
    task = make_task(acme, due_on=TODAY)
    page = alices_client.post(address("unsnooze_task", task.pk) + query, follow=True)
    assert "There is nothing to take back." in page.content.decode()
    task.refresh_from_db()
    assert task.due_on == TODAY


def test_a_way_back_leads_to_our_own_pages_only(alices_client, acme):
    task = make_task(acme)
    finish = address("finish_task", task.pk)
    response = alices_client.post(finish, {"next": "https://evil.example/"})
    assert response["Location"].startswith(address("detail", acme.pk))
    ours = alices_client.post(address("reopen_task", task.pk), {"next": "/?kind=task"})
    assert ours["Location"] == "/?kind=task"


def test_a_contact_left_and_is_back(alices_client, acme):
    contact = make_contact(acme)
    left = address("contact_left", contact.pk)
    alices_client.post(left)
    contact.refresh_from_db()
    assert contact.left_on == TODAY
    alices_client.post(left)
    contact.refresh_from_db()
    assert contact.left_on is None


def form_of(client: Client, name: str, pk: int) -> dict[str, str]:
    """What an opened form would send unchanged."""
    form = client.get(address(name, pk)).context["form"]
    values = {bound.name: bound.value() for bound in form}
    kept = {name: value for name, value in values.items() if value not in (None, False)}
    kept["attributes"] = form["attributes"].field.prepare_value(values.get("attributes", {}))
    return kept


def test_a_customer_is_edited_and_numbers_stay_numbers(alices_client, acme):
    Customer.objects.filter(pk=acme.pk).update(attributes={"seats": 40, "industry": "shipping"})
    form = form_of(alices_client, "edit", acme.pk)
    form |= {"country": "SE", "attributes": "seats: 40\nindustry: fishing\nsize: large"}
    assert alices_client.post(address("edit", acme.pk), form).status_code == 302
    acme.refresh_from_db()
    assert acme.country == "SE"
    assert acme.attributes == {"seats": 40, "industry": "fishing", "size": "large"}


def test_the_second_of_two_editors_sees_what_changed_and_keeps_what_they_typed(alices_client, acme):
    first = form_of(alices_client, "edit", acme.pk)
    second = first | {"name": "Acme of Bergen"}
    alices_client.post(address("edit", acme.pk), first | {"name": "Acme Group"})

    refused = alices_client.post(address("edit", acme.pk), second)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Now: Acme Group" in text
    assert 'value="Acme of Bergen"' in text
    acme.refresh_from_db()
    assert acme.name == "Acme Group"

    knowingly = second | {"seen": refused.context["form"]["seen"].value()}
    assert alices_client.post(address("edit", acme.pk), knowingly).status_code == 302
    acme.refresh_from_db()
    assert acme.name == "Acme of Bergen"


def test_a_form_without_its_seal_is_refused(alices_client, acme):
    form = form_of(alices_client, "edit", acme.pk) | {"seen": "forged"}
    assert alices_client.post(address("edit", acme.pk), form).status_code == 422


def test_a_customer_is_added_by_hand_once(alices_client, alice):
    form = {"external_id": "N-1", "name": "Newcomer", "owner": str(alice.pk), "attributes": ""}
    response = alices_client.post(reverse("customers:add"), form)
    new = Customer.objects.get(external_id="N-1")
    assert response["Location"] == address("detail", new.pk)
    assert new.standing.state == "never"
    again = alices_client.post(reverse("customers:add"), form)
    assert "Another customer has this id" in again.content.decode()


@pytest.mark.parametrize(
    "name", ["edit", "write_note", "plan_task", "add_contact", "hand_over", "merge", "cancel"]
)
def test_who_only_reads_may_not_open_a_form(client, charlie, acme, name):
    client.force_login(charlie)
    assert client.get(address(name, acme.pk)).status_code == 403
    assert client.post(address(name, acme.pk)).status_code == 403
