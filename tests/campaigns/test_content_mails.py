"""Contents of the library in mails of campaigns: named, recommended, linked and noted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import ContentSent, LinkHit, Recipient
from campaigns.services.campaigns import change_campaign, finish, launch
from campaigns.services.contents import archive_content
from campaigns.services.launch_checks import check_launch
from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.mail.links import address_of
from customers.mail.messages import build
from customers.models import OutgoingEmail
from customers.services.ledger import database_clock
from tests.campaign_factories import (
    mail_step,
    make_campaign,
    make_content,
    make_recommendation,
    path_of,
)
from tests.campaigns.running import done, go_on, launched
from tests.factories import make_contact, make_customer, make_feature, make_plan, today_here

pytestmark = pytest.mark.django_db
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
PROGRAM = {"User-Agent": "Barracuda link scan"}


def saying(body, subject="For you", **languages):
    texts = {"en": {"subject": subject, "body": body}} | languages
    return path_of(mail_step(texts={"a": texts}), languages=list(texts))


def sent(body, **options):
    """The mail of a campaign that says this."""
    go_on(launched(make_campaign(path=saying(body, **options))))
    return OutgoingEmail.objects.order_by("-pk").first()


def test_a_named_content_has_title_and_summary_in_the_readers_language():
    texts = {
        "en": {"title": "First steps", "summary": "Begin.", "address": "https://example.com/en"},
        "nb": {"title": "Kom <i>gang", "summary": "", "address": "https://example.com/nb"},
    }
    make_content("first_steps", texts=texts)
    make_contact(make_customer(country="NO"), language="nb")
    body = "{{ content.first_steps.title }}: {{ content.first_steps.summary }}"
    mail = sent(body, nb={"subject": "{{ content.first_steps.title }}", "body": body})
    assert mail.subject == "Kom <i>gang"
    assert mail.text.startswith("Kom <i>gang: Begin.")  # what it lacks is English
    assert "Kom &lt;i&gt;gang: Begin." in mail.html


def test_its_link_is_private_leads_on_and_tells_people_from_programs(client):
    content = make_content("first_steps_2")
    make_contact(make_customer(country="NO"))
    mail = sent("Look: {{ content.first_steps_2.link }}")
    recipient = Recipient.objects.get()
    address = address_of(mail.links["content_first_steps_2"])
    message = build(mail, Organisation.current())
    assert f"Look: {address}" in message.body
    assert f'href="{address}"' in str(message.alternatives[0].content)
    assert "Read more" in mail.html
    path = address.partition("//")[2].partition("/")[2]
    answer = client.get(f"/{path}", headers=PERSON)
    assert (answer.status_code, answer.url) == (302, "https://example.com/first_steps_2")
    client.get(f"/{path}", headers=PROGRAM)
    hits = LinkHit.objects.order_by("pk")
    assert [(hit.content, hit.recipient, hit.step) for hit in hits] == [
        (content, recipient, "hello")
    ] * 2
    assert [bool(hit.because) for hit in hits] == [False, True]


def test_a_link_leads_only_to_what_the_mail_showed(client):
    make_content("shown")
    make_content("other")
    make_contact(make_customer(country="NO"))
    mail = sent("Look: {{ content.shown.link }}")
    address = address_of(mail.links["content_shown"]).partition("//")[2].partition("/")[2]
    assert client.get(f"/{address}", headers=PERSON).status_code == 302
    other = address.replace("/shown", "/other")
    assert client.get(f"/{other}", headers=PERSON).status_code == 404


def test_what_a_mail_led_to_is_noted_once():
    content = make_content("shown")
    contact = make_contact(make_customer(country="NO"))
    campaign = launched(make_campaign(path=saying("Look: {{ content.shown.link }}")))
    go_on(campaign)
    go_on(campaign)
    row = ContentSent.objects.get()
    assert (row.content, row.customer, row.contact) == (content, contact.customer, contact)
    assert (row.how, row.step, row.mail) == ("campaign", "hello", OutgoingEmail.objects.get())


def test_each_is_shown_what_fits_them_best():
    reports, audit = make_feature("reports"), make_feature("audit")
    about_reports = make_content(features=[reports])
    about_audit = make_content(features=[audit])
    for_all = make_content(published_on=today_here() - timedelta(days=9))
    keen, careful, other = (make_contact(make_customer(country="NO")) for _n in range(3))
    make_recommendation(keen.customer, feature=reports)
    make_recommendation(keen.customer, feature=audit, strength=0.9)
    make_recommendation(careful.customer, feature=reports)
    go_on(launched(make_campaign(path=saying("{{ recommended.title }} {{ recommended.link }}"))))
    shown = {row.contact: row.content for row in ContentSent.objects.all()}
    assert shown == {keen: about_audit, careful: about_reports, other: for_all}
    for contact, content in shown.items():
        mail = OutgoingEmail.objects.get(contact=contact)
        assert mail.text.startswith(content.text("title"))
        assert mail.links["recommended"]["path"].endswith(f"/{content.key}")


def test_nothing_is_recommended_twice_and_nobody_gets_an_empty_mail():
    make_content()
    make_contact(make_customer(country="NO"))
    body = "{{ recommended.title }}: {{ recommended.link }}"
    first = launched(make_campaign(path=saying(body), strength=50))
    go_on(first)
    second = launched(make_campaign(path=saying(body), strength=60))
    go_on(second)
    assert done(first) == [("hello", "mailed", "")]
    assert done(second) == [("hello", "not_mailed", "no_content")]


@pytest.mark.parametrize("state", ["cancelled", "suppressed", "failed"])
def test_what_never_went_out_is_recommended_again(state):
    make_content()
    make_contact(make_customer(country="NO"))
    body = "{{ recommended.title }}: {{ recommended.link }}"
    go_on(launched(make_campaign(path=saying(body), strength=50)))
    OutgoingEmail.objects.update(state=state)
    second = launched(make_campaign(path=saying(body), strength=60))
    go_on(second)
    assert done(second) == [("hello", "mailed", "")]


def test_what_a_running_campaign_leads_to_is_not_archived():
    content = make_content("guide")
    make_contact(make_customer(country="NO"))
    campaign = launched(make_campaign(path=saying("{{ content.guide.link }}")))
    with pytest.raises(RuleError, match="runs and leads to it"):
        archive_content(content, by=None)
    finish(campaign, by=None)
    archive_content(content, by=None)


def test_with_a_default_the_mail_goes_out_all_the_same():
    make_contact(make_customer(country="NO"))
    mail = sent('{{ recommended.title|default:"Our guides" }} are online.')
    assert mail.text.startswith("Our guides are online.")


def test_dismissed_hints_drafts_and_archived_ones_fit_nobody():
    feature = make_feature()
    contact = make_contact(make_customer(country="NO"))
    make_recommendation(contact.customer, feature=feature, dismissed_at=database_clock())
    make_content(features=[feature])
    make_content(published_on=None)
    make_content(archived_at=database_clock())
    make_content(published_on=today_here() + timedelta(days=1))
    make_content(published_on=today_here() - timedelta(days=9), expires_on=today_here())
    make_content(plans=[make_plan("enterprise")])
    campaign = launched(make_campaign(path=saying("{{ recommended.link }}")))
    go_on(campaign)
    assert done(campaign) == [("hello", "not_mailed", "no_content")]


def test_the_recommended_feature_and_plan_have_names_or_defaults():
    keen, other = (make_contact(make_customer(country="NO")) for _n in range(2))
    make_recommendation(keen.customer, feature=make_feature("audit", name="Audit log"))
    make_recommendation(keen.customer, plan=make_plan("team"))
    body = (
        'Try {{ recommended_feature.name|default:"our reports" }}'
        ' on {{ recommended_plan.name|default:"your plan" }}.'
    )
    go_on(launched(make_campaign(path=saying(body))))
    texts = dict(OutgoingEmail.objects.values_list("contact", "text"))
    assert texts[keen.pk].startswith("Try Audit log on Team.")
    assert texts[other.pk].startswith("Try our reports on your plan.")


def test_it_costs_the_same_for_one_and_for_many():
    make_content("shown")
    make_content()
    counts = []
    for number in (1, 20):
        for _each in range(number):
            make_contact(make_customer(country="NO"))
        body = "{{ content.shown.link }} {{ recommended.link }}"
        campaign = launched(make_campaign(path=saying(body), strength=90 + number // 20))
        with CaptureQueriesContext(connection) as queries:
            go_on(campaign)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_unknown_key_is_refused_when_saving():
    campaign = make_campaign()
    with pytest.raises(RuleError, match="no content “nothing”"):
        change_campaign(campaign, {"path": saying("{{ content.nothing.title }}")}, by=None)


def test_a_link_does_not_stand_in_a_subject():
    make_content("shown")
    make_contact(make_customer(country="NO"))
    path = saying("Hello", subject="{{ content.shown.link }}")
    found = check_launch(make_campaign(path=path), database_clock())
    assert any("not in the subject" in finding.what for finding in found.stops)


def test_the_checks_name_what_is_archived_and_what_is_not_in_a_language():
    make_contact(make_customer(country="NO"))
    make_content("gone", archived_at=database_clock())
    make_content("english")
    words = {"subject": "Hei", "body": "{{ content.english.title }}"}
    path = saying("{{ content.gone.title }} {{ content.english.title }}", nb=words)
    campaign = make_campaign(path=path)
    found = check_launch(campaign, database_clock())
    assert any("is not published: archived" in finding.what for finding in found.stops)
    assert any("they read it in English" in finding.what for finding in found.warns)
    with pytest.raises(RuleError, match="is not published: archived"):
        launch(campaign, by=None)
