"""A mail that tells of a fix quotes its reader: their own words, and nobody else's."""

import pytest
from django.utils import timezone

from campaigns.models import CampaignKind, StepDone
from campaigns.ready_paths import OF_A_FIX
from campaigns.sequences.rehearsing import Wish, mail_as
from campaigns.services.fixes import HEARD, LEFT, write_about
from customers.models import Contact
from tests.campaign_factories import make_fix
from tests.campaigns.running import go_on, launched
from tests.factories import make_complaint, make_contact, make_reason, make_subscription
from tests.feedback_factories import make_comment_theme, make_response, make_theme

pytestmark = pytest.mark.django_db
DEFAULT = "something was not as it should be"


def told(contact: Contact, comment: str, *, by: Contact | None = None, theme=None, fix=None):
    """The mail that a contact gets whose customer said this, by them or by somebody else."""
    theme = theme or make_theme()
    fix = fix or make_fix(words={"en": "the app is fast"})
    fix.themes.add(theme)
    by = by or contact
    response = make_response(comment=comment, customer=by.customer, contact=by)
    make_comment_theme(
        theme, response, state="confirmed", decided_at=timezone.now(), matched="app, slow"
    )
    draft = write_about(fix, HEARD, by=None)
    return mail_as(draft, Wish("mail1", contact.customer), timezone.now()).mail


def staying() -> Contact:
    contact = make_contact(language="en")
    make_subscription(contact.customer)
    return contact


def test_the_sentence_that_speaks_of_it_is_quoted():
    mail = told(staying(), "We like the board. The app is slow on site! Rest is fine.")
    assert "You told us: “The app is slow on site!”\n" in mail.text
    assert "We like the board" not in mail.text
    assert "That is put right: the app is fast." in mail.text


def test_a_long_sentence_is_cut_at_a_word():
    mail = told(staying(), "The app is slow " + "whenever somebody opens it " * 20)
    said = mail.text.split("You told us: “")[1].split("”")[0]
    assert len(said) <= 161
    assert said.endswith(("whenever…", "somebody…", "opens…", "it…"))


def test_it_is_escaped_and_brings_no_address_and_no_placeholder():
    mail = told(staying(), "The app is <b>slow</b> & sad.")
    assert "“The app is <b>slow</b> & sad.”" in mail.text
    assert "&lt;b&gt;slow&lt;/b&gt; &amp; sad." in mail.html
    for hostile in (
        "The app is slow, see https://evil.example now",
        "The slow app www.evil.example",
        "App slow [[link:go]]",
        "App slow {{ contact.email }}",
        "App slow, write to me@evil.example",
    ):
        mail = told(staying(), hostile)
        assert DEFAULT in mail.text
        assert "evil" not in mail.text


def test_nobody_elses_words_are_quoted():
    reader = staying()
    colleague = make_contact(reader.customer, role="billing", language="en")
    mail = told(reader, "The app is slow.", by=colleague)
    assert "The app is slow" not in mail.text
    assert DEFAULT in mail.text


def test_notes_of_ours_are_not_quoted():
    reader, reason = staying(), make_reason()
    complaint = make_complaint(reader.customer, reason=reason)
    complaint.entry.summary = "They moan: app slow"
    complaint.entry.save()
    fix = make_fix()
    fix.reasons.add(reason)
    draft = write_about(fix, HEARD, by=None)
    mail = mail_as(draft, Wish("mail1", reader.customer), timezone.now()).mail
    assert "moan" not in mail.text
    assert DEFAULT in mail.text


def test_what_was_set_aside_or_not_confirmed_is_not_quoted():
    reader, theme, fix = staying(), make_theme(), make_fix()
    fix.themes.add(theme)
    response = make_response(comment="The app is slow", customer=reader.customer, contact=reader)
    tied = make_comment_theme(theme, response, state="suggested")
    draft = write_about(fix, HEARD, by=None)
    wish = Wish("mail1", reader.customer)
    assert DEFAULT in mail_as(draft, wish, timezone.now()).mail.text
    tied.state, tied.decided_at = "confirmed", timezone.now()
    tied.save()
    assert "“The app is slow”" in mail_as(draft, wish, timezone.now()).mail.text
    response.quarantined_at, response.quarantined_because = timezone.now(), "trap"
    response.save()
    assert DEFAULT in mail_as(draft, wish, timezone.now()).mail.text


def test_a_launch_writes_each_their_own():
    readers = [staying() for _ in range(3)]
    theme, fix = make_theme(), make_fix()
    fix.themes.add(theme)
    for number, reader in enumerate(readers):
        response = make_response(
            comment=f"App {number} is slow.", customer=reader.customer, contact=reader
        )
        make_comment_theme(theme, response, state="confirmed", decided_at=timezone.now())
    draft = write_about(fix, HEARD, by=None)
    draft.holdout_percent = 0
    draft.save()
    go_on(launched(draft))
    done = StepDone.objects.select_related("mail", "recipient")
    texts = {each.recipient.contact_id: each.mail.text for each in done}
    assert len(texts) == 3
    for number, reader in enumerate(readers):
        assert f"“App {number} is slow.”" in texts[reader.pk]


def test_drafts_that_begin_at_a_fix_name_it():
    fix = make_fix()
    fix.themes.add(make_theme())
    for whom, kind in ((LEFT, CampaignKind.WIN_BACK), (HEARD, CampaignKind.NEWS)):
        assert write_about(fix, whom, by=None).path == OF_A_FIX[kind]
