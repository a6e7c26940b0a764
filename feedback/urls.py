"""Public addresses: private links, open links and frames of surveys, and calls of programs."""

from django.urls import path

from feedback.public_views import incoming, open_links, private_links

app_name = "feedback"
urlpatterns = [
    path("hooks/<slug:code>/", incoming.incoming, name="incoming"),
    path("s/o/<slug:code>", open_links.open_answer, name="open_answer"),
    path("s/e/<slug:code>", open_links.embedded_answer, name="embedded_answer"),
    path("s/<str:token>", private_links.answer, name="answer"),
]
