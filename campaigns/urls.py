"""Public addresses: offers and cancel flows by private links, links of mails and referrals."""

from django.urls import path

from campaigns.public_views import following, leaving, offers, referring

app_name = "campaigns_public"
urlpatterns = [
    path("o/<str:written>", offers.offer, name="offer"),
    path("c/<str:written>", leaving.way_out, name="leave"),
    path("r/<str:code>", referring.recommended, name="referral"),
    path("l/<str:written>/<slug:step>", following.follow, name="follow"),
    path(
        "l/<str:written>/<slug:step>/<slug:content>",
        following.follow_content,
        name="follow_content",
    ),
]
