"""Addresses of the builder of surveys."""

from django.urls import path

from feedback.views import builder

app_name = "survey_builder"
urlpatterns = [
    path("surveys/<int:pk>/", builder.build, name="build"),
    path("surveys/<int:pk>/draft/", builder.begin_draft, name="begin_draft"),
    path("surveys/<int:pk>/preview/", builder.preview, name="preview"),
]
