"""The page of mentions, its dialogs and the trend."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from churnapp.models import User
from customers.models import Mention
from customers.views.reputation import reputation
from tests.factories import make_contact, make_customer, make_mention, today_here

LIST = reverse("customers:mentions")


def address(name: str, pk: int) -> str:
    return reverse(f"customers:{name}", args=[pk])


def test_one_that_was_heard_is_recorded_and_matched(alices_client: Client):
    make_contact(make_customer("Fjord AS"), email="kari@fjord.no")
    form = {
        "kind": "word",
        "occurred_on": today_here().isoformat(),
        "text": "They like it",
        "website": "fjord.no",
        "rating": "4,5",
    }
    page = alices_client.post(reverse("customers:add_mention"), form, follow=True)
    assert "The mention of Fjord AS is recorded." in page.content.decode()
    assert Mention.objects.get().sentiment == 1


def test_a_person_chooses_among_those_that_fit(alices_client: Client):
    customers = [make_customer("Fjord One"), make_customer("Fjord Two")]
    mention = make_mention(company="Fjord")
    url = address("match_mention", mention.pk)
    page = alices_client.get(url).content.decode()
    assert all(customer.name in page for customer in customers)

    assert alices_client.post(url, {"other": "no such id"}).status_code == 422
    page = alices_client.post(url, {"candidate": customers[1].pk}, follow=True)
    assert Mention.objects.get().customer == customers[1]
    undo = address("unmatch_mention", mention.pk)
    assert undo in page.content.decode()
    alices_client.post(undo)
    assert Mention.objects.get().customer is None


def test_a_customer_is_found_by_a_part_of_its_name(alices_client: Client):
    make_customer("Fjord One", external_id="f-1")
    make_customer("Fjord Two", external_id="f-2")
    make_customer("Lake")
    url = reverse("customers:choices")
    page = alices_client.get(url, {"other": "two fjo"}).content.decode()
    assert page.strip() == '<option value="Fjord Two (f-2)"></option>'
    assert not alices_client.get(url, {"other": " "}).content.strip()


@pytest.mark.parametrize("typed", ["Fjord Two (f-2)", "f-2", "fjord two"])
def test_it_is_matched_to_what_was_chosen_by_name_or_id(alices_client: Client, typed: str):
    make_customer("Fjord One", external_id="f-1")
    wanted = make_customer("Fjord Two", external_id="f-2")
    mention = make_mention()
    alices_client.post(address("match_mention", mention.pk), {"other": typed})
    assert Mention.objects.get().customer == wanted


def test_a_name_of_several_is_not_guessed(alices_client: Client):
    for number in range(2):
        make_customer("Fjord", external_id=f"f-{number}")
    mention = make_mention()
    answer = alices_client.post(address("match_mention", mention.pk), {"other": "Fjord"})
    assert "Several customers have this name." in answer.content.decode()


def test_what_was_answered_and_where_stands_with_it_and_on_the_timeline(alices_client: Client):
    customer = make_customer()
    mention = make_mention(customer=customer, matched_by="person")
    url = address("mention_replied", mention.pk)
    assert alices_client.get(url).status_code == 200
    refused = alices_client.post(url, {"text": "Sorry!", "url": "no address"})
    assert refused.status_code == 422
    reply = {"text": "Sorry, it is mended.", "url": "https://example.com/r/1"}
    alices_client.post(url, reply)
    page = alices_client.get(f"{LIST}?show=all").content.decode()
    assert "Sorry, it is mended." in page
    assert 'href="https://example.com/r/1"' in page
    (entry,) = customer.interactions.filter(external_id=mention.entry_id)
    assert entry.summary.endswith("→ Sorry, it is mended. · https://example.com/r/1")
    alices_client.post(address("take_back_reply", mention.pk))
    assert Mention.objects.get().reply_text == ""
    entry.refresh_from_db()
    assert "Sorry" not in entry.summary


@pytest.mark.parametrize(
    "do, undo",
    [("mention_replied", "take_back_reply"), ("set_mention_apart", "unmatch_mention")],
)
def test_ticking_off_is_undone(alices_client: Client, do: str, undo: str):
    mention = make_mention()
    before = Mention.objects.values("replied_at", "matched_by").get()
    page = alices_client.post(address(do, mention.pk), {"next": LIST}, follow=True)
    assert address(undo, mention.pk) in page.content.decode()
    assert Mention.objects.values("replied_at", "matched_by").get() != before
    alices_client.post(address(undo, mention.pk))
    assert Mention.objects.values("replied_at", "matched_by").get() == before


def test_owner_and_deadline_are_given(alices_client: Client, alice: User):
    mention = make_mention()
    form = {"owner": alice.pk, "reply_by": "2099-01-01", "sentiment": "-1"}
    alices_client.post(address("arrange_mention", mention.pk), form)
    mention.refresh_from_db()
    assert (mention.owner, mention.sentiment) == (alice, -1)


def test_the_unmatched_come_first(alices_client: Client):
    make_mention(text="Due", matched_by="nobody", reply_by=today_here())
    make_mention(text="Whose", occurred_at=timezone.now() - timedelta(days=90))
    make_mention(text="Done", matched_by="nobody")
    page = alices_client.get(LIST).content.decode()
    assert page.index("<q>Whose</q>") < page.index("<q>Due</q>")
    assert "<q>Done</q>" not in page
    assert "<q>Done</q>" in alices_client.get(LIST, {"show": "all"}).content.decode()


def test_the_trend_tells_others_from_customers(alices_client: Client, db: None):
    make_mention(rating=1, sentiment=-1)
    make_mention(rating=5, sentiment=1, customer=make_customer())
    latest = reputation(Mention.objects.all(), today=today_here()).months[0]
    assert (latest.all, latest.others, latest.good, latest.others_bad) == (2, 1, 1, 1)
    assert (latest.rating, latest.others_rating) == (3, 1)
    page = alices_client.get(reverse("customers:mention_trend"))
    assert "Mentions a month" in page.content.decode()


def test_every_figure_of_the_trend_leads_to_its_mentions(alices_client: Client, db: None):
    make_mention(sentiment=-1)
    make_mention(sentiment=-1, matched_by="nobody")
    make_mention(sentiment=1, customer=make_customer())
    make_mention(sentiment=1, occurred_at=timezone.now() - timedelta(days=62))
    trend = reputation(Mention.objects.all(), today=today_here())
    cells = [cell for month in trend.months for cell in (*month.cells, *month.others_cells)]
    assert sum(count for count, _href in cells) > 12
    for count, href in cells:
        assert alices_client.get(href).context["listing"].found.count() == count, href
    page = alices_client.get(reverse("customers:mention_trend")).content.decode()
    assert f'href="{escape(trend.months[0].cells[2][1])}"' in page


def test_the_cards_lead_to_theirs(alices_client: Client):
    make_mention(text="Late", matched_by="nobody", reply_by=today_here() - timedelta(days=1))
    make_mention(text="Due", matched_by="nobody", reply_by=today_here())
    page = alices_client.get(LIST, {"owner": "none"}).content.decode()
    assert 'href="?owner=none&amp;show=overdue"' in page
    rows = alices_client.get(LIST, {"show": "overdue"}).context["listing"].page.rows
    assert [row.text for row in rows] == ["Late"]


def test_the_export_holds_what_is_filtered(client: Client, bob: User):
    client.force_login(bob)
    make_mention(text="=cmd")
    make_mention(text="Heard", kind="word")
    answer = client.get(reverse("customers:export_mentions"), {"kind": "review"})
    text = b"".join(answer.streaming_content).decode()
    assert "'=cmd" in text
    assert "Heard" not in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_fragment_costs_the_same(alices_client, alice, rows, django_assert_max_num_queries):
    for _row in range(rows):
        make_mention(customer=make_customer(), owner=alice, reply_by=today_here())
    with django_assert_max_num_queries(8):
        alices_client.get(LIST, headers={"HX-Request": "true"})
