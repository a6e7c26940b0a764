"""Addresses of pages about customers."""

from django.urls import path

from customers.views import (
    behind,
    cohorts,
    customer_detail,
    customer_list,
    overview,
    saved_views,
)

app_name = "customers"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/checks/", behind.checks, name="checks"),
    path("overview/movements/", behind.movements, name="movements"),
    path("overview/<slug:key>/customers/", behind.metric_customers, name="metric_customers"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/customers/", cohorts.cohort_customers, name="cohort_customers"),
    path("customers/", customer_list.customer_list, name="list"),
    path("customers/export.csv", customer_list.export_customers, name="export"),
    path("customers/<int:pk>/", customer_detail.customer_detail, name="detail"),
    path("customers/views/", saved_views.save_view, name="save_view"),
    path("customers/views/<int:pk>/delete/", saved_views.delete_view, name="delete_view"),
]
