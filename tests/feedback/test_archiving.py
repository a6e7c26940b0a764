"""A survey that has done its work rests: nobody is asked, nothing is lost, and it comes back."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from churnapp.common.errors import RuleError
from churnapp.models import AuditEvent
from customers.models import OutgoingEmail
from customers.services.cancellations import withdraw_cancellation
from feedback.inviting.reminders import remind
from feedback.inviting.rounds import run_rules
from feedback.models import Invitation, Response, SendingRule, Survey
from feedback.services.archiving import archive_survey, bring_back_survey
from feedback.services.sending import switch_on
from tests.factories import make_cancellation, make_contact, make_customer, make_user
from tests.feedback_factories import (
    make_invitation,
    make_open_link,
    make_response,
    make_survey,
    token_of,
)

pytestmark = pytest.mark.django_db
LIST = reverse("surveys:list")


@pytest.fixture
def survey():
    return make_survey("exit", name="Why they leave")


@pytest.fixture
def manager(client):
    client.force_login(make_user("manager"))
    return client


def make_rule_of(survey, trigger="cancellation", **fields):
    fields = {"on_since": timezone.now() - timedelta(days=3)} | fields
    return SendingRule.objects.create(survey=survey, trigger=trigger, **fields)


def make_leaver():
    customer = make_customer()
    make_contact(customer)
    return make_cancellation(customer, recorded_at=timezone.now())


def states():
    return list(OutgoingEmail.objects.order_by("pk").values_list("state", flat=True))


def arrived():
    """Everything that was asked so far went out a while ago."""
    long_ago = timezone.now() - timedelta(days=5)
    OutgoingEmail.objects.update(state="accepted", sent_at=long_ago)


def in_archive(survey):
    archive_survey(survey, by=None)
    survey.refresh_from_db()
    return survey


def archive_at(survey, name="archive"):
    return reverse(f"surveys:{name}", args=[survey.pk])


def test_its_rules_neither_ask_nor_remind_until_it_is_brought_back(survey):
    make_rule_of(survey)
    make_leaver()
    assert run_rules(timezone.now()) == 1
    arrived()
    make_leaver()
    in_archive(survey)

    assert (run_rules(timezone.now()), remind(timezone.now())) == (0, 0)
    assert states() == ["accepted"]

    bring_back_survey(survey, by=None)
    assert (run_rules(timezone.now()), remind(timezone.now())) == (1, 1)


def test_mails_that_wait_are_stopped_and_go_out_when_it_was_a_mistake(survey):
    make_rule_of(survey)
    make_leaver()
    stays = make_leaver()
    run_rules(timezone.now())
    assert states() == ["queued", "queued"]

    assert archive_survey(survey, by=None) == 2
    survey.refresh_from_db()
    assert states() == ["cancelled", "cancelled"]
    withdraw_cancellation(stays, by=None)

    assert bring_back_survey(survey, by=None) == 1
    assert sorted(states()) == ["cancelled", "queued"]
    assert Invitation.objects.get(called_back_at=None).mail.state == "queued"
    assert Invitation.objects.get(cancellation=stays).called_back_at == survey.archived_at


def test_what_was_called_back_before_stays_so_and_after_an_hour_all_does(survey):
    make_rule_of(survey)
    make_leaver()
    run_rules(timezone.now())
    in_archive(survey)
    hours_ago = survey.archived_at - timedelta(hours=2)
    Survey.objects.update(archived_at=hours_ago)
    Invitation.objects.update(called_back_at=hours_ago)

    assert bring_back_survey(survey, by=None) == 0
    assert states() == ["cancelled"]


def test_a_mail_that_failed_while_its_survey_was_archived_is_not_tried_again(survey):
    make_rule_of(survey)
    make_leaver()
    run_rules(timezone.now())
    OutgoingEmail.objects.update(state="claimed")
    in_archive(survey)
    assert states() == ["claimed"]

    OutgoingEmail.objects.update(state="retry")
    run_rules(timezone.now())
    assert states() == ["cancelled"]


def test_a_reminder_that_waits_is_stopped(survey):
    make_rule_of(survey)
    make_leaver()
    run_rules(timezone.now())
    arrived()
    assert remind(timezone.now()) == 1
    in_archive(survey)
    assert states() == ["accepted", "cancelled"]

    OutgoingEmail.objects.filter(state="cancelled").update(state="retry")
    run_rules(timezone.now())
    assert states() == ["accepted", "cancelled"]


def test_sending_by_hand_is_refused_and_a_round_on_its_way_is_over(survey, manager):
    started = make_rule_of(survey, "by_hand")
    in_archive(survey)
    started.refresh_from_db()
    assert started.on_since is None

    page = manager.post(reverse("surveys:switch_rule", args=[started.pk]), follow=True)

    assert "The survey is archived: bring it back before you send it." in page.content.decode()
    assert "Send it now" not in page.content.decode()
    with pytest.raises(RuleError):
        switch_on(started, by=None)
    started.refresh_from_db()
    assert started.on_since is None


def test_a_private_link_that_went_out_is_answered_until_it_expires(survey, client):
    invitation = make_invitation(survey)
    in_archive(survey)
    address = f"/s/{token_of(invitation)}"

    assert client.get(address, follow=True).status_code == 200

    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(address, follow=True).status_code == 404


@pytest.mark.parametrize("name", ["open_answer", "embedded_answer"])
def test_an_open_link_says_that_the_survey_is_closed(survey, client, name):
    link = make_open_link(survey, framed_by="https://www.example.com")
    address = reverse(f"feedback:{name}", args=[link.code])
    in_archive(survey)

    page = client.get(address)
    posted = client.post(address, {"q-why": "price"})

    assert (page.status_code, posted.status_code) == (410, 410)
    assert "This survey is closed" in page.content.decode()
    assert not Response.objects.exists()
    if name == "embedded_answer":
        assert "frame-ancestors https://www.example.com" in page["Content-Security-Policy"]
    bring_back_survey(survey, by=None)
    assert client.get(address).status_code == 200


def test_the_dialog_says_what_stops_and_what_stays(survey, manager, django_assert_max_num_queries):
    make_rule_of(survey)
    make_leaver()
    run_rules(timezone.now())
    make_open_link(survey)
    make_open_link(survey, closed_at=timezone.now())
    sent = OutgoingEmail.objects.get()
    for number in range(2):
        sent.pk, sent.dedupe_key, sent.state = None, f"sent-{number}", "delivered"
        sent.save()
        make_invitation(survey, mail=sent)
    manager.get(archive_at(survey))

    with django_assert_max_num_queries(8):
        page = manager.get(archive_at(survey), headers={"HX-Request": "true"}).content.decode()

    assert "Archive Why they leave?" in page
    assert "1 rule that is on sends nothing any more" in page
    assert "1 mail that waits is stopped" in page
    assert "1 open link says that the survey is closed" in page
    assert "2 private links that went out can still be answered" in page
    assert "Results, answers and words stay" in page


def test_it_is_archived_on_its_page_and_the_toast_brings_it_back(survey, manager):
    results = reverse("surveys:results", args=[survey.pk])
    assert archive_at(survey) in manager.get(results).content.decode()

    page = manager.post(archive_at(survey), {"next": results}, follow=True).content.decode()

    assert "Archived: Why they leave." in page
    assert f"{archive_at(survey, 'bring_back')}?next={results.replace('/', '%2F')}" in page
    assert "its rules send nothing and remind nobody" in page
    again = manager.post(archive_at(survey))
    assert again.status_code == 422
    assert "It is archived already." in again.content.decode()

    back = manager.post(archive_at(survey, "bring_back"), {"next": results}, follow=True)
    assert "Brought back: Why they leave." in back.content.decode()
    twice = manager.post(archive_at(survey, "bring_back"), follow=True)
    assert "It is in use already." in twice.content.decode()
    verbs = AuditEvent.objects.filter(verb__startswith="survey_").order_by("pk")
    assert [event.verb for event in verbs] == ["survey_archived", "survey_brought_back"]
    assert verbs[0].changes["archived_at"][0] is None


@pytest.mark.parametrize("role", ["viewer", "csm"])
def test_who_may_not_change_surveys_sees_no_button(survey, client, role):
    client.force_login(make_user(role))
    for name in ("results", "sending", "links"):
        page = client.get(reverse(f"surveys:{name}", args=[survey.pk])).content.decode()
        assert archive_at(survey) not in page
    in_archive(survey)
    page = client.get(reverse("surveys:results", args=[survey.pk])).content.decode()
    assert "its rules send nothing" in page
    assert archive_at(survey, "bring_back") not in page
    assert client.post(archive_at(survey, "bring_back")).status_code == 403


def test_its_pages_say_that_it_rests_and_offer_nothing_that_is_refused(survey, manager):
    make_rule_of(survey)
    make_open_link(survey)
    in_archive(survey)

    sending = manager.get(reverse("surveys:sending", args=[survey.pk])).content.decode()
    links = manager.get(reverse("surveys:links", args=[survey.pk])).content.decode()

    assert "rests: the survey is archived" in sending
    assert "New rule" not in sending
    assert "closed with the survey" in links
    assert "New open link" not in links
    builder = manager.get(reverse("survey_builder:build", args=[survey.pk])).content.decode()
    assert "its rules send nothing" in builder


def test_the_list_shows_archived_ones_apart_with_their_results(survey, manager):
    make_survey(name="Autumn")
    assert "Nothing is archived" in manager.get(f"{LIST}?show=archived").content.decode()
    make_response(survey, score=None, comment="Too dear")
    in_archive(survey)

    in_use = manager.get(LIST).content.decode()
    archived = manager.get(f"{LIST}?show=archived").content.decode()

    assert "Autumn" in in_use
    assert "Why they leave" not in in_use
    assert "Why they leave" in archived
    assert "archived " in archived
    assert "Autumn" not in archived
    results = manager.get(reverse("surveys:results", args=[survey.pk])).content.decode()
    assert "Too dear" in results


def test_a_list_with_only_archived_ones_says_where_they_are(survey, manager):
    in_archive(survey)

    page = manager.get(LIST).content.decode()

    assert "No survey is in use" in page
    assert f'href="{LIST}?show=archived"' in page


def test_scores_and_the_api_keep_it(survey, manager):
    in_archive(survey)
    out = StringIO()
    call_command("scores", "--format", "csv", stdout=out)
    assert "Why they leave" in out.getvalue()

    shown = manager.get(f"/api/v1/surveys/{survey.pk}/").json()
    assert shown["archived_at"] is not None
    archived = manager.get("/api/v1/surveys/?archived=true").json()["results"]
    assert [each["name"] for each in archived] == ["Why they leave"]
    assert manager.get("/api/v1/surveys/?archived=false").json()["results"] == []
