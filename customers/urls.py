"""Addresses of pages about customers."""

from django.urls import path

from customers.views import customer_detail, customer_list, saved_views

app_name = "customers"
urlpatterns = [
    path("customers/", customer_list.customer_list, name="list"),
    path("customers/export.csv", customer_list.export_customers, name="export"),
    path("customers/<int:pk>/", customer_detail.customer_detail, name="detail"),
    path("customers/views/", saved_views.save_view, name="save_view"),
    path("customers/views/<int:pk>/delete/", saved_views.delete_view, name="delete_view"),
]
