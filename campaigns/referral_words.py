"""Why a referral brings nothing, or not yet, in words; and what the page of one says at first."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns import granting
from campaigns.referring import codes
from campaigns.refusals import WHY as OF_OFFERS

# For good, until a person takes it back.
REFUSED: dict[str, Promise] = {
    codes.SELF: _("It is the customer itself, or a company of the same group."),
    codes.SAME_ADDRESS: _("Their address is one of the customer who referred them."),
    codes.SAME_DOMAIN: _(
        "Their addresses are of the same company as the customer who referred them."
    ),
    codes.EXISTING: _("They were a customer, or had signed up, before they were referred."),
    codes.FORMER: _("They had left too short a time ago to count as new."),
    codes.TOO_LATE: _("They signed up later than the program allows."),
    codes.BEFORE: _("Somebody else had referred them before."),
    codes.LEFT_EARLY: _("They left before they had paid as long as the program asks."),
    codes.NO_SIGN_UP: _("They did not sign up within the days of the program."),
    codes.REFERRER_LIMIT: _(
        "The customer who referred them has had as many rewards as one may have."
    ),
    codes.BY_HAND: _("A colleague refused it."),
}
# As long as it lasts.
WAITS: dict[str, Promise] = {
    codes.MONTH_LIMIT: _(
        "As many rewards as a month may have were given: it waits for the next month."
    ),
    granting.NOT_ELIGIBLE: _("The offer is not for the customer who referred them as they stand."),
    **{code: OF_OFFERS[code] for code in granting.CODES if code != granting.NOT_ELIGIBLE},
}
WHY: dict[str, Promise] = REFUSED | WAITS

READY: dict[str, dict[str, str]] = {
    "en": {
        "title": "Somebody recommended us to you",
        "text": "Leave your name and we will get in touch. "
        "It costs nothing and binds you to nothing.",
        "welcome": "",
        "button": "Get in touch with me",
    },
    "nb": {
        "title": "Noen har anbefalt oss til deg",
        "text": "Legg igjen navnet ditt, så tar vi kontakt. Det koster ingenting og er helt "
        "uforpliktende.",
        "welcome": "",
        "button": "Ta kontakt med meg",
    },
    "da": {
        "title": "Nogen har anbefalet os til dig",
        "text": "Skriv dit navn, så kontakter vi dig. Det koster ingenting og er helt "
        "uforpligtende.",
        "welcome": "",
        "button": "Kontakt mig",
    },
    "sv": {
        "title": "Någon har rekommenderat oss till dig",
        "text": "Lämna ditt namn så hör vi av oss. Det kostar ingenting och är helt utan "
        "förpliktelser.",
        "welcome": "",
        "button": "Kontakta mig",
    },
}
