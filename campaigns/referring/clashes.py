"""Where an offer's own limits give less than a program of referrals promises."""

from django.utils.translation import gettext as _

from campaigns.models import ReferralProgram


def clashes(program: ReferralProgram) -> list[str]:
    """What keeps rewards of the program waiting, as sentences; none where all can be given."""
    offer, promised = program.reward, program.most_a_referrer
    found = []
    if promised is None or promised > offer.most_a_customer:
        said = _(
            "“%(offer)s” has a limit of %(most)s for one customer, below what this program "
            "promises. Further rewards wait until that limit is raised."
        )
        found.append(said % {"offer": offer.name, "most": offer.most_a_customer})
    if promised != 1 and offer.cool_down_days:
        said = _(
            "“%(offer)s” is made to a customer again only after %(days)s days, so a second reward "
            "waits that long."
        )
        found.append(said % {"offer": offer.name, "days": offer.cool_down_days})
    return found
