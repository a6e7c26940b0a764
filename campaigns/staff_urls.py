"""Addresses of pages about campaigns, for members of staff."""

from django.urls import path

from campaigns.views import (
    campaign_actions,
    campaign_list,
    customer_panel,
    editing,
    fixes,
    launching,
    overview,
    path_editor,
    preview,
    recipients,
)

app_name = "campaigns"
urlpatterns = [
    path("", campaign_list.campaign_list, name="list"),
    path("new/", editing.new, name="new"),
    path("fixes/", fixes.fixes, name="fixes"),
    path("fixes/new/", fixes.new_fix, name="new_fix"),
    path("fixes/<int:pk>/", fixes.fix, name="fix"),
    path("fixes/<int:pk>/audience/", fixes.fix_audience, name="fix_audience"),
    path("fixes/<int:pk>/write/<slug:whom>/", fixes.write_to, name="write_about_fix"),
    path("fixes/<int:pk>/archive/", fixes.archive, name="archive_fix"),
    path("fixes/<int:pk>/bring-back/", fixes.bring_back, name="bring_back_fix"),
    path("customers/<int:pk>/panel/", customer_panel.customer_panel, name="customer_panel"),
    path("<int:pk>/", overview.overview, name="overview"),
    path("<int:pk>/size/", campaign_list.audience_size, name="size"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/path/", path_editor.edit_path, name="path"),
    path("<int:pk>/checks/", launching.checks, name="checks"),
    path("<int:pk>/launch/", launching.start, name="launch"),
    path("<int:pk>/preview/", preview.preview, name="preview"),
    path("<int:pk>/preview/frame/", preview.preview_frame, name="preview_frame"),
    path("<int:pk>/preview/test/", preview.send_test, name="send_test"),
    path("<int:pk>/recipients/", recipients.recipients, name="recipients"),
    path("<int:pk>/recipients/export/", recipients.export, name="export"),
    path("<int:pk>/pause/", campaign_actions.pause, name="pause"),
    path("<int:pk>/resume/", campaign_actions.resume, name="resume"),
    path("<int:pk>/finish/", campaign_actions.finish, name="finish"),
    path("<int:pk>/unschedule/", campaign_actions.unschedule, name="unschedule"),
    path("<int:pk>/archive/", campaign_actions.archive, name="archive"),
    path("<int:pk>/bring-back/", campaign_actions.bring_back, name="bring_back"),
    path("<int:pk>/copy/", campaign_actions.copy, name="copy"),
]
