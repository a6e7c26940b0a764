"""Files of mentions: matched as over the API, refused by name, undone with their entries."""

from django.utils import timezone

from customers.importing import running
from customers.models import Interaction, Mention
from customers.services.imports import undo_import
from customers.services.mentions import match_mention
from tests.factories import make_contact, make_customer, make_user
from tests.importing.conftest import Take, counts, refusals

HEADER = (
    "external_id,kind,occurred_at,site,comment,rating,author_email,company,website,customer_id\n"
)
FILE = (
    HEADER + "R1,review,2024-05-01T10:00Z,G2,Good,5,ola@fjord.no,,,\n"
    "R2,omtale,2024-05-01T10:00Z,G2,Bad,1,,FJORD AS,,\n"
    "R3,social,2024-05-01T10:00Z,X,Hm,3,,,https://www.fjord.no/x,\n"
    "R4,word,2024-05-01T10:00Z,Fair,Fine,,,,,C1\n"
    "R5,review,2024-05-01T10:00Z,G2,Hm,,,Unknown,,\n"
)


def fjord():
    customer = make_customer("Fjord AS", external_id="C1")
    make_contact(customer, email="kari@fjord.no")
    return customer


def test_they_are_matched_and_told_once(take: Take) -> None:
    customer = fjord()
    assert counts(take("mentions", FILE)) == (5, 0, 0, 0)
    assert counts(take("mentions", FILE)) == (0, 0, 5, 0)

    found = Mention.objects.order_by("external_id")
    assert [(m.matched_by, m.sentiment) for m in found] == [
        ("domain", 1),
        ("name", -1),
        ("domain", 0),
        ("customer_id", None),
        ("", None),
    ]
    assert Interaction.objects.filter(customer=customer).count() == 4


def test_what_cant_be_taken_is_named(take: Take) -> None:
    fjord()
    rows = (
        "R1,review,2024-05-01T10:00Z,G2,Good,9,,,,\n"
        "R2,review,2024-05-01T10:00Z,G2,Good,4,,,,NOBODY\n"
        "R3,letter,2024-05-01T10:00Z,G2,Good,4,,,,\n"
    )
    taken = take("mentions", HEADER + rows)
    assert [(line, column) for line, column, *_rest in refusals(taken)] == [
        (2, "rating"),
        (3, "customer_id"),
        (4, "kind"),
    ]


def test_undoing_takes_them_off_the_timeline(take: Take) -> None:
    customer = fjord()
    taken = take("mentions", FILE)
    by_hand = Mention.objects.get(external_id="R5")
    match_mention(by_hand, customer, by=None)
    undo_import(taken, by=make_user("manager"), now=timezone.now())
    running.run_stored(taken.pk)

    assert Mention.objects.get() == by_hand
    assert Interaction.objects.get().external_id == by_hand.entry_id
