"""Taking an import back: nothing of it is believed any more, and what it changed is as before."""

from collections import Counter
from datetime import date

from django.utils import timezone

from customers.importing import running
from customers.models import (
    Cancellation,
    CancellationReason,
    Customer,
    Feature,
    FxRate,
    Import,
    Payment,
    Plan,
    ReasonView,
    Spend,
    Standing,
    Subscription,
    Term,
    Usage,
)
from customers.reading.renewing import read_unread
from customers.services.imports import undo_import
from customers.services.merges import merge_customers
from customers.services.reasons import install_reason_list, rename_reason
from customers.views.import_report import ImportReport
from tests.factories import (
    make_contact,
    make_customer,
    make_plan,
    make_subscription,
    make_task,
    make_term,
    make_user,
)
from tests.importing.conftest import Take, counts

HEADER = "customer_id,subscription_id,plan,starts_on,ends_on,amount\n"


def undo(file_import: Import) -> dict[str, int]:
    """Undo it as the page and the worker do; gives how many by what became of them."""
    undo_import(file_import, by=make_user("manager"), now=timezone.now())
    running.run_stored(file_import.pk)
    file_import = Import.objects.select_related("job").get(pk=file_import.pk)
    assert file_import.job.state == "done", file_import.job.error
    assert file_import.undone_at is not None
    found: Counter[str] = Counter()
    for code, note in file_import.report["undo"].items():
        found[code.split(" ")[0]] += note["count"]
    return dict(found)


def told(file_import: Import) -> list[str]:
    """Undo it; gives what its page says of it."""
    undo(file_import)
    notes = ImportReport(Import.objects.select_related("job").get(pk=file_import.pk)).undo_notes
    return [f"{note.sentence} ({note.values})" for note in notes]


def believed() -> list[tuple[str, date, date | None, int]]:
    found = Term.objects.standing().order_by("subscription__external_id", "starts_on")
    return list(found.values_list("subscription__external_id", "starts_on", "ends_on", "arr_minor"))


def test_terms_are_no_longer_believed_and_history_stays(take: Take) -> None:
    taken = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10\n")
    before_undo = timezone.now()
    assert undo(taken)["term_superseded"] == 1
    assert believed() == []
    assert Term.objects.believed_at(before_undo).count() == 1
    assert Standing.objects.get().state == "never"


def test_what_it_superseded_is_believed_again(take: Take) -> None:
    take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10\n")
    was = believed()
    taken = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,2024-06-01,10\n")
    assert undo(taken) == {"term_superseded": 1, "term_brought_back": 1}
    assert believed() == was
    assert Term.objects.count() == 3


def test_imports_are_undone_one_after_the_other(take: Take) -> None:
    first = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10\n")
    second = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,2024-06-01,10\n")
    undo(second)
    assert undo(first)["term_superseded"] == 1
    assert believed() == []


def test_file_goes_in_again_after_its_undo(take: Take) -> None:
    text = HEADER + "C1,S1,pro,2024-01-01,,10\n"
    undo(take("subscriptions", text))
    assert counts(take("subscriptions", text)) == (1, 0, 0, 0)
    assert len(believed()) == 1


def test_subscription_that_somebody_changed_since_stays(take: Take) -> None:
    taken = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10\nC2,S2,pro,2024-01-01,,10\n")
    mine = Term.objects.get(subscription__external_id="S1")
    now = timezone.now()
    Term.objects.filter(pk=mine.pk).update(superseded_at=now)
    make_term(mine.subscription, arr=240, starts_on=mine.starts_on, recorded_at=now)
    found = undo(taken)
    assert (found["changed_since"], found["term_superseded"]) == (1, 1)
    assert [row[0] for row in believed()] == ["S1"]


def test_created_rows_go_unless_something_hangs_on_them(take: Take) -> None:
    taken = take("customers", "customer_id,name\nC1,One\nC2,Two\nC3,Three\n")
    make_contact(Customer.objects.get(external_id="C2"))
    Customer.objects.filter(external_id="C3").update(name="Three of them")
    assert undo(taken) == {"row_deleted": 1, "in_use_by": 1, "changed_since": 1}
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"C2", "C3"}


def test_changed_rows_are_put_back_unless_somebody_changed_them_since(take: Take) -> None:
    for name in ("C1", "C2"):
        make_customer(external_id=name, name="Before", country="NO", attributes={"size": "1"})
    taken = take("customers", "customer_id,name,size\nC1,After,2\nC2,After,2\n")
    assert counts(taken) == (0, 2, 0, 0)
    Customer.objects.filter(external_id="C2").update(country="SE")
    assert undo(taken) == {"row_restored": 1, "changed_since": 1}
    first, second = Customer.objects.order_by("external_id")
    assert (first.name, first.attributes) == ("Before", {"size": "1"})
    assert (second.name, second.country) == ("After", "SE")


def test_usage_spend_rates_and_payments(take: Take) -> None:
    make_customer(external_id="C1")
    files = {
        "usage": ("customer_id,feature,day,count\nC1,x,2024-01-01,", Usage, "count"),
        "spend": ("month,channel,amount\n2024-01,ads,", Spend, "amount_minor"),
        "rates": ("on,currency,rate\n2024-01-01,NOK,", FxRate, "rate"),
    }
    for kind, (text, model, field) in files.items():
        first = take(kind, f"{text}1\n")
        was = getattr(model.objects.get(), field)
        second = take(kind, f"{text}2\n")
        assert getattr(model.objects.get(), field) != was
        assert undo(second)["row_restored"] == 1
        assert getattr(model.objects.get(), field) == was
        assert undo(first)["row_deleted"] >= 1
        assert not model.objects.exists()
    assert not Feature.objects.exists()
    undo(take("payments", "customer_id,due_on,amount,status\nC1,2024-01-01,10,paid\n"))
    assert not Payment.objects.exists()


