"""What the demo company's campaigns, offers, fixes and cancel flow came to."""

from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from campaigns.approving import needs_approval
from campaigns.demo.building import build as act
from campaigns.effects.rates import effect_of
from campaigns.leaving.evidence import is_whole
from campaigns.models import (
    Campaign,
    CancelVisit,
    FixTold,
    Grant,
    LinkHit,
    Offer,
    OfferRules,
    Recipient,
    StepDone,
)
from campaigns.results.asking import Asked
from campaigns.results.outcomes import outcomes_of
from churnapp.models import Organisation
from customers.demo import setting
from customers.demo.company import build
from customers.demo.loading import load
from customers.demo.world import World
from customers.metrics.checks import run_checks
from customers.models import Interaction, OutgoingEmail, Term
from customers.services.reasons import install_reason_list

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


def count_from_one() -> None:
    """Number rows as in a new database, whatever ran before: holdouts are drawn by their keys."""
    acting = (apps.get_app_config(name) for name in ("customers", "campaigns"))
    ours = [model for app in acting for model in app.get_models()]
    empty = [one for one in ours if not one._default_manager.exists()]
    places = [{"table": one._meta.db_table, "column": one._meta.pk.column} for one in empty]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), places):
            cursor.execute(statement)


def acted() -> World:
    """The company and its campaigns, without surveys and nights, which take longest."""
    count_from_one()
    setting.name_organisation()
    organisation = Organisation.current()
    world = World(2000, 7, TODAY, organisation.zone, organisation.currency)
    setting.hire()
    setting.stock(world.story)
    install_reason_list("subscription")
    with transaction.atomic():
        company = build(world)
        load(company)
        act(company)
    return world


def verdicts() -> dict[str, str]:
    """What may be said of each campaign whose horizon is over."""
    campaigns = list(Campaign.objects.exclude(batch=None))
    asked = Asked.of([each.pk for each in campaigns], Organisation.current(), now=timezone.now())
    found = outcomes_of(asked, campaigns).values()
    return {
        each.campaign.name: effect_of(each.outcome).verdict for each in found if each.is_readable
    }


def test_they_stand_in_every_state_and_tell_what_they_came_to() -> None:
    world = acted()
    states = Counter(Campaign.objects.values_list("state", flat=True))
    assert set(states) == {"draft", "scheduled", "running", "finished"}
    paused = Campaign.objects.get(state="running", paused_at__isnull=False)
    assert paused.batch is not None
    assert paused.batch.paused_at is not None
    told = verdicts()
    assert told["Come back at a lower price"] == "positive"
    assert told["Tips for planners"] == "no_effect"
    assert told["Home from Planvind"] == "too_few"
    check_recipients(world)
    check_mails()
    check_offers()
    check_visits()
    now = timezone.now()
    assert [each.name for each in run_checks(known_at=now, ran_at=now) if not each.ok] == []


def check_recipients(world: World) -> None:
    """Each once, held out or at some step; nobody is due before today's midnight."""
    arms = Counter(Recipient.objects.values_list("held_out", flat=True))
    assert 0.08 < arms[True] / arms.total() < 0.25
    held = Recipient.objects.filter(held_out=True)
    assert not StepDone.objects.filter(recipient__in=held).exists()
    flowing = Campaign.objects.get(name="Left lately")
    under_way = flowing.recipients.filter(state="under_way")
    assert under_way.values("step").distinct().count() >= 1
    assert not under_way.filter(due_at__lt=world.now).exists()
    assert FixTold.objects.filter(fix__name="The mobile app is fast again").exists()


def check_mails() -> None:
    """Delivered after they were due, followed by people and by programs; none is left to go."""
    mails = OutgoingEmail.objects.filter(purpose="campaign")
    states = Counter(mails.values_list("state", flat=True))
    assert set(states) <= {"delivered", "accepted", "bounced"}
    assert not mails.filter(sent_at__lt=F("due_at")).exists()
    hits = Counter(LinkHit.objects.values_list("because", flat=True))
    assert hits[""] > hits["at_once"] > 0


def check_offers() -> None:
    """Some of each; who came back pays what was offered, then the full price."""
    states = set(Grant.objects.values_list("state", flat=True))
    assert {"accepted", "declined", "expired", "open"} <= states
    assert CancelVisit.objects.filter(why_no_offer="budget").exists()
    rules, not_approved = OfferRules.current(), Offer.objects.filter(approved_at=None)
    waiting = [each.name for each in not_approved if needs_approval(each, rules)]
    assert waiting == ["Half price for half a year"]
    back = Grant.objects.filter(state="accepted").exclude(subscription=None)
    for grant in back.select_related("subscription"):
        terms = (
            Term.objects.standing().filter(subscription=grant.subscription).order_by("starts_on")
        )
        lower, full = terms[0], terms[1]
        assert lower.arr_native_minor == pytest.approx(full.arr_native_minor * 0.7, rel=0.001)
        assert grant.agreed["after"][0]["arr_minor"] == lower.arr_native_minor
        first = Term.objects.filter(subscription=grant.subscription).earliest("recorded_at")
        assert first.recorded_at == grant.settled_at
    assert Interaction.objects.filter(verb="offer_accepted").count() >= back.count() > 10


def check_visits() -> None:
    """Some left, some stayed, some went away; each step stands over the one before."""
    visits = CancelVisit.objects.all()
    ends = Counter(visits.values_list("state", "held_out"))
    assert min(ends["left", False], ends["left", True], ends["saved", False]) > 3
    assert {"offer", "help", "stayed"} <= set(visits.values_list("saved_by", flat=True))
    assert all(is_whole(list(each.steps.all())) for each in visits.prefetch_related("steps")[:40])
    left = visits.filter(state="left").annotate(gone=Count("cancellations"))
    assert not left.filter(gone=0).exists()
