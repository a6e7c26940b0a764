"""Public addresses: offers by their private links, and the links of campaigns' mails."""

from django.urls import path

from campaigns.public_views import following, offers

app_name = "campaigns_public"
urlpatterns = [
    path("o/<str:written>", offers.offer, name="offer"),
    path("l/<str:written>/<slug:step>", following.follow, name="follow"),
]
