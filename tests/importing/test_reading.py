"""How cells are read: encodings, delimiters, numbers, days, moments."""

from datetime import UTC, date, datetime

import pytest

from customers.models import Contact, Customer, Interaction, Payment, Term
from tests.factories import make_customer, make_organisation
from tests.importing.conftest import Take, counts, problem, refusals

TEXT = "customer_id;name;organisation_number\nC1;Blåbærgrød & Sønner – Æ;12\n"


def test_a_damaged_utf8_file_is_not_taken_for_another_encoding(take: Take) -> None:
    good = "customer_id,name\nC1,Blåbær\nC2,Smörgås\n".encode()
    taken = take("customers", good + b"C3,Sm\xc3rbr\n")
    assert not Customer.objects.exists()
    assert problem(taken).startswith("Line 4 is damaged: the file is UTF-8")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings(take: Take, encoding: str) -> None:
    take("customers", TEXT.encode(encoding))
    assert Customer.objects.get().name == "Blåbærgrød & Sønner – Æ"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(take: Take, delimiter: str, newline: str) -> None:
    rows = [["customer_id", "name"], ["C1", "One"], ["C2", "Two"], ["", ""]]
    text = newline.join(delimiter.join(row) for row in rows)
    assert counts(take("customers", text)) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    "written, minor",
    [
        ("10.5", 1050),
        ("1234.56", 123_456),
        ("1,234.56", 123_456),
        ("1 234.56", 123_456),
        ("1'234.56", 123_456),
        (".5", 50),
        ("+7.25", 725),
        ("12", 1200),
        ("1\N{NO-BREAK SPACE}234.50", 123_450),
    ],
)
def test_numbers_with_a_decimal_point(take: Take, written: str, minor: int) -> None:
    make_customer(external_id="C1")
    text = f'customer_id,due_on,amount,status\nC1,2024-01-01,"{written}",paid\n'
    take("payments", text + 'C1,2024-01-02,"0.01",paid\n')
    assert Payment.objects.get(due_on=date(2024, 1, 1)).amount_minor == minor


@pytest.mark.parametrize(
    "written, minor",
    [("10,5", 1050), ("1.234,56", 123_456), ("1 234,56", 123_456), ("1.234", 123_400)],
)
def test_numbers_with_a_decimal_comma(take: Take, written: str, minor: int) -> None:
    make_customer(external_id="C1")
    text = f"customer_id;due_on;amount;status\nC1;2024-01-01;{written};paid\n"
    take("payments", text + "C1;2024-01-02;0,01;paid\n")
    assert Payment.objects.get(due_on=date(2024, 1, 1)).amount_minor == minor


@pytest.mark.parametrize(
    "written", ["ten", "1.2.3", "1,23,4.5", "12-", "0x10", "1e400", "NaN", "kr 10"]
)
def test_no_numbers(take: Take, written: str) -> None:
    make_customer(external_id="C1")
    text = f'customer_id,due_on,amount,status\nC1,2024-01-01,"{written}",paid\n'
    taken = take("payments", text)
    assert [row[:3] for row in refusals(taken)] == [(2, "amount", written)]


def test_declared_decimal_mark_settles_the_doubt(take: Take) -> None:
    make_customer(external_id="C1")
    text = "customer_id;due_on;amount;status\nC1;2024-01-01;1,234;paid\n"
    assert refusals(take("payments", text))
    take("payments", text, fixed_values={"decimal": "point"})
    assert Payment.objects.get().amount_minor == 123_400


@pytest.mark.parametrize(
    "written",
    ["2024-03-31", "2024/3/31", "20240331", "31.03.2024", "31.3.2024", "31/03/2024", "31-3-2024",
     "2024-03-31T12:00:00Z", "2024-03-31 23:30", "31.03.2024 08:15"],
)  # fmt: skip
def test_days(take: Take, written: str) -> None:
    take("customers", f"customer_id,signed_up_on\nC1,{written}\n")
    assert Customer.objects.get().signed_up_on == date(2024, 3, 31)


def test_months_first_where_the_file_shows_it(take: Take) -> None:
    take("customers", "customer_id,signed_up_on\nC1,03/04/2024\nC2,03/31/2024\n")
    assert Customer.objects.get(external_id="C1").signed_up_on == date(2024, 3, 4)


