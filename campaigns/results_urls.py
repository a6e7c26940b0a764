"""Addresses of what campaigns did."""

from django.urls import path

from campaigns.views import all_results, results

app_name = "campaign_results"
urlpatterns = [
    path("results/", all_results.all_results, name="all"),
    path("results/export.csv", all_results.export_all, name="export_all"),
    path("<int:pk>/results/", results.results, name="results"),
    path("<int:pk>/results/people/", results.people, name="people"),
    path("<int:pk>/results/export.csv", results.export, name="export"),
]
