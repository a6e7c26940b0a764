"""Ten ways for a file to be wrong: each ends in a clear report, and none in half an import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from customers.importing import running, wording
from customers.importing.text_report import text_report
from customers.models import Customer, Import, Term, Usage
from customers.services.imports import Wish, record_import
from tests.factories import make_customer

HEADER = "customer_id,subscription_id,plan,starts_on,ends_on,amount,currency\n"
GOOD = "C1,S1,pro,2024-01-01,2024-06-01,10.50,EUR\n"


@pytest.fixture
def take(db: None, tmp_path: Path) -> Callable[..., Import]:
    def _take(kind: str, text: str | bytes, **wish: object) -> Import:
        path = tmp_path / "file.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        file_import = record_import("file.csv", Wish(kind, **wish), by=None)
        running.run(file_import.pk, path)
        return Import.objects.select_related("job").get(pk=file_import.pk)

    return _take


def told(file_import: Import) -> str:
    """The report, after making sure that nothing went in."""
    assert file_import.job.state == "failed"
    assert file_import.published_at is None
    assert not Term.objects.exists()
    return text_report(file_import)


def refused(file_import: Import) -> list[tuple[int, str, str]]:
    rows = file_import.refused_rows.order_by("line", "pk")
    return [(row.line, row.column, row.value) for row in rows]


def test_missing_column(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", "customer_id,plan,amount\nC1,pro,10\n")
    report = told(taken)
    assert "Missing columns: starts_on" in report
    assert "The file has: customer_id, plan, amount" in report


def test_missing_column_under_another_name_is_named(take: Callable[..., Import]) -> None:
    report = told(take("subscriptions", "account,starts_on,amount\nC1,2024-01-01,10\n"))
    assert "customer_id" in report
    assert "account" in report


def test_wrong_date(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S2,pro,2024-02-30,,10.50,EUR\n")
    assert "Line 3, starts_on “2024-02-30”: There is no 30 February in 2024." in told(taken)
    assert refused(taken) == [(3, "starts_on", "2024-02-30")]


def test_negative_amount(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S2,pro,2024-02-01,,-10.50,EUR\n")
    assert "Line 3, amount “-10.50”: It is below zero." in told(taken)


def test_overlapping_terms(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S1,pro,2024-05-31,,10.50,EUR\n")
    report = told(taken)
    assert "Line 2, starts_on “2024-01-01”: It overlaps with line 3" in report
    assert "Line 3, starts_on “2024-05-31”: It overlaps with line 2" in report


def test_unknown_currency(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S2,pro,2024-02-01,,10.50,EURO\n")
    assert "Line 3, currency “EURO”: It is no currency" in told(taken)


def test_currency_without_a_rate(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S2,pro,2024-02-01,,10.50,USD\n")
    assert "Line 3, currency “USD”: There is no exchange rate for 2024-02-01" in told(taken)


def test_unknown_customer_in_usage(take: Callable[..., Import]) -> None:
    make_customer(external_id="C1")
    taken = take("usage", "customer_id,feature,day,count\nC1,x,2024-01-01,1\nC9,x,2024-01-01,1\n")
    assert "Line 3, customer_id “C9”: No such customer" in told(taken)
    assert not Usage.objects.exists()
    assert not Customer.objects.filter(external_id="C9").exists()


def test_zero_bytes(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + "C1,S\x002,pro,2024-02-01,,10.50,EUR\n")
    assert "Line 3, subscription_id “S␀2”: It holds a zero byte" in told(taken)


def test_zero_byte_in_the_header(take: Callable[..., Import]) -> None:
    assert "zero byte" in told(take("subscriptions", HEADER.replace("plan", "pl\x00an") + GOOD))


def test_quoted_newlines_keep_their_own_line_numbers(take: Callable[..., Import]) -> None:
    taken = take(
        "subscriptions",
        HEADER
        + 'C1,S1,"pro\n\nwith, all ""extras""",2024-01-01,,10.50,EUR\n'
        + "C1,S2,pro,soon,,10.50,EUR\n",
    )
    assert refused(taken) == [(5, "starts_on", "soon")]
    told(taken)


