"""What the questions of `sql/mentions_match.sql` ask for by name, for one mention or for a file."""

from typing import Any

from django.conf import settings

from churnapp.models import Organisation, User
from customers.models.customer import WORK

# Mail services where anybody has an address: their domain says nothing of a company.
FREE_DOMAINS = (
    "aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.com",
    "hotmail.dk", "hotmail.no", "hotmail.se", "icloud.com", "live.com", "live.dk", "live.no",
    "live.se", "mac.com", "mail.com", "mail.dk", "me.com", "msn.com", "online.no", "outlook.com",
    "outlook.dk", "outlook.no", "outlook.se", "proton.me", "protonmail.com", "start.no",
    "telia.com", "web.de", "yahoo.com", "yahoo.de", "yahoo.dk", "yahoo.no", "yahoo.se",
)  # fmt: skip


def matching_parameters() -> dict[str, Any]:
    """Everything but which mentions: `mention_id`, `import_id` and `moment` are the caller's."""
    return {
        "free_domains": list(FREE_DOMAINS),
        "at_work": list(User.objects.who_may(WORK).values_list("pk", flat=True)),
        "mention_days": settings.MENTION_WORKING_DAYS,
        "zone": Organisation.current().timezone,
    }
