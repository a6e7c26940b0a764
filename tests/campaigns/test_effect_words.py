"""Effects in words: what is claimed is what the interval says, in the reader's language."""

import pytest
from django.utils import translation

from campaigns.effect_words import (
    best_words,
    effect_words,
    gain_words,
    reach_words,
    stratum_words,
)
from campaigns.effects.money import Gain
from campaigns.effects.power import Aim
from campaigns.effects.rates import Outcome, effect_of
from campaigns.effects.strata import strata_of
from campaigns.effects.variants import reach_of


def said(outcome: Outcome) -> str:
    return effect_words(outcome, effect_of(outcome))


@pytest.mark.parametrize(
    "outcome,words",
    [
        (
            Outcome(300, 1800, 10, 200),
            "Between 7.4 and 14.6 percentage points more came back because of it.",
        ),
        (
            Outcome(90, 1800, 25, 200),
            "Between 3.5 and 12.9 percentage points fewer came back because of it.",
        ),
        (
            Outcome(120, 1800, 10, 200),
            "No effect can be shown: between −2.4 and 4.2 percentage points.",
        ),
        (
            Outcome(20, 180, 1, 20),
            (
                "Too few to say: at least 413 in the holdout are needed"
                " to tell a difference of 5 percentage points."
            ),
        ),
        (Outcome(0, 0, 1, 20), "Too few to say: the campaign has reached nobody yet."),
        (Outcome(2, 20, 0, 0), "Nothing can be said: nobody was held out to compare with."),
        (
            Outcome(1, 9000, 0, 1000),
            "Too few to say: hardly anyone came back, or hardly anyone did not.",
        ),
    ],
)
def test_an_effect_in_one_sentence(outcome: Outcome, words: str) -> None:
    assert said(outcome) == words


def test_an_effect_in_other_languages() -> None:
    outcome = Outcome(120, 1800, 10, 200)
    with translation.override("nb"):
        assert said(outcome) == "Ingen effekt kan påvises: mellom −2,4 og 4,2 prosentpoeng."
    with translation.override("sv"):
        assert said(outcome).endswith("mellan −2,4 och 4,2 procentenheter.")
    with translation.override("da"):
        assert said(outcome).endswith("mellem −2,4 og 4,2 procentpoint.")


@pytest.mark.parametrize(
    "gain,words",
    [
        (
            Gain(10, 5_000_00, 1_000_00, 9_000_00, "positive"),
            "It brought in between €1,000.00 and €9,000.00, less what it cost.",
        ),
        (
            Gain(10, -5_000_00, -9_000_00, -1_000_00, "negative"),
            "It cost between €1,000.00 and €9,000.00 more than it brought in.",
        ),
        (
            Gain(10, 100_00, -50_00, 250_00, "no_effect"),
            "No effect on revenue can be shown: between −€50.00 and €250.00.",
        ),
        (
            Gain(10, 100_00, 50_00, 250_00, "too_few"),
            "Too few have paid to say what it brought in.",
        ),
        (Gain(0, None, None, None, "too_few"), "Too few have paid to say what it brought in."),
    ],
)
def test_money_in_one_sentence(gain: Gain, words: str) -> None:
    assert gain_words(gain, "EUR") == words


def test_one_of_many_comes_with_a_warning() -> None:
    lucky, dull = Outcome(190, 1800, 11, 200), Outcome(160, 1800, 18, 200)
    alone = strata_of({"a": lucky})[0]
    assert stratum_words(alone, 1) == said(lucky)
    one_of_ten = strata_of({"a": lucky, **{str(n): dull for n in range(9)}})[0]
    warning = "With 10 compared, one may look like this by chance alone."
    assert stratum_words(one_of_ten, 10) == f"{said(lucky)} {warning}"


def test_which_one_works_best() -> None:
    assert best_words(None) == "Which one works best can't be told yet."
    assert best_words("A").startswith("A works best")


def test_an_audience_too_small_for_its_variants() -> None:
    aim = Aim(0.1, 0.05)
    assert reach_words(reach_of(500, [1, 1], 10, aim), aim.lift) == (
        "The audience is too small to tell variants apart that differ by 5 percentage points:"
        " that takes 1,525 customers. With this one, they have to differ by 9.3."
    )
    assert reach_words(reach_of(1_525, [1, 1], 10, aim), aim.lift) == ""
    nobody = reach_of(0, [1, 1], 10, aim)
    assert reach_words(nobody, aim.lift).startswith("The audience is too small")
