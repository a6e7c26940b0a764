"""Addresses of `/api/v1/` about campaigns and offers."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from campaigns.api.campaigns import Campaigns, Recipients
from campaigns.api.flows import CancelFlows
from campaigns.api.grants import Grants
from campaigns.api.leaving import CancelVisits
from campaigns.api.library import Contents, Recommendations
from campaigns.api.loyalty import LoyaltyLevels
from campaigns.api.offers import Offers
from campaigns.api.referral_programs import ReferralPrograms
from campaigns.api.referrals import ReferralLinks, Referrals

router = SimpleRouter(use_regex_path=False)
router.register("offers", Offers, "api-offer")
router.register("grants", Grants, "api-grant")
router.register("campaigns", Campaigns, "api-campaign")
router.register("recipients", Recipients, "api-recipient")
router.register("cancel-flows", CancelFlows, "api-cancel-flow")
router.register("cancel-visits", CancelVisits, "api-cancel-visit")
router.register("contents", Contents, "api-content")
router.register("recommendations", Recommendations, "api-recommendation")
router.register("referral-programs", ReferralPrograms, "api-referral-program")
router.register("referral-links", ReferralLinks, "api-referral-link")
router.register("referrals", Referrals, "api-referral")
router.register("loyalty-levels", LoyaltyLevels, "api-loyalty-level")

urlpatterns: list[URLPattern | URLResolver] = router.urls
