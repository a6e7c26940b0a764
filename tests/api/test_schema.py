"""The schema: valid, without warnings, complete."""

from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from campaigns.api import urls as of_offers
from customers.api import urls as of_customers
from feedback.api import urls as of_surveys

RAW = SchemaGenerator().get_schema(request=None, public=True)


def test_it_is_valid_and_warns_of_nothing() -> None:
    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        schema = SchemaGenerator().get_schema(request=None, public=True)
        assert not GENERATOR_STATS
    validate_schema(schema)


def test_it_is_served_without_a_key() -> None:
    answer = Client().get("/api/schema/?format=json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Churnapp API"


def test_it_holds_every_address() -> None:
    described = len(RAW["paths"])
    patterns = [*of_customers.urlpatterns, *of_surveys.urlpatterns, *of_offers.urlpatterns]
    assert described == len({str(pattern.pattern) for pattern in patterns})


def test_a_subscription_says_which_one_it_continues() -> None:
    continues = RAW["components"]["schemas"]["Subscription"]["properties"]["continues"]
    assert continues["readOnly"] is True
    assert "subscription_id" in continues["description"]


def test_requests_are_closed() -> None:
    schemas = RAW["components"]["schemas"]
    requests = {name: schema for name, schema in schemas.items() if name.endswith("Request")}
    assert requests
    assert all(schema["additionalProperties"] is False for schema in requests.values())


def test_keys_and_sessions_both_open_it() -> None:
    schemes = RAW["components"]["securitySchemes"]
    assert schemes["apiKey"]["scheme"] == "bearer"
    assert set(schemes) == {"apiKey", "cookieAuth"}
