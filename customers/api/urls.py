"""Addresses of `/api/v1/`."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from customers.api.cancellations import Cancellations
from customers.api.catalogue import Features, Plans
from customers.api.competitors import CompetitorOffers, Competitors
from customers.api.complaints import Complaints
from customers.api.contacts import Contacts
from customers.api.customers import Customers
from customers.api.figures import Cohorts, Metrics, Movements
from customers.api.flags import Flags
from customers.api.interactions import Interactions
from customers.api.mentions import Mentions
from customers.api.reasons import Reasons
from customers.api.segments import Segments
from customers.api.subscriptions import Subscriptions
from customers.api.tasks import Tasks
from customers.api.usage import UsageCounts

router = SimpleRouter(use_regex_path=False)
router.register("customers", Customers, "api-customer")
router.register("contacts", Contacts, "api-contact")
router.register("plans", Plans, "api-plan")
router.register("features", Features, "api-feature")
router.register("subscriptions", Subscriptions, "api-subscription")
router.register("cancellations", Cancellations, "api-cancellation")
router.register("reasons", Reasons, "api-reason")
router.register("usage", UsageCounts, "api-usage")
router.register("interactions", Interactions, "api-interaction")
router.register("complaints", Complaints, "api-complaint")
router.register("competitors", Competitors, "api-competitor")
router.register("competitor-offers", CompetitorOffers, "api-competitor-offer")
router.register("mentions", Mentions, "api-mention")
router.register("risk-flags", Flags, "api-flag")
router.register("segments", Segments, "api-segment")
router.register("tasks", Tasks, "api-task")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("metrics/", Metrics.as_view(), name="api-metrics"),
    path("movements/", Movements.as_view(), name="api-movements"),
    path("cohorts/", Cohorts.as_view(), name="api-cohorts"),
]