def test_cancellations_go_with_the_reasons_they_brought(take: Take) -> None:
    make_customer(external_id="C1")
    taken = take("cancellations", "customer_id,effective_on,reason\nC1,2024-01-01,Too dear\n")
    assert undo(taken) == {"row_deleted": 2}
    assert not Cancellation.objects.exists()
    assert not CancellationReason.objects.filter(key="too-dear").exists()


def test_plans_of_a_feature_are_put_back(take: Take) -> None:
    take("features", "feature,plans\nx,basic|pro\n")
    taken = take("features", "feature,plans\nx,pro|enterprise\n")
    plans = Feature.objects.get().plans.order_by("code")
    assert [plan.code for plan in plans] == ["enterprise", "pro"]
    undo(taken)
    plans = Feature.objects.get().plans.order_by("code")
    assert [plan.code for plan in plans] == ["basic", "pro"]
    assert not Plan.objects.filter(code="enterprise").exists()


def test_subscription_of_no_days_goes_with_its_customer(take: Take) -> None:
    make_plan("pro")
    undo(take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,2024-01-01,10\n"))
    assert not Subscription.objects.exists()
    assert not Customer.objects.exists()


def test_parents_go_with_their_subsidiaries(take: Take) -> None:
    taken = take("customers", "customer_id,parent_id\nA,B\nB,C\nC,\n")
    assert undo(taken) == {"row_deleted": 3}
    assert not Customer.objects.exists()


def test_parents_stay_with_the_subsidiary_that_stays(take: Take) -> None:
    taken = take("customers", "customer_id,parent_id\nA,B\nB,C\nC,\nD,C\n")
    make_task(Customer.objects.get(external_id="A"))
    assert undo(taken) == {"row_deleted": 1, "in_use_by": 3}
    assert set(Customer.objects.values_list("external_id", flat=True)) == {"A", "B", "C"}


def test_what_stays_for_the_history_is_named(take: Take) -> None:
    text = HEADER + "C1,S1,pro,2024-01-01,,10\nC2,S2,max,2024-01-01,,10\n"
    taken = take("subscriptions", text)
    Customer.objects.filter(external_id="C2").update(name="Acme")
    why = (
        "stays for the history: only terms that are no longer believed hang on it,"
        " and figures can still be asked for as they were known then"
    )
    why_many = why.replace("stays", "stay").replace("it,", "them,")
    assert told(taken) == [
        "2 terms no longer believed (S1 2024-01-01, S2 2024-01-01)",
        "Customers: 1 row stays: it was changed after the import (Acme (C2))",
        f"Customers: 1 row {why} (C1)",
        f"Plans: 2 rows {why_many} (max, pro)",
    ]


def test_what_hangs_on_a_row_is_named(take: Take) -> None:
    taken = take("customers", "customer_id,name\nC1,One\nC2,Two\nC3,Three\n")
    first, second = Customer.objects.order_by("external_id")[:2]
    make_contact(first)
    make_task(first)
    make_contact(second)
    make_task(second)
    went, stayed = told(taken)
    assert went == "Customers: 1 row deleted (Three (C3))"
    assert stayed.startswith("Customers: 2 rows stay: other things hang on them, namely")
    assert stayed.endswith("contacts, tasks (One (C1), Two (C2))")


def test_a_reason_that_was_worded_anew_stays(take: Take) -> None:
    make_customer(external_id="C9")
    text = "customer_id,effective_on,reason\nC9,2024-05-01,Zuteuer\n"
    taken = take("cancellations", text)
    reason = CancellationReason.objects.latest("pk")
    rename_reason(reason, labels={"en": "Too dear"}, by=None)
    assert undo(taken) == {"row_deleted": 1, "in_use_by": 1}
    assert reason.versions.count() == 2


def test_believed_terms_of_others_are_no_history(take: Take) -> None:
    taken = take("subscriptions", HEADER + "C1,S1,pro,2024-01-01,,10\n")
    make_subscription(Customer.objects.get(external_id="C1"), plan=Plan.objects.get())
    assert [line.partition(", namely ")[2] for line in told(taken)] == [
        "",
        "subscriptions (C1)",
        "terms (pro)",
    ]


def test_parent_that_was_merged_since_is_not_put_back(take: Take) -> None:
    former, kept = make_customer(external_id="OLD"), make_customer(external_id="NEW")
    make_customer(external_id="A", parent=former)
    taken = take("customers", "customer_id,parent_id\nA,\n")
    merge_customers(kept, former, by=None)
    assert undo(taken) == {"changed_since": 1}
    assert Customer.objects.get(external_id="A").parent is None


def test_former_owner_who_is_gone_is_not_put_back(take: Take) -> None:
    former, new = make_user("csm"), make_user("csm", email="new@example.com")
    customer = make_customer(external_id="C9", name="Before", owner=former)
    taken = take("customers", f"customer_id,name,owner_email\nC9,After,{new.email}\n")
    former.delete()
    assert undo(taken) == {"row_restored": 1}
    customer.refresh_from_db()
    assert (customer.name, customer.owner) == ("Before", None)


def test_what_the_night_read_of_departures_does_not_hold_them(take: Take) -> None:
    install_reason_list("subscription")
    make_customer(external_id="C1")
    text = "customer_id,effective_on,comment\nC1,2024-01-01,It became too expensive\n"
    taken = take("cancellations", text)
    assert read_unread(now=timezone.now()) == 1
    assert ReasonView.objects.filter(suggested=True).exists()

    undo(taken)

    assert not Cancellation.objects.exists()
