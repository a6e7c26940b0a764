"""Build the demo company, Lysbro: three years of a Nordic software company up to today."""

import secrets
import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from churnapp.models import Organisation, User
from customers import night
from customers.demo import setting
from customers.demo.company import Company, build
from customers.demo.loading import load
from customers.demo.rates import IN_EUROS
from customers.demo.rivals import meet_rivals
from customers.demo.steps import take_further
from customers.demo.tending import save_segments, save_views, tend_flags
from customers.demo.voices import hear_voices
from customers.demo.world import World
from customers.services.reasons import install_reason_list

MANAGER = "manager@demo.example"
# The last nights of Lysbro, so that flags were raised and closed on different days.
NIGHTS = [timedelta(days=ago) for ago in (28, 14, 7, 3, 1, 0)]


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--today", type=date.fromisoformat, help="the last day of the story")
        parser.add_argument("--password", help="for the four logins; a random one if not given")
        parser.add_argument(
            "--logins", action="store_true", help="only set the logins' password, if it is there"
        )
        parser.add_argument(
            "--add", action="store_true", help="also where there are other customers already"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        password = options["password"] or secrets.token_urlsafe(9)
        if setting.is_there():
            self.stdout.write("The demo company is here already; nothing was added to it.")
            if options["logins"]:
                self.show_logins(password)
            return
        if setting.has_others() and not options["add"]:
            raise CommandError(
                "This installation has customers of its own. Run the demo in an empty one, "
                "or add it to these customers with --add."
            )
        self.make(options)
        self.show_logins(password)

    def make(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        with transaction.atomic():
            setting.name_organisation()
            world = self.world(options)
            setting.hire()
            setting.stock(world.story)
            install_reason_list("subscription")
            company = build(world)
            load(company)
            take_further(company)
        self.live_through(world)
        self.tell(company, time.monotonic() - began)

    def live_through(self, world: World) -> None:
        """The nights that raise and close flags, and what people did about them."""
        now = timezone.now()
        for ago in NIGHTS:
            night.run(as_of=world.today - ago, now=now - ago)
        tend_flags(world, now)
        manager = User.objects.get(email=MANAGER)
        save_views(manager)
        save_segments(manager)
        meet_rivals(world, manager)
        hear_voices(world, manager)

    def world(self, options: dict[str, Any]) -> World:
        organisation = Organisation.current()
        if organisation.currency not in IN_EUROS:
            raise CommandError(
                f"The demo knows no rates to {organisation.currency}. "
                f"It can report in {', '.join(IN_EUROS)}."
            )
        if options["customers"] < 1:
            raise CommandError("--customers must be at least 1.")
        today = options["today"] or timezone.localdate(timezone=organisation.zone)
        return World(
            options["customers"], options["seed"], today, organisation.zone, organisation.currency
        )

    def tell(self, company: Company, seconds: float) -> None:
        self.stdout.write(
            f"Lysbro has {len(company.customers)} customers with {len(company.terms)} terms and "
            f"{len(company.interactions)} interactions since {company.world.story.opening_on} "
            f"({seconds:.1f} s)."
        )

    def show_logins(self, password: str) -> None:
        for user in setting.set_passwords(password):
            self.stdout.write(f"  {user.email:<22} {password}")
