"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path

from churnapp import monitoring, preferences, views

handler404 = "churnapp.api_errors.not_found"
handler500 = "churnapp.api_errors.failed"

urlpatterns = [
    path("", include("customers.urls")),
    path("surveys/", include("feedback.staff_urls")),
    path("campaigns/", include("campaigns.results_urls")),
    path("campaigns/", include("campaigns.staff_urls")),
    path("", include("feedback.urls")),
    path("", include("campaigns.urls")),
    path("", include("feedback.builder_urls")),
    path("offers/", include("campaigns.offer_urls")),
    path("cancel-flows/", include("campaigns.flow_urls")),
    path("referrals/", include("campaigns.referral_urls")),
    path("library/", include("campaigns.library_urls")),
    path("settings/webhooks/", include("feedback.webhook_urls")),
    path("accounts/", include("churnapp.account_urls")),
    path("language/", preferences.choose_language, name="set_language"),
    path("preferences/", preferences.set_preferences, name="preferences"),
    path("preferences/mails/", preferences.mails, name="mail_preferences"),
    path("api/", include("churnapp.api")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("metrics", monitoring.prometheus, name="prometheus"),
    path("readyz", views.readyz, name="readyz"),
]
