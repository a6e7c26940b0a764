"""Addresses of the pages where other programs are told of answers."""

from django.urls import path

from feedback.views import webhooks

app_name = "webhooks"
urlpatterns = [
    path("", webhooks.webhooks, name="list"),
    path("<int:pk>/", webhooks.webhook, name="webhook"),
    path("<int:pk>/test/", webhooks.test, name="test"),
    path("<int:pk>/switch/", webhooks.switch, name="switch"),
    path("<int:pk>/secret/", webhooks.new_secret, name="secret"),
    path("<int:pk>/delete/", webhooks.delete, name="delete"),
    path("deliveries/<int:pk>/again/", webhooks.again, name="again"),
]
