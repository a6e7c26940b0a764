"""The words of the public notice: what is kept of people, why and for how long.

It is for people at customers, who know none of our models. A test fails for a model about them, or
a period, that no part of the notice tells of.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from churnapp.common import formats
from customers.privacy.purging import periods

Words = str | Promise


@dataclass(frozen=True)
class Part:
    """One kind of thing that is kept; `models` and `periods` by their names."""

    title: Words
    what: Words
    why: Words
    models: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()


PARTS = (
    Part(
        _lazy("Who you are at your work"),
        _lazy("Your name, your e-mail address at work, your role, your language and your company."),
        _lazy("So that we know whom to talk to."),
        ("customers.contact",),
        ("people_who_left",),
    ),
    Part(
        _lazy("What we talked about"),
        _lazy(
            "Notes of calls, meetings and requests for help, your complaints and how they were"
            " settled."
        ),
        _lazy("So that we can help you and keep what we promised."),
        ("customers.interaction", "customers.complaint"),
    ),
    Part(
        _lazy("Mail from us"),
        _lazy("Where a mail went, what it said, when it was sent and whether it arrived."),
        _lazy("So that you get each mail once, and not too many."),
        ("customers.outgoingemail", "customers.mailevent"),
        ("mail_texts", "mail_events"),
    ),
    Part(
        _lazy("Your answers to surveys"),
        _lazy(
            "Which surveys you were asked to answer, your scores, choices and words, and what they"
            " are about."
        ),
        _lazy("So that we learn what to do better, and why some customers leave."),
        (
            "feedback.invitation",
            "feedback.response",
            "feedback.answer",
            "feedback.commenttheme",
        ),
        ("evidence",),
    ),
    Part(
        _lazy("What we offered you"),
        _lazy("Which offers were made to you, and whether they were accepted or declined."),
        _lazy("So that we keep what was agreed, and make you no offer twice."),
        ("campaigns.grant",),
    ),
    Part(
        _lazy("What mail you agreed to"),
        _lazy(
            "Your yes or no to each kind of mail and each topic, how often you want any, when you"
            " said it and where."
        ),
        _lazy("So that you get no mail that you don't want."),
        ("customers.consent", "customers.topicwish", "customers.mailwishes"),
    ),
    Part(
        _lazy("What you wrote about us in public"),
        _lazy("Reviews and mentions: your words, the name they stand under and where they stand."),
        _lazy("So that we can answer you."),
        ("customers.mention",),
        ("authors",),
    ),
    Part(
        _lazy("Campaigns that you were part of"),
        _lazy(
            "Which mails and guides were meant for you, whether they went out, and whether their"
            " links were followed."
        ),
        _lazy("So that you get each of them once, and we learn whether they help anybody."),
        ("campaigns.recipient", "campaigns.stepdone", "campaigns.linkhit", "campaigns.contentsent"),
    ),
    Part(
        _lazy("Who recommended us to you"),
        _lazy(
            "The name, e-mail address and company that you left when somebody recommended us to"
            " you, by whose link you came, and whether you became a customer."
        ),
        _lazy("So that we can get in touch with you, and thank whoever recommended us."),
        ("campaigns.referral",),
        ("referrals",),
    ),
    Part(
        _lazy("How you cancelled"),
        _lazy("The link to cancel that was made for you, what it showed, what you chose and why."),
        _lazy("So that we end it on the right day, and can show that you could leave freely."),
        ("campaigns.cancelvisit", "campaigns.visitstep"),
    ),
    Part(
        _lazy("Records of our programs"),
        _lazy("What programs told each other, and rows of lists that could not be read."),
        _lazy("So that we can find out what went wrong."),
        (),
        ("refused_rows", "webhook_calls", "incoming_calls", "api_answers"),
    ),
)
PERIODS: dict[str, Words] = {
    "people_who_left": _lazy("Name and address, once you have left your job there"),
    "mail_texts": _lazy("What the mail said"),
    "mail_events": _lazy("Reports of whether it arrived"),
    "evidence": _lazy("From where and how fast you answered"),
    "authors": _lazy("Your name and the link to your words"),
    "referrals": _lazy("Your name and address, where you did not become a customer"),
    "refused_rows": _lazy("Rows of lists that could not be read"),
    "webhook_calls": _lazy("That other programs were told something"),
    "incoming_calls": _lazy("What other programs told us"),
    "api_answers": _lazy("Copies of what we answered other programs"),
}


@dataclass(frozen=True)
class Told:
    """A part of the notice with its periods in words."""

    part: Part
    kept: list[tuple[Words, str]]


def notice() -> list[Told]:
    """All parts, with the periods in force."""
    days = periods()
    return [
        Told(part, [(PERIODS[key], kept_for(days[key])) for key in part.periods]) for part in PARTS
    ]


def kept_for(days: int | None) -> str:
    """A period in words."""
    if days is None:
        return _("as long as your company is our customer, and in our history after that")
    return formats.days(days)
