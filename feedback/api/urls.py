"""Addresses of `/api/v1/` about surveys."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from feedback.api.invitations import Invitations
from feedback.api.responses import Responses
from feedback.api.surveys import Surveys

router = SimpleRouter(use_regex_path=False)
router.register("surveys", Surveys, "api-survey")
router.register("invitations", Invitations, "api-invitation")
router.register("responses", Responses, "api-response")

urlpatterns: list[URLPattern | URLResolver] = router.urls
