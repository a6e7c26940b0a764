"""Addresses of pages about referrals and loyalty, for members of staff."""

from django.urls import path

from campaigns.views import (
    customer_referrals,
    loyalty_levels,
    referral_actions,
    referral_list,
    referral_programs,
    referral_results,
)

app_name = "referrals"
urlpatterns = [
    path("", referral_programs.programs, name="list"),
    path("new/", referral_programs.new, name="new"),
    path("results/", referral_results.results, name="results"),
    path("levels/", loyalty_levels.levels, name="levels"),
    path("levels/new/", loyalty_levels.new, name="new_level"),
    path("levels/<int:pk>/edit/", loyalty_levels.edit, name="edit_level"),
    path("levels/<int:pk>/archive/", loyalty_levels.archive, name="archive_level"),
    path("levels/<int:pk>/bring-back/", loyalty_levels.bring_back, name="bring_back_level"),
    path("<int:pk>/", referral_list.program, name="program"),
    path("<int:pk>/edit/", referral_programs.edit, name="edit"),
    path("<int:pk>/preview/", referral_programs.preview, name="preview"),
    path("<int:pk>/export/", referral_list.export, name="export"),
    path("<int:pk>/switch-on/", referral_programs.switch_on, name="switch_on"),
    path("<int:pk>/switch-off/", referral_programs.switch_off, name="switch_off"),
    path("<int:pk>/archive/", referral_programs.archive, name="archive"),
    path("<int:pk>/bring-back/", referral_programs.bring_back, name="bring_back"),
    path("people/<int:pk>/confirm/", referral_actions.confirm, name="confirm"),
    path("people/<int:pk>/match/", referral_actions.match, name="match"),
    path("people/<int:pk>/not-them/", referral_actions.not_them, name="not_them"),
    path("people/<int:pk>/refuse/", referral_actions.refuse, name="refuse"),
    path("people/<int:pk>/reopen/", referral_actions.reopen, name="reopen"),
    path("customers/<int:pk>/panel/", customer_referrals.panel, name="customer_panel"),
    path("customers/<int:pk>/link/", customer_referrals.make_link, name="make_link"),
]
