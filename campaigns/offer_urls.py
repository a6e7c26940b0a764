"""Addresses of pages about offers, for members of staff."""

from django.urls import path

from campaigns.views import customer_offers, offer_actions, offer_list, offer_page

app_name = "offers"
urlpatterns = [
    path("", offer_list.offer_list, name="list"),
    path("new/", offer_list.new, name="new"),
    path("rules/", offer_list.rules, name="rules"),
    path("<int:pk>/", offer_page.offer, name="offer"),
    path("<int:pk>/edit/", offer_page.edit, name="edit"),
    path("<int:pk>/preview/", offer_page.preview, name="preview"),
    path("<int:pk>/export/", offer_page.export, name="export"),
    path("<int:pk>/approve/", offer_actions.approve, name="approve"),
    path("<int:pk>/withdraw-approval/", offer_actions.withdraw_approval, name="withdraw_approval"),
    path("<int:pk>/stop/", offer_actions.stop, name="stop"),
    path("<int:pk>/resume/", offer_actions.resume, name="resume"),
    path("<int:pk>/archive/", offer_actions.archive, name="archive"),
    path("<int:pk>/bring-back/", offer_actions.bring_back, name="bring_back"),
    path("customers/<int:pk>/panel/", customer_offers.panel, name="customer_panel"),
    path("customers/<int:pk>/make/", customer_offers.make, name="make"),
    path("made/<int:pk>/accept/", customer_offers.accept, name="accept"),
    path("made/<int:pk>/decline/", customer_offers.decline, name="decline"),
    path("made/<int:pk>/take-back/", customer_offers.take_back_grant, name="take_back"),
    path("made/<int:pk>/give-again/", customer_offers.give_again, name="give_again"),
    path("made/<int:pk>/undo/", customer_offers.undo, name="undo"),
]
