"""Addresses of pages about surveys, for members of staff."""

from django.urls import path

from feedback.views import results

app_name = "surveys"
urlpatterns = [
    path("", results.survey_list, name="list"),
    path("<int:pk>/results/", results.survey_results, name="results"),
    path("<int:pk>/export/", results.export, name="export"),
]