def test_declared_order_settles_the_doubt(take: Take) -> None:
    text = "customer_id,signed_up_on\nC1,03/04/2024\n"
    assert refusals(take("customers", text))
    take("customers", text, fixed_values={"dates": "DMY"})
    assert Customer.objects.get().signed_up_on == date(2024, 4, 3)


@pytest.mark.parametrize("written", ["2024-02-30", "31/31/2024", "1.1.24", "0204-05-01", "today"])
def test_no_days(take: Take, written: str) -> None:
    taken = take("customers", f"customer_id,signed_up_on\nC1,{written}\n")
    assert [row[:2] for row in refusals(taken)] == [(2, "signed_up_on")]


@pytest.mark.parametrize(
    "written, hour",
    [
        ("2024-07-01T10:00:00Z", 10),
        ("2024-07-01 10:00", 8),
        ("2024-07-01 3:00", 1),
        ("2024-07-01T10:00:00+0200", 8),
        ("2024-07-01T10:00:00.123456-05:00", 15),
        ("07/31/2024 10:05:00 PM", 20),
        ("2024-07-01 12:00 AM", 22),
        ("2024-07-01 12:30 pm", 10),
    ],
)
def test_moments_without_a_zone_are_the_organisations(take: Take, written: str, hour: int) -> None:
    make_organisation(timezone="Europe/Oslo")
    make_customer(external_id="C1")
    take("interactions", f"customer_id,kind,occurred_at\nC1,call,{written}\n")
    assert Interaction.objects.get().occurred_at.astimezone(UTC).hour == hour


@pytest.mark.parametrize("written", ["2024-07-01 25:00", "2024-07-01 10:61", "10:00", "noon"])
def test_no_moments(take: Take, written: str) -> None:
    make_customer(external_id="C1")
    taken = take("interactions", f"customer_id,kind,occurred_at\nC1,call,{written}\n")
    assert [row[1] for row in refusals(taken)] == ["occurred_at"]


def test_words_for_choices_in_five_languages(take: Take) -> None:
    rows = "".join(
        f"C1,S{n},2024-01-01,10,{word}\n"
        for n, word in enumerate(["Monthly", "månedlig", "månadsvis", "monatlich", "måned"])
    )
    taken = take("subscriptions", "customer_id,subscription_id,starts_on,amount,interval\n" + rows)
    assert counts(taken) == (5, 0, 0, 0)
    assert set(Term.objects.values_list("arr_minor", flat=True)) == {12_000}


def test_unknown_choice_says_which_are_known(take: Take) -> None:
    rows = "C1,2024-01-01,10,fortnight\n"
    taken = take("subscriptions", "customer_id,starts_on,amount,interval\n" + rows)
    assert "half-year" in refusals(taken)[0][3]


def test_several_problems_of_one_row_are_all_told(take: Take) -> None:
    taken = take("subscriptions", "customer_id,starts_on,amount\n,soon,much\n")
    assert [row[1] for row in refusals(taken)] == ["customer_id", "starts_on", "amount"]
    assert taken.report["refused_rows"] == 1


def test_columns_under_other_names_and_fixed_values(take: Take) -> None:
    taken = take(
        "subscriptions",
        "Kunde;Fra;Sum;Noe annet\nC1;2024-01-01;10;x\n",
        mapping={"kunde": "customer_id", "Fra": "starts_on", "SUM": "amount"},
        fixed_values={"interval": "year", "plan": "Pro"},
    )
    assert counts(taken) == (1, 0, 0, 0)
    assert (Term.objects.get().arr_minor, Term.objects.get().plan.code) == (1_000, "Pro")


