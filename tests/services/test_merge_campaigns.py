"""Two records of one customer in the same campaign, or told of the same fix, become one."""

import pytest
from django.utils import timezone

from campaigns.models import FixTold, LinkHit, Recipient, StepDone
from customers.services.connections import merge_customers
from tests.factories import make_customer, make_mail
from tests.services.test_merge_reach import make_place, make_telling

pytestmark = pytest.mark.django_db


def test_of_two_in_one_campaign_the_treated_stays_and_is_not_mailed_twice():
    kept, merged = make_customer(), make_customer()
    held_out = make_place(kept, state="held_out", held_out=True, step="")
    treated = make_place(merged, step="later")
    mail = make_mail(merged)
    StepDone.objects.create(
        recipient=treated, step="hello", at=timezone.now(), outcome="mailed", mail=mail
    )

    merge_customers(kept, merged, by=None)

    left = Recipient.objects.get()
    assert (left.pk, left.customer, left.held_out) == (treated.pk, kept, False)
    assert left.steps.get().mail == mail
    assert not Recipient.objects.filter(pk=held_out.pk).exists()
    mail.refresh_from_db()
    assert mail.state == "queued"


def test_of_two_who_are_written_to_the_one_further_on_stays():
    kept, merged = make_customer(), make_customer()
    near, far = make_place(kept), make_place(merged, step="later")
    waiting = make_mail(kept)
    now = timezone.now()
    StepDone.objects.create(recipient=far, step="hello", at=now, outcome="mailed")
    StepDone.objects.create(recipient=far, step="w", at=now, outcome="waited")
    StepDone.objects.create(recipient=near, step="hello", at=now, outcome="mailed", mail=waiting)
    LinkHit.objects.create(recipient=near, step="hello", at=now, source="x")

    merge_customers(kept, merged, by=None)

    left = Recipient.objects.get()
    assert (left.pk, left.customer, left.steps.count()) == (far.pk, kept, 2)
    assert left.hits.count() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error_code) == ("cancelled", "left_campaign")


@pytest.mark.parametrize("kept_came_in", [True, False])
def test_who_came_in_stays_before_who_was_left_out(kept_came_in):
    kept, merged = make_customer(), make_customer()
    came, left_out = (kept, merged) if kept_came_in else (merged, kept)
    make_place(left_out, state="left_out", why="nobody", step="")
    there = make_place(came, state="held_out", held_out=True, step="")

    merge_customers(kept, merged, by=None)

    left = Recipient.objects.get()
    assert (left.pk, left.customer) == (there.pk, kept)


def test_who_was_told_of_a_fix_at_one_record_is_not_told_at_the_other():
    kept, merged = make_customer(), make_customer()
    first, second = make_telling(merged), make_telling(kept)

    merge_customers(kept, merged, by=None)

    told = FixTold.objects.get()
    assert (told.pk, told.customer, told.told_at) == (second.pk, kept, first.told_at)
