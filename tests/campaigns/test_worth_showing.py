"""What is worth showing to one customer: the part of its page, mails, notes, dismissals."""

import pytest
from django.urls import reverse

from campaigns.models import ContentSent, Recommendation
from customers.models import Interaction, OutgoingEmail
from tests.campaign_factories import make_content, make_recommendation
from tests.factories import make_contact, make_customer, make_feature, make_plan, make_user, stand

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def csm(client):
    client.user = make_user("csm")
    client.force_login(client.user)
    return client


def panel(client, customer):
    answer = client.get(reverse("library:customer_panel", args=[customer.pk]), headers=PART)
    assert answer.status_code == 200
    return answer


def test_it_says_what_similar_customers_use_and_how_many_they_are(csm):
    customer = make_customer()
    make_recommendation(
        customer, feature=make_feature("audit", name="Audit log"), peers=120, users=94, days_here=2
    )
    make_recommendation(customer, plan=make_plan("team"), peers=50, users=40)
    text = panel(csm, customer).content.decode()
    assert "Similar customers that stayed use it: 78% of 120." in text
    assert "Here it was used on 2 days of the last 90." in text
    assert "Of similar customers that stayed, 80% of 50 are on it." in text


def test_it_shows_what_fits_and_why_in_the_customers_language(csm):
    customer = make_customer(language="sv")
    stand(customer)
    audit = make_feature("audit", name="Audit log")
    make_recommendation(customer, feature=audit)
    swedish = {"en": {"title": "A", "summary": "B", "address": "https://example.com"}}
    swedish["sv"] = swedish["en"] | {"title": "Å"}
    about, news = make_content(features=[audit]), make_content(texts=swedish)
    make_content()
    fits = panel(csm, customer).context["fits"]
    assert [fit.content for fit in fits][:2] == [about, news]
    assert fits[0].hint.feature == audit
    assert "It is about Audit log, which they hardly use." in panel(csm, customer).content.decode()


def test_with_nothing_in_it_it_says_so(csm):
    assert "Nothing of the library fits" in panel(csm, make_customer()).content.decode()


def test_a_personal_mail_holds_the_address_and_stands_on_the_timeline(csm):
    contact = make_contact(name="Kari Nordmann", language="nb")
    content = make_content("shown")
    at = reverse("library:send", args=[contact.customer_id, content.pk])
    form = csm.get(at).context["form"]
    assert form.initial["text"].startswith("Hei Kari!")
    data = {**form.initial, "contact": contact.pk}
    csm.post(at, data)
    csm.post(at, data)  # sent twice it is one
    mail = OutgoingEmail.objects.get()
    assert (mail.purpose, mail.written_by, mail.contact) == ("personal", csm.user, contact)
    assert "https://example.com/shown" in mail.text
    sent = ContentSent.objects.get()
    assert (sent.content, sent.how, sent.mail, sent.by) == (content, "mail", mail, csm.user)
    assert Interaction.objects.filter(customer=contact.customer, kind="email").count() == 1
    assert panel(csm, contact.customer).context["fits"] == []


def test_nobody_is_written_to_at_another_customer(csm):
    content, customer = make_content(), make_customer()
    at = reverse("library:send", args=[customer.pk, content.pk])
    data = {"contact": make_contact().pk, "subject": "Hi", "text": "Look", "key": "k"}
    assert csm.post(at, data).status_code == 422
    assert not OutgoingEmail.objects.exists()


def test_what_was_noted_as_sent_is_not_suggested_and_can_be_taken_back(csm):
    customer, content = make_customer(), make_content()
    csm.post(reverse("library:note", args=[customer.pk, content.pk]))
    csm.post(reverse("library:note", args=[customer.pk, content.pk]))
    sent = ContentSent.objects.get()
    assert panel(csm, customer).context["fits"] == []
    csm.post(reverse("library:take_back", args=[sent.pk]))
    assert [fit.content for fit in panel(csm, customer).context["fits"]] == [content]


def test_what_went_out_in_a_mail_is_not_taken_back(csm):
    contact, content = make_contact(), make_content()
    at = reverse("library:send", args=[contact.customer_id, content.pk])
    csm.post(at, {"contact": contact.pk, "subject": "Hi", "text": "Look", "key": "k"})
    csm.post(reverse("library:take_back", args=[ContentSent.objects.get().pk]))
    assert ContentSent.objects.exists()


def test_a_dismissed_one_goes_and_comes_back_by_undo(csm):
    customer = make_customer()
    hint = make_recommendation(customer)
    csm.post(reverse("library:dismiss", args=[hint.pk]))
    hint.refresh_from_db()
    assert hint.dismissed_by == csm.user
    assert list(panel(csm, customer).context["hints"]) == []
    csm.post(reverse("library:recommend_again", args=[hint.pk]))
    assert list(panel(csm, customer).context["hints"]) == [Recommendation.objects.get()]


def test_the_page_of_a_customer_asks_for_it_afterwards(csm):
    customer = make_customer()
    stand(customer)
    page = csm.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert f'hx-get="{reverse("library:customer_panel", args=[customer.pk])}"' in page


def test_its_cost_does_not_grow(csm, django_assert_max_num_queries):
    customer = make_customer()
    stand(customer)
    for number in range(9):
        feature = make_feature(f"feature-{number}")
        make_recommendation(customer, feature=feature)
        make_content(features=[feature], plans=[])
    with django_assert_max_num_queries(12):
        panel(csm, customer)
