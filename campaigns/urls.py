"""Public addresses: offers and cancel flows by private links, and links of campaigns' mails."""

from django.urls import path

from campaigns.public_views import following, leaving, offers

app_name = "campaigns_public"
urlpatterns = [
    path("o/<str:written>", offers.offer, name="offer"),
    path("c/<str:written>", leaving.way_out, name="leave"),
    path("l/<str:written>/<slug:step>", following.follow, name="follow"),
]
