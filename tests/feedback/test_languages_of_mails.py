"""Who says no language gets that of their country, however the country is written."""

import pytest

from customers.mail.hours import zone_of
from feedback.content import Content
from feedback.inviting.letters import OF_COUNTRY, language_for
from tests.factories import make_contact, make_customer, make_organisation

pytestmark = pytest.mark.django_db
CONTENT = Content.read({"languages": ["en", "nb", "da", "sv"], "questions": [], "texts": {}})


@pytest.mark.parametrize(
    "country, language",
    [
        ("NO", "nb"),
        ("Norge", "nb"),
        ("noreg ", "nb"),
        ("Danmark", "da"),
        ("dk", "da"),
        ("SVERIGE", "sv"),
        ("Sweden", "sv"),
        ("Finland", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_country(country, language):
    contact = make_contact(make_customer(country=country, language=""), language="")
    assert language_for(contact, CONTENT) == language


def test_each_country_with_a_language_has_its_quiet_hours():
    elsewhere = make_organisation(timezone="Pacific/Auckland")
    assert {zone_of(country, elsewhere).key for country in OF_COUNTRY} == {
        "Europe/Oslo",
        "Europe/Copenhagen",
        "Europe/Stockholm",
    }
