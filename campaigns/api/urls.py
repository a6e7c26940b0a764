"""Addresses of `/api/v1/` about offers."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from campaigns.api.grants import Grants
from campaigns.api.offers import Offers

router = SimpleRouter(use_regex_path=False)
router.register("offers", Offers, "api-offer")
router.register("grants", Grants, "api-grant")

urlpatterns: list[URLPattern | URLResolver] = router.urls
