"""Addresses of the builder of surveys."""

from django.urls import path

from feedback.views import builder, mail_preview, trials

app_name = "survey_builder"
urlpatterns = [
    path("surveys/<int:pk>/", builder.build, name="build"),
    path("surveys/<int:pk>/draft/", builder.begin_draft, name="begin_draft"),
    path("surveys/<int:pk>/preview/", trials.preview, name="preview"),
    path("surveys/<int:pk>/mail/", mail_preview.mail_preview, name="mail_preview"),
    path("surveys/<int:pk>/mail/test/", mail_preview.send_test, name="send_test"),
    path("surveys/<int:pk>/mail/frame/", mail_preview.mail_frame, name="mail_frame"),
]
