"""Public addresses: offers by their private links."""

from django.urls import path

from campaigns.public_views import offers

app_name = "campaigns"
urlpatterns = [
    path("o/<str:written>", offers.offer, name="offer"),
]
