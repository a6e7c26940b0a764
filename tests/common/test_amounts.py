"""Numbers as people type them: what means one thing is taken, what could mean two is not."""

import pytest
from django import forms
from django.utils.translation import override

from churnapp.common.amounts import AmbiguousError, with_point
from customers.forms.fields import AmountField

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize(
    "text, read",
    [
        ("2300.50", "2300.50"),
        ("2300,50", "2300.50"),
        ("2 300,50", "2300.50"),
        (f"2{NBSP}300,50", "2300.50"),
        ("2 300", "2300"),
        ("1 234,567", "1234.567"),
        ("12 345 678,9", "12345678.9"),
        ("2,300.50", "2300.50"),
        ("2.300,50", "2300.50"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("-1 234,5", "-1234.5"),
        ("\N{MINUS SIGN}5", "-5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234,567", "1234.567"),
        (" 5 ", "5"),
    ],
)
def test_what_means_one_thing_is_taken_in_every_language(text, read, mark):
    assert with_point(text, mark) == read


@pytest.mark.parametrize("text, mark, read", [("1.234", ".", "1.234"), ("1,234", ",", "1.234")])
def test_the_mark_of_the_language_stands_before_decimals(text, mark, read):
    assert with_point(text, mark) == read


@pytest.mark.parametrize("text, mark", [("1,234", "."), ("1.234", ","), ("-12,345", ".")])
def test_what_could_be_a_thousand_times_as_much_is_not_guessed(text, mark):
    with pytest.raises(AmbiguousError):
        with_point(text, mark)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fifty",
        "NaN",
        "1e3",
        "2 30",
        "1,2,3",
        "1.234,567,8",
        "12.34,5",
        "1.5 000",
        "5 EUR",
        ",",
        "-",
    ],
)
def test_the_rest_is_left_as_it_is(text):
    assert with_point(text, ".") == text


@pytest.mark.parametrize(
    "language, text, says",
    [
        ("en", "1,234", "“1,234” can be read in two ways. Write 1234 or 1.234."),
        ("nb", "1.234", "1234"),
        ("en", "2,30,50", "“2,30,50” is no number. Write it like 2300.50."),
        ("en", "fifty", "“fifty” is no number. Write it like 2300.50."),
        ("nb", "femti", "2300,50"),
    ],
)
def test_an_error_says_how_to_write_it(language, text, says):
    with override(language), pytest.raises(forms.ValidationError) as refusal:
        AmountField().clean(text)
    assert says in refusal.value.messages[0]


@pytest.mark.parametrize("language", ["en", "nb", "da", "sv"])
def test_a_form_takes_what_it_shows(language):
    with override(language):
        shown = AmountField().widget.format_value("333.3333333")
        assert AmountField().clean(str(shown)) == AmountField().clean("333.3333333")
