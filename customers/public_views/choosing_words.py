"""What a reader's choice means, in the words of the page where they choose."""

from collections.abc import Iterator

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from churnapp.common import formats
from customers.models import MailWishes, SendingRate
from customers.services.preferences import Standing


def next_words(standing: Standing, rules: SendingRate) -> list[str]:
    """What happens next, a sentence each."""
    return list(_sentences(standing, rules))


def _sentences(standing: Standing, rules: SendingRate) -> Iterator[str]:
    if standing.is_stopped:
        yield _(
            "No mail goes to your address now: an earlier one came back or was marked as spam, or"
            " you asked for that. Write to us if you want mail again."
        )
    elif standing.has_left_all:
        yield _("You have unsubscribed from all of this mail and get none of it.")
    elif not standing.wanted:
        yield _("You get none of this mail.")
    else:
        yield from _of_mail(standing, rules)


def _of_mail(standing: Standing, rules: SendingRate) -> Iterator[str]:
    names = [topic.name for topic in standing.topics if topic.pk in standing.wanted]
    listed = get_text_list(names, _("and"))
    if standing.paused_until:
        day = formats.day(standing.paused_until)
        yield _("You get none of this mail before %(day)s.") % {"day": day}
        yield _("Then it goes on with: %(topics)s.") % {"topics": listed}
    else:
        yield _("You get mail on: %(topics)s.") % {"topics": listed}
    if standing.days_between:
        often = MailWishes.Often(standing.days_between).label
        yield capfirst(f"{often}.")
    else:
        yield how_often(rules)


def how_often(rules: SendingRate) -> str:
    """What is offered: the contact budget of one person."""
    told = ngettext(
        "At most %(mails)s mail in %(days)s days, all of it together.",
        "At most %(mails)s mails in %(days)s days, all of it together.",
        rules.most_a_contact,
    )
    return told % {
        "mails": formats.number(rules.most_a_contact),
        "days": formats.number(rules.contact_days),
    }
