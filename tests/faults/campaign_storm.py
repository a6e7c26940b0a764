"""The storm over a campaign; imported once the settings stand."""

import random
import time
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from campaigns.models import Campaign, Recipient, StepDone
from campaigns.services.campaigns import launch, pause, resume
from campaigns.tasks import advance_campaigns
from churnapp.common.errors import RuleError
from churnapp.common.personal import is_erased_at
from customers import tasks
from customers.mail import suppression
from customers.mail.messages import message_id
from customers.models import Contact, OutgoingEmail, SendingRate
from customers.services import mail as mail_services
from customers.services.privacy import erase_person
from tests.campaign_factories import mail_step, make_campaign, make_sales_offer
from tests.faults.mail_sinks import Sink
from tests.faults.mail_storm import kill_group, new_worker

WORKERS = 2
LONGEST, PAUSE = 5_400.0, 4.0
SETTLES = 3.0  # seconds after a pause in which a mail that was on its way may arrive
PATH = ("deal", "hello", "followed", "call")
State = OutgoingEmail.State
UNSETTLED = (State.QUEUED, State.RETRY, State.CLAIMED)
PEOPLE = """
INSERT INTO customers_customer (external_id, name, organisation_number, country, language, currency,
                                attributes, never_automatic, created_at)
SELECT 'C-' || n, 'Customer ' || n, '', 'NO', 'en', 'EUR', '{}', false, now()
  FROM generate_series(1, %s) AS n;
INSERT INTO customers_contact (customer_id, email, name, role, language)
SELECT id, 'person' || id || '@example.com', 'Person ' || id, 'user', 'en' FROM customers_customer;
ANALYZE customers_customer; ANALYZE customers_contact
"""


def run(given: Namespace, sink: Sink) -> dict[str, int]:
    """Launch twice at once, strike until everybody is through, count."""
    call_command("migrate", verbosity=0)
    SendingRate.objects.update(
        per_minute=10_000_000, burst=100_000, quiet_from=0, quiet_until=0, hold_minutes=0
    )
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE % given.recipients)
    storm = Storm(given, sink)
    try:
        storm.blow()
    finally:
        storm.end_workers()
    return storm.count()