@pytest.mark.parametrize(
    "wish, words",
    [
        ({"mapping": {"nope": "amount"}}, "no column nope"),
        ({"mapping": {"plan": "price"}}, "price is no column of subscriptions"),
        ({"mapping": {"plan": "amount", "customer_id": "amount"}}, "Two columns"),
        ({"fixed_values": {"price": "1"}}, "price is no column"),
        ({"fixed_values": {"interval": "fortnight"}}, "interval can't be set"),
        ({"fixed_values": {"dates": "MYD"}}, "dates can't be set"),
        ({"mapping": {"plan": "kind"}, "fixed_values": {"kind": "paid"}}, "kind is both"),
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    take: Take, wish: dict[str, dict[str, str]], words: str
) -> None:
    text = "customer_id,plan,starts_on,amount\nC1,pro,2024-01-01,1\n"
    assert words in problem(take("subscriptions", text, **wish))


def test_other_columns_of_customers_become_attributes(take: Take) -> None:
    text = "customer_id,name,Segment,seats,empty\nC1,One,SMB,7,\n"
    take("customers", text, mapping={"Segment": "size", "name": ""})
    customer = Customer.objects.get()
    assert customer.attributes == {"size": "SMB", "seats": "7"}
    assert customer.name == "C1"
    take("customers", "customer_id,seats,owner\nC1,,Kari\n")
    customer.refresh_from_db()
    assert customer.attributes == {"size": "SMB", "owner": "Kari"}


def test_addresses_and_roles_of_contacts(take: Take) -> None:
    make_customer(external_id="C1")
    taken = take(
        "contacts",
        "customer_id,email,role,language\n"
        "C1,Kari@Example.com,Beslutningstaker,no\nC1,nobody,,\nC1,KARI@example.com,,\n",
    )
    assert [row[:2] for row in refusals(taken)] == [(3, "email"), (4, "email")]
    good = "customer_id,email,role,language\nC1,Kari@Example.com,Beslutningstaker,no\n"
    take("contacts", good)
    contact = Contact.objects.get()
    assert (contact.email, contact.role, contact.language) == (
        "kari@example.com",
        "decision_maker",
        "nb",
    )


def test_moment_is_kept_to_the_second(take: Take) -> None:
    make_customer(external_id="C1")
    take("interactions", "customer_id,kind,occurred_at\nC1,call,2024-07-01T10:11:12.5Z\n")
    assert Interaction.objects.get().occurred_at == datetime(
        2024, 7, 1, 10, 11, 12, 500_000, tzinfo=UTC
    )


LARGE = ["1e30", "1E400", "1" + "0" * 14, "-" + "9" * 20, "9" * 60, "1,000,000,000,000,000,000,000"]


@pytest.mark.parametrize("written", LARGE)
def test_numbers_too_large(take: Take, written: str) -> None:
    make_customer(external_id="C1")
    text = f'customer_id,due_on,amount,status\nC1,2024-01-01,"{written}",paid\n'
    why = "It is too large: it must be below 100,000,000,000,000."
    assert refusals(take("payments", text)) == [(2, "amount", written, why)]


@pytest.mark.parametrize(
    "kind, header, column, limit",
    [
        ("usage", "customer_id,feature,day,count\nC1,x,2024-01-01,", "count", 10**11),
        ("rates", "on,currency,rate\n2024-01-01,NOK,", "rate", 10**10),
        ("subscriptions", "customer_id,starts_on,amount,quantity\nC1,2024-01-01,1,", "quantity",
         10**10),
    ],
)  # fmt: skip
def test_every_number_has_its_limit(
    take: Take, kind: str, header: str, column: str, limit: int
) -> None:
    make_customer(external_id="C1")
    why = f"It is too large: it must be below {limit:,}."
    assert refusals(take(kind, f"{header}{limit}\n")) == [(2, column, str(limit), why)]
    assert refusals(take(kind, f"{header}{limit - 1}\n")) == []


def test_amounts_too_large_for_a_year(take: Take) -> None:
    text = "customer_id,starts_on,amount,quantity,currency\nC1,2024-01-01,99999999999999,999,"
    assert refusals(take("subscriptions", text + "EUR\n")) == [
        (2, "amount", "99999999999999",
         "It is too large: a year of it must be below 10,000,000,000,000,000 EUR."),
    ]  # fmt: skip


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "CLF"])
def test_largest_amounts_are_taken(take: Take, currency: str) -> None:
    make_customer(external_id="C1")
    largest = "9" * 14
    paid = f"customer_id,due_on,amount,status,currency\nC1,2024-01-01,{largest},paid,{currency}\n"
    assert counts(take("payments", paid)) == (1, 0, 0, 0)
    spent = f"month,channel,amount,currency\n2024-01,ads,{largest},{currency}\n"
    assert counts(take("spend", spent)) == (1, 0, 0, 0)


def test_spend_too_large_together(take: Take) -> None:
    taken = take("spend", "month,channel,amount\n" + "2024-01,ads,99999999999999\n" * 101)
    assert len(refusals(taken)) == 101
    assert refusals(taken)[0][3] == (
        "Together with the other lines of the same it is too large: "
        "it must be below 10,000,000,000,000,000."
    )