def test_quoted_newlines_are_taken(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + 'C1,S1,"pro\n""plus""",2024-01-01,,10.50,EUR\n')
    assert taken.job.state == "done"
    assert Term.objects.get().plan.code == 'pro\n"plus"'


def test_quote_that_never_closes(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + GOOD + 'C1,S2,"pro,2024-01-01,,1,EUR\nC3,S3\n')
    assert 'Line 3 “C1,S2,"pro,2024-01-01,,1,EUR”: A quotation mark opens here' in told(taken)
    assert [line for line, _column, _value in refused(taken)] == [3, 4]


def test_mixed_decimal_marks(take: Callable[..., Import]) -> None:
    rows = "".join(f"C1,S{n},pro,2024-01-01,,10.50,EUR\n" for n in range(3))
    taken = take("subscriptions", HEADER + rows + 'C1,S9,pro,2024-01-01,,"12,50",EUR\n')
    assert "Line 5, amount “12,50”: The decimal mark differs" in told(taken)


def test_number_that_could_mean_two(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + 'C1,S1,pro,2024-01-01,,"1,234",EUR\n')
    assert "It could mean two numbers" in told(taken)


def test_day_that_could_mean_two(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + "C1,S1,pro,03/04/2024,,10,EUR\n")
    assert "Day and month can't be told apart" in told(taken)


def test_two_orders_of_day_and_month(take: Callable[..., Import]) -> None:
    rows = "C1,S1,pro,31/01/2024,,10,EUR\nC1,S2,pro,30/01/2024,,10,EUR\n"
    taken = take("subscriptions", HEADER + rows + "C1,S3,pro,01/31/2024,,10,EUR\n")
    assert refused(taken) == [(4, "starts_on", "01/31/2024")]
    assert "another order" in told(taken)


@pytest.mark.parametrize("empty", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b";;;\n;;;\n"])
def test_empty_file(take: Callable[..., Import], empty: bytes) -> None:
    assert "The file is empty" in told(take("subscriptions", empty))


def test_header_alone_is_no_error(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER)
    assert taken.job.state == "done"
    assert taken.report["rows"] == 0


def test_too_few_and_too_many_values(take: Callable[..., Import]) -> None:
    taken = take(
        "subscriptions",
        HEADER + GOOD + "C1,S2,pro\n" + GOOD.strip().replace("S1", "S4") + ",more,x\n",
    )
    report = told(taken)
    assert "Line 3 “C1,S2,pro”: The row has 3 values, the header 7." in report
    assert "The row has 9 values, the header 7." in report
    assert taken.report["refused_rows"] == 2


def test_every_refused_row_is_kept_and_a_thousand_shown(take: Callable[..., Import]) -> None:
    taken = take("subscriptions", HEADER + "C1,S2,pro,never,,10,EUR\n" * 1200)
    assert taken.refused_rows.count() == 1200
    assert told(taken).count("\nLine ") == 1000


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 a workbook", b"\x1f\x8b compressed", b"%PDF-1.7", b"a,b\n\x81\x8d,2\n"],
)
def test_other_formats_are_named(take: Callable[..., Import], content: bytes) -> None:
    report = told(take("subscriptions", content))
    assert "Refused: " in report


def test_column_twice(take: Callable[..., Import]) -> None:
    assert "amount is there twice" in told(take("subscriptions", HEADER.strip() + ",Amount\n"))


def test_every_reason_has_its_words() -> None:
    facts = dict.fromkeys(
        ["line", "limit", "currency", "known", "found", "expected", "subscription", "customer",
         "day", "month", "year", "known_at", "lowest", "highest", "survey", "kind", "count",
         "ids"],
        "x",
    )  # fmt: skip
    for code, words in wording.ROWS.items():
        assert str(words) % (facts | {"code": code})
