"""Addresses of pages about cancel flows, for members of staff."""

from django.urls import path

from campaigns.views import flow_editor, flow_list, flow_results, flow_visits

app_name = "cancel_flows"
urlpatterns = [
    path("", flow_list.flow_list, name="list"),
    path("new/", flow_editor.new, name="new"),
    path("<int:pk>/edit/", flow_editor.edit, name="edit"),
    path("<int:pk>/preview/", flow_editor.preview, name="preview"),
    path("<int:pk>/results/", flow_results.results, name="results"),
    path("<int:pk>/switch-on/", flow_list.switch_on, name="switch_on"),
    path("<int:pk>/switch-off/", flow_list.switch_off, name="switch_off"),
    path("<int:pk>/archive/", flow_list.archive, name="archive"),
    path("<int:pk>/bring-back/", flow_list.bring_back, name="bring_back"),
    path("visits/", flow_visits.visits, name="visits"),
    path("visits/export/", flow_visits.export, name="export"),
    path("visits/<int:pk>/", flow_visits.visit, name="visit"),
    path("visits/<int:pk>/evidence/", flow_visits.evidence, name="evidence"),
    path("customers/<int:pk>/make/", flow_visits.make, name="make"),
]
