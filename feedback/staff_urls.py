"""Addresses of pages about surveys, for members of staff."""

from django.urls import path

from feedback.views import (
    customer_panel,
    departure_themes,
    one_answer,
    open_links,
    results,
    score_tiles,
    sending,
    theme_actions,
    themes,
    who_answers,
)

app_name = "surveys"
urlpatterns = [
    path("", results.survey_list, name="list"),
    path("new/", sending.new, name="new"),
    path("<int:pk>/sending/", sending.sending, name="sending"),
    path("<int:pk>/sending/new/", sending.new_rule, name="new_rule"),
    path("rules/<int:pk>/", sending.rule, name="rule"),
    path("rules/<int:pk>/would-do/", sending.would_do, name="would_do"),
    path("rules/<int:pk>/switch/", sending.switch, name="switch_rule"),
    path("answers/<int:pk>/", one_answer.one_answer, name="answer"),
    path("answers/<int:pk>/aside/", one_answer.set_aside, name="set_aside"),
    path("answers/<int:pk>/count/", one_answer.take_in, name="take_in"),
    path("answers/<int:pk>/put-back/", one_answer.put_back, name="put_back"),
    path("themes/", themes.theme_list, name="themes"),
    path("themes/departures/", departure_themes.departure_themes, name="departure_themes"),
    path("themes/<int:pk>/", themes.theme, name="theme"),
    path("themes/<int:pk>/change/", theme_actions.change, name="change_theme"),
    path("themes/<int:pk>/merge/", theme_actions.merge, name="merge_theme"),
    path("themes/<int:pk>/accept/", theme_actions.accept, name="accept_theme"),
    path("themes/<int:pk>/hand-back/", theme_actions.hand_back, name="hand_back_theme"),
    path("themes/<int:pk>/retire/", theme_actions.retire, name="retire_theme"),
    path("themes/<int:pk>/restore/", theme_actions.restore, name="restore_theme"),
    path("themes/comments/<int:pk>/confirm/", theme_actions.confirm, name="confirm_comment"),
    path("themes/comments/<int:pk>/reject/", theme_actions.reject, name="reject_comment"),
    path("themes/comments/<int:pk>/reopen/", theme_actions.reopen, name="reopen_comment"),
    path("tiles/", score_tiles.tiles, name="tiles"),
    path("customers/<int:pk>/panel/", customer_panel.customer_panel, name="customer_panel"),
    path("invitations/<int:pk>/call-back/", customer_panel.call_back, name="call_back"),
    path("<int:pk>/links/", open_links.links, name="links"),
    path("<int:pk>/links/new/", open_links.add, name="new_link"),
    path("open-links/<int:pk>/", open_links.change, name="change_link"),
    path("open-links/<int:pk>/close/", open_links.close, name="close_link"),
    path("open-links/<int:pk>/open/", open_links.open_again, name="open_link"),
    path("<int:pk>/results/", results.survey_results, name="results"),
    path("<int:pk>/who-answers/", who_answers.who_answers, name="who_answers"),
    path("<int:pk>/export/", results.export, name="export"),
]
