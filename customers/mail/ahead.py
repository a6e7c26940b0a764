"""The next mail is made ready while the server reads the one before it."""

from collections.abc import Sequence

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from churnapp.models import Organisation
from customers.mail.messages import build
from customers.mail.providers import Post, Ready, RefusedError
from customers.models import OutgoingEmail

log = structlog.get_logger(__name__)


class Ahead:
    """The messages of a run: each made once, at its own turn at the latest."""

    def __init__(self, post: Post, organisation: Organisation) -> None:
        self.post, self.organisation = post, organisation
        self.made: dict[int, Ready] = {}

    def take(self, mail: OutgoingEmail) -> Ready:
        """Raises RefusedError where a link is not there, or an address is none."""
        if made := self.made.pop(mail.pk, None):
            return made
        try:
            message = build(mail, self.organisation)
        except (KeyError, ValueError) as error:
            raise RefusedError(error, "unreadable") from error
        return self.post.ready(message)

    def make(self, mails: Sequence[OutgoingEmail]) -> None:
        """Whatever is wrong with them is told at their turn, and harms no other mail."""
        for mail in mails:
            try:
                self.made[mail.pk] = self.take(mail)
            except SoftTimeLimitExceeded:
                raise
            except Exception:  # told loudly at its turn, when it fails again
                log.info("mail_not_made_ahead", mail=mail.pk, exc_info=True)
