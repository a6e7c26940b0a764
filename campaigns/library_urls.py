"""Addresses of pages about the content library, for members of staff."""

from django.urls import path

from campaigns.views import library_edit, library_list, library_page, library_panel

app_name = "library"
urlpatterns = [
    path("", library_list.content_list, name="list"),
    path("export/", library_list.export, name="export"),
    path("new/", library_edit.new, name="new"),
    path("<int:pk>/", library_page.content, name="content"),
    path("<int:pk>/edit/", library_edit.edit, name="edit"),
    path("<int:pk>/archive/", library_edit.archive, name="archive"),
    path("<int:pk>/bring-back/", library_edit.bring_back, name="bring_back"),
    path("customers/<int:pk>/panel/", library_panel.panel, name="customer_panel"),
    path("customers/<int:pk>/send/<int:content>/", library_panel.send, name="send"),
    path("customers/<int:pk>/note/<int:content>/", library_panel.note, name="note"),
    path("sent/<int:pk>/take-back/", library_panel.take_back_sent, name="take_back"),
    path("recommendations/<int:pk>/dismiss/", library_panel.dismiss, name="dismiss"),
    path(
        "recommendations/<int:pk>/recommend-again/",
        library_panel.recommend_again,
        name="recommend_again",
    ),
]
