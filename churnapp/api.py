"""The API's addresses: version 1, its schema and its documentation."""

from django.urls import include, path

from churnapp.api_schema import DocsView, SchemaView

urlpatterns = [
    path("v1/", include("customers.api.urls")),
    path("v1/", include("feedback.api.urls")),
    path("v1/", include("campaigns.api.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
]
