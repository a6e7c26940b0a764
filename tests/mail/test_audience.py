"""One letter to many contacts, in one statement."""

from datetime import UTC, datetime

import pytest

from churnapp.common.errors import RuleError
from customers.mail.audience import Letter, queue_for_audience
from customers.mail.rendering import fill, fill_html, fill_subject, values_for
from customers.models import Contact, OutgoingEmail
from customers.services.privacy import erase_person
from tests.factories import make_contact, make_customer, make_organisation
from tests.mail.conftest import NOON

pytestmark = pytest.mark.django_db
TEXT = (
    'Hi {{ contact.first_name|default:"<you>" }} of {{ customer.name }}, 100 %: '
    "{{ organisation.name }} writes to {{ contact.email }}"
)
LETTER = Letter("{{ contact.name }}, hi", TEXT, f"<p>{TEXT}</p>")


def test_it_says_what_python_would_say():
    organisation = make_organisation(name="A & B")
    customer = make_customer("<Öberg & 'Sons' \"Ltd\">")
    for name in ("Ada\nLovelace <b>", "", "  Bo  Ek "):
        make_contact(customer, name=name)
    assert queue_for_audience(Contact.objects.all(), LETTER, key="spring", now=NOON) == 3
    for mail in OutgoingEmail.objects.select_related("contact", "customer"):
        values = values_for(mail.contact, mail.customer, organisation)
        assert mail.text == fill(LETTER.text, values)
        assert mail.html == fill_html(LETTER.html, values).replace("&#x27;", "'")
        assert mail.subject.strip() == fill_subject(LETTER.subject, values)


def test_a_second_time_adds_nobody_twice():
    make_contact()
    assert queue_for_audience(Contact.objects.all(), LETTER, key="spring", now=NOON) == 1
    make_contact()
    assert queue_for_audience(Contact.objects.all(), LETTER, key="spring", now=NOON) == 1


def test_only_those_chosen_who_may_get_automatic_mail():
    make_contact(left_on=NOON.date())
    make_contact(make_customer(never_automatic=True))
    make_contact(make_customer(country="SE"))
    norwegian = make_contact()
    chosen = Contact.objects.filter(customer__country="NO").order_by("email")
    assert queue_for_audience(chosen, LETTER, key="spring", now=NOON) == 1
    assert OutgoingEmail.objects.get().contact == norwegian


def test_nobody_who_was_erased():
    erase_person(make_contact().email, by=None)
    there = make_contact()
    assert queue_for_audience(Contact.objects.all(), LETTER, key="spring", now=NOON) == 1
    assert OutgoingEmail.objects.get().contact == there


def test_quiet_hours_are_those_of_each_country():
    for country in ("FI", " finland ", "GB", "NO", "Atlantis"):
        make_contact(make_customer(country=country))
    evening = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
    queue_for_audience(Contact.objects.all(), Letter("Hi", "Hi", due_at=evening), key="x", now=NOON)
    due = OutgoingEmail.objects.order_by("pk").values_list("due_at", flat=True)
    assert [moment == evening for moment in due] == [False, False, True, True, True]


def test_it_asks_the_same_for_one_and_for_thirty(django_assert_num_queries):
    for count in (1, 30):
        for _ in range(count):
            make_contact()
        with django_assert_num_queries(3):  # organisation, rules, all rows
            queue_for_audience(Contact.objects.all(), LETTER, key="spring", now=NOON)


def test_an_unknown_placeholder_is_refused():
    with pytest.raises(RuleError):
        queue_for_audience(Contact.objects.all(), Letter("Hi", "{{ x.y }}"), key="x", now=NOON)
