"""Every other kind of file: what it makes, what it changes, and that twice gives the same."""

from datetime import date

import pytest
from django.utils import timezone

from customers.models import (
    Cancellation,
    CancellationReason,
    Contact,
    Customer,
    CustomerAlias,
    Feature,
    FxRate,
    Interaction,
    Payment,
    Spend,
    Standing,
    Term,
    Usage,
)
from customers.services.connections import merge_customers
from tests.factories import (
    make_cancellation,
    make_contact,
    make_customer,
    make_reason,
    make_subscription,
    make_usage,
    make_user,
)
from tests.importing.conftest import Take, counts, refusals

FILES = {
    "customers": "customer_id,name,parent_id,size\nC1,One,C2,3\nC2,Two,,4\n",
    "contacts": "customer_id,email,name\nC1,a@example.com,A\nC1,b@example.com,B\n",
    "cancellations": "customer_id,effective_on,reason,comment\n"
    "C1,2024-05-01,Too dear,x\nC1,2024-05-01,Too dear,x\nC1,2024-05-01,,\n",
    "usage": "customer_id,feature,day,count\nC1,x,2024-05-01,1\nC1,y,2024-05-01,2\n",
    "spend": "month,channel,amount,currency,purpose\n"
    "2024-05,ads,10,EUR,\n2024-05,ads,1,EUR,retention\n",
    "interactions": "customer_id,kind,occurred_at,summary\n"
    "C1,call,2024-05-01T10:00Z,hi\nC1,call,2024-05-01T10:00Z,hi\n",
    "mentions": "kind,occurred_at,site,comment,rating\n"
    "review,2024-05-01T10:00Z,G2,Good,4.5\nreview,2024-05-01T10:00Z,G2,Good,4.5\n",
    "rates": "on,currency,rate\n2024-05-01,NOK,0.09\n2024-05-02,NOK,0.091\n",
    "features": "feature,name,released_on,plans\nx,X,2024-05-01,basic|pro\ny,,,\n",
    "payments": "customer_id,due_on,amount,currency,status\n"
    "C1,2024-05-01,10,EUR,paid\nC1,2024-05-01,10,EUR,failed\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_second_import_changes_nothing(take: Take, kind: str) -> None:
    if kind != "customers":
        make_customer(external_id="C1")
    first = take(kind, FILES[kind])
    created, changed, unchanged, refused = counts(first)
    assert (changed, unchanged, refused) == (0, 0, 0)
    assert created == len(FILES[kind].splitlines()) - 1
    assert counts(take(kind, FILES[kind])) == (0, 0, created, 0)


@pytest.mark.parametrize("kind", FILES)
def test_dry_run_changes_nothing(take: Take, kind: str) -> None:
    if kind != "customers":
        make_customer(external_id="C1")
    taken = take(kind, FILES[kind], dry_run=True)
    assert counts(taken)[0] == len(FILES[kind].splitlines()) - 1
    assert taken.job.state == "done"
    models = (Contact, Cancellation, Usage, Spend, Interaction, FxRate, Feature, Payment)
    assert not any(model.objects.exists() for model in models)
    assert Customer.objects.count() == (kind != "customers")


def test_customers_find_parents_and_owners_and_keep_what_the_file_does_not_say(
    take: Take,
) -> None:
    kari = make_user(email="kari@example.com")
    make_customer(external_id="C1", country="NO", never_automatic=True)
    taken = take(
        "customers",
        "customer_id,name,parent_id,owner_email,signed_up_on\n"
        "C1,One,C9,Kari@example.com,2024-01-01\nC9,Group,,nobody@example.com,\n",
    )
    assert counts(taken) == (1, 1, 0, 0)
    assert taken.report["notes"]["owner_unknown"]["examples"] == ["nobody@example.com"]
    one = Customer.objects.get(external_id="C1")
    assert (one.name, one.country, one.owner, one.never_automatic) == ("One", "NO", kari, True)
    assert one.parent == Customer.objects.get(external_id="C9")
    assert Standing.objects.filter(customer__external_id="C9").exists()


def test_owners_who_can_not_work_with_customers_are_refused(take: Take) -> None:
    viewer = make_user("viewer", email="viewer@example.com")
    make_user(email="gone@example.com", is_active=False)
    make_user("manager", email="bob@example.com")
    make_customer(external_id="C4", owner=viewer)
    taken = take(
        "customers",
        "customer_id,name,owner_email\nC1,One,Viewer@example.com\nC2,Two,gone@example.com\n"
        "C3,Three,bob@example.com\nC4,Four,viewer@example.com\nC5,Five,\n",
        skip_refused=True,
    )
    reads, left = refusals(taken)
    assert reads[:3] == (2, "owner_email", "Viewer@example.com")
    assert "may only read" in reads[3]
    assert "Name somebody who can, or ask an administrator" in reads[3]
    assert left[:3] == (3, "owner_email", "gone@example.com")
    assert "no longer works here" in left[3]
    assert sorted(Customer.objects.values_list("external_id", "owner__email")) == [
        ("C3", "bob@example.com"),
        ("C4", "viewer@example.com"),
        ("C5", None),
    ]


def test_customers_that_contradict_themselves_are_refused(take: Take) -> None:
    taken = take(
        "customers",
        "customer_id,parent_id\nA,B\nB,C\nC,A\nD,D\nE,nowhere\nF,\nF,\n",
    )
    found = {(line, sentence) for line, _column, _value, sentence in refusals(taken)}
    assert {line for line, _sentence in found} == {2, 3, 4, 5, 6, 8}
    assert (8, "Line 7 says something about the same already.") in found


def test_merged_customers_stay_merged(take: Take) -> None:
    kept = make_customer(external_id="C1", name="Kept")
    CustomerAlias.objects.create(
        external_id="C2", customer=kept, name="Merged", merged_at=timezone.now()
    )
    taken = take("customers", "customer_id,name\nC1,Kept\nC2,Merged\n")
    assert counts(taken) == (0, 0, 1, 0)
    take("contacts", "customer_id,email\nC2,a@example.com\n")
    assert Contact.objects.get().customer == kept
    take("subscriptions", "customer_id,starts_on,amount\nC2,2024-01-01,10\n")
    assert Term.objects.get().subscription.customer == kept


def test_cancellations_never_end_terms(take: Take) -> None:
    subscription = make_subscription(make_customer(external_id="C1"), external_id="S1")
    reason = make_reason("price", labels={"en": "Price", "nb": "For dyrt"})
    take(
        "cancellations",
        "customer_id,subscription_id,external_id,requested_at,effective_on,reason,involuntary\n"
        "C1,S1,X1,2024-04-01,2024-05-01,FOR DYRT,ja\n",
    )
    found = Cancellation.objects.get()
    assert (found.reason, found.subscription, found.involuntary) == (reason, subscription, True)
    assert found.reason_version == reason.versions.get()
    assert not found.ended_terms
    assert Term.objects.get().ends_on is None


def test_unknown_reason_is_created_unsorted(take: Take) -> None:
    make_customer(external_id="C1")
    take(
        "cancellations",
        "customer_id,effective_on,reason\nC1,2024-05-01,Ærlig talt: prisen!\n"
        "C1,2024-06-01,ærlig talt  prisen\nC1,2024-07-01,???\n",
    )
    keys = list(CancellationReason.objects.order_by("key").values_list("key", flat=True))
    assert keys[0] == "aerlig-talt-prisen" or keys[0] == "arlig-talt-prisen"
    assert len(keys) == 2
    assert {reason.versions.get().category for reason in CancellationReason.objects.all()} == {
        "unsorted"
    }


def test_cancellation_with_an_id_changes_and_stays_withdrawn(take: Take) -> None:
    customer = make_customer(external_id="C1")
    make_cancellation(customer, external_id="X1", withdrawn_at=timezone.now())
    taken = take(
        "cancellations", "customer_id,external_id,effective_on\nC1,X1,2024-05-01\n", dry_run=True
    )
    assert counts(taken) == (0, 1, 0, 0)
    assert taken.report["overwritten_rows"][0]["field"] == "effective_on"
    take("cancellations", "customer_id,external_id,effective_on\nC1,X1,2024-05-01\n")
    found = Cancellation.objects.get()
    assert found.effective_on == date(2024, 5, 1)
    assert found.withdrawn_at is not None


def test_usage_is_added_up_within_a_file_and_replaces_earlier(take: Take) -> None:
    customer = make_customer(external_id="C1")
    make_subscription(customer, external_id="S1")
    make_usage(customer, date(2024, 5, 1), count=99, feature="x")
    taken = take(
        "usage",
        "customer_id,subscription_id,feature,day,count\n"
        "C1,,x,2024-05-01,1\n,S1,x,2024-05-01T10:00Z,2\nC1,S1,x,2024-05-01,3\nC1,,x,2024-05-02,\n",
    )
    assert counts(taken) == (1, 1, 0, 0)
    assert dict(Usage.objects.values_list("day", "count")) == {
        date(2024, 5, 1): 6,
        date(2024, 5, 2): 1,
    }
    assert Standing.objects.get().last_used_on == date(2024, 5, 2)


def test_usage_of_unknown_or_wrong_subscriptions_is_refused(take: Take) -> None:
    make_subscription(make_customer(external_id="C1"), external_id="S1")
    make_customer(external_id="C2")
    taken = take(
        "usage",
        "customer_id,subscription_id,feature,day,count\n"
        ",S9,x,2024-05-01,1\nC2,S1,x,2024-05-01,1\n,,x,2024-05-01,1\nC1,,x,2024-05-01,-1\n"
        "C1,,x,2024-05-01,1.5\n",
    )
    assert [(line, column) for line, column, _value, _why in refusals(taken)] == [
        (2, "subscription_id"),
        (3, "subscription_id"),
        (4, "customer_id"),
        (5, "count"),
        (6, "count"),
    ]


def test_spend_of_one_month_and_channel_is_added_up(take: Take) -> None:
    take("spend", "month,channel,amount\n2024-05,ads,10.10\n2024-05-17,ads,0.20\n")
    spend = Spend.objects.get()
    assert (spend.month_on, spend.amount_minor, spend.currency, spend.purpose) == (
        date(2024, 5, 1),
        1030,
        "EUR",
        "acquisition",
    )


def test_rates_must_make_sense(take: Take) -> None:
    taken = take(
        "rates",
        "on,currency,rate\n2024-05-01,NOK,0\n2024-05-01,EUR,1.1\n2024-05-02,SEK,0.1\n2024-05-02,SEK,0.2\n",
    )
    assert [(line, column) for line, column, _value, _why in refusals(taken)] == [
        (2, "rate"),
        (3, "currency"),
        (5, "on"),
    ]


def test_interactions_have_a_course(take: Take) -> None:
    make_customer(external_id="C1")
    take(
        "interactions",
        "customer_id,external_id,kind,occurred_at,sentiment,first_reply_at,closed_at,complaint\n"
        "C1,T1,Sak,2024-05-01T10:00Z,negativ,2024-05-01T11:00Z,2024-05-02T10:00Z,ja\n",
    )
    found = Interaction.objects.get()
    assert (found.kind, found.sentiment, found.status, found.complaint) == (
        "ticket",
        -1,
        "closed",
        True,
    )
    taken = take(
        "interactions",
        "customer_id,kind,occurred_at,closed_at\nC1,call,2024-05-02T10:00Z,2024-05-01T10:00Z\n",
    )
    assert [row[1] for row in refusals(taken)] == ["closed_at"]


def test_status_of_a_payment_changes(take: Take) -> None:
    make_customer(external_id="C1")
    text = "customer_id,due_on,amount,currency,status\nC1,2024-05-01,10,EUR,"
    take("payments", f"{text}failed\n")
    assert counts(take("payments", f"{text}recovered\n")) == (0, 1, 0, 0)
    assert Payment.objects.get().status == "recovered"


@pytest.mark.parametrize("kind", ["contacts", "cancellations", "interactions", "payments"])
def test_unknown_customers_are_refused(take: Take, kind: str) -> None:
    taken = take(kind, FILES[kind])
    assert {row[:3] for row in refusals(taken)} >= {(2, "customer_id", "C1")}
    assert not Customer.objects.exists()


def test_payments_equal_in_what_is_kept_are_told_apart_by_their_number(take: Take) -> None:
    """Also where the file names one customer by two ids, or writes more decimals than are kept."""
    kept, merged = make_customer(external_id="C1"), make_customer(external_id="C2")
    merge_customers(kept, merged, by=None)
    header = "customer_id,due_on,amount,status\n"
    text = header + "C1,2025-01-01,10.001,paid\nC1,2025-01-01,10.002,paid\nC2,2025-01-01,10,paid\n"
    assert counts(take("payments", text)) == (3, 0, 0, 0)
    assert counts(take("payments", text)) == (0, 0, 3, 0)


def test_an_address_names_one_person_however_it_is_written(take: Take) -> None:
    make_contact(make_customer(external_id="C1"), email="Anna.Berg@example.com", name="Anna")
    header = "customer_id,email,name\n"
    assert counts(take("contacts", header + "C1,anna.berg@EXAMPLE.com,Anna B\n")) == (0, 1, 0, 0)
    contact = Contact.objects.get()
    assert (contact.email, contact.name) == ("Anna.Berg@example.com", "Anna B")
    twice = take("contacts", header + "C1,bo@example.com,Bo\nC1,BO@example.com,Bo\n")
    assert [(line, column) for line, column, _value, _why in refusals(twice)] == [(3, "email")]