class Storm:
    """Rings as beat does, kills, pauses, and lets recipients leave."""

    def __init__(self, given: Namespace, sink: Sink) -> None:
        self.given, self.sink = given, sink
        offer = make_sales_offer("call", cool_down_days=0)
        self.campaign = make_campaign(
            {"key": "deal", "kind": "offer", "offer": offer.pk},
            mail_step("hello"),
            {"key": "followed", "kind": "branch", "asks": "clicked", "yes": "end"},
            {"key": "call", "kind": "task", "what": "Call them"},
            holdout_percent=10,
        )
        self.workers = []
        self.moved_while_paused = self.pauses = 0
        self.left: dict[str, datetime] = {}  # Message-IDs, and when their recipients had left
        self.rang_at = 0.0

    def blow(self) -> None:
        self.launches = self.launch_twice()
        strikes = [self.kill_worker] * self.given.worker_kills + [self.hold] * self.given.pauses
        strikes += [self.let_some_leave] * 10
        random.shuffle(strikes)
        # Strikes spread over the mails: each when its share of them has come. As many come at least
        # whoever is held out, by four standard deviations, and whoever leaves.
        given = self.given
        expected = 0.9 * given.recipients - 1.2 * given.recipients**0.5 - given.races
        marks = sorted(random.random() * expected for _ in strikes)
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            self.tend_workers()
            self.ring()
            if marks and len(self.sink.came) >= marks[0]:
                marks.pop(0)
                strikes.pop()()
            elif self.is_settled():
                if marks:
                    raise SystemExit(f"Too few mails came for {len(marks)} strikes.")
                return
            time.sleep(0.05)
        raise SystemExit("The storm does not end.")

    def launch_twice(self) -> int:
        def once(_number: int) -> bool:
            try:
                launch(Campaign.objects.get(pk=self.campaign.pk), by=None)
            except RuleError:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2) as pool:
            return sum(pool.map(once, range(2)))

    def tend_workers(self) -> None:
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            self.workers.append(new_worker())

    def end_workers(self) -> None:
        for worker in self.workers:
            kill_group(worker)

    def kill_worker(self) -> None:
        kill_group(random.choice(self.workers))

    def ring(self) -> None:
        if time.monotonic() - self.rang_at < 0.5:
            return
        self.rang_at = time.monotonic()
        with suppress(OperationalError, RedisError, OSError):
            advance_campaigns.delay()
            tasks.deliver_due_mail.delay()
            tasks.sweep_mail.delay()

    def hold(self) -> None:
        """Pause, see that nothing moves once what was on its way is through, and go on."""
        with suppress(RuleError):  # everybody is through already
            pause(Campaign.objects.get(pk=self.campaign.pk), because="A storm", by=None)
            self.pauses += 1
            self.keep_ringing(SETTLES)
            before = self.moved()
            self.keep_ringing(PAUSE)
            self.moved_while_paused += self.moved() - before
            resume(Campaign.objects.get(pk=self.campaign.pk), by=None)

    def keep_ringing(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.tend_workers()
            self.ring()
            time.sleep(0.05)

    def moved(self) -> int:
        return StepDone.objects.count() + sum(self.sink.came.values())

    def let_some_leave(self) -> None:
        """People whose mail waits, or is being sent: half unsubscribe, half are erased."""
        waiting = OutgoingEmail.objects.filter(state__in=UNSETTLED).order_by("due_at", "pk")
        waiting = waiting.exclude(is_erased_at("to_email"))
        few = list(waiting[: self.given.races // 10 * 4])
        for mail in random.sample(few, min(len(few), self.given.races // 10)):
            self.let_leave(mail)

    def let_leave(self, mail: OutgoingEmail) -> None:
        if random.random() < 0.5:
            mail_services.unsubscribe(suppression.address_hmac(mail.to_email), mail.purpose)
        else:
            with transaction.atomic():
                erase_person(mail.to_email, by=None)
        self.left[message_id(mail)] = timezone.now()

    def is_settled(self) -> bool:
        over = Campaign.objects.filter(pk=self.campaign.pk, state="finished").exists()
        return over and not OutgoingEmail.objects.filter(state__in=UNSETTLED).exists()

    def count(self) -> dict[str, int]:
        mails = OutgoingEmail.objects.all()
        begun = {message_id(mail): mail.begun_at for mail in mails if mail.begun_at}
        unsure = {message_id(mail) for mail in mails.filter(state=State.UNCERTAIN)}
        stopped = mails.filter(state__in=(State.SUPPRESSED, State.CANCELLED)).count()
        arrived = set(self.sink.came)
        after = [
            name
            for name, when in self.left.items()
            if name in arrived and (begun.get(name) is None or begun[name] > when)
        ]
        return {
            "launches": self.launches,
            "recipients": Recipient.objects.count(),
            "held_out": Recipient.objects.filter(held_out=True).count(),
            "mails": mails.count(),
            "sent": len(arrived),
            "not_sent": stopped,
            "uncertain": len(unsure),
            "twice": sum(self.sink.came.values()) - len(arrived),
            "lost": mails.count() - stopped - len(arrived | unsure),
            "unequal": self.unequal(),
            "pauses": self.pauses,
            "moved_while_paused": self.moved_while_paused,
            "races": len(self.left),
            "raced_and_mailed": len(after),
        }

    def unequal(self) -> int:
        """Recipients who came in twice, and those through with another number of rows than steps.

        Who left before the end has at most one row a step, and no other.
        """
        through = Recipient.objects.filter(state=Recipient.State.DONE).annotate(rows=Count("steps"))
        short = through.exclude(rows=len(PATH)).count()
        rows = StepDone.objects.values("recipient", "step").annotate(rows=Count("pk"))
        twice = rows.filter(rows__gt=1).count()
        people = Contact.objects.count() - Recipient.objects.count()
        return short + twice + abs(people)
