"""Forests and survival curves: where things stand, and that nothing unknown is drawn."""

from churnapp.common import formats
from churnapp.common.charts.forest import Item, forest
from churnapp.common.charts.survival import Falling, survival_chart


def test_a_forest_has_one_scale_that_holds_no_difference():
    items = [
        Item("Works", 10.0, 4.0, 16.0, "+10"),
        Item("Harms", -5.0, -10.0, -1.0, "−5"),
        Item("Open", 2.0, -6.0, 9.0, "+2"),
        Item("Unknown", None, None, None, "n/a"),
    ]
    chart = forest("Effects", items, formats.number)
    works, harms, either, unknown = chart.rows
    assert [tick.label for tick in chart.ticks] == ["−10", "0", "10", "20"]
    assert (chart.zero, works.at, works.low, works.high) == ("33.33%", "66.67%", "46.67%", "86.67%")
    assert (harms.low, harms.high) == ("0%", "30%")
    tones = [row.tone for row in chart.rows]
    assert tones == ["tone-gain", "tone-loss", "tone-6", "tone-6"]
    assert (unknown.at, unknown.low, unknown.high) == ("", "", "")
    assert either.at == "40%"
    assert not chart.is_empty
    assert forest("Effects", [items[3]], formats.number).is_empty


def test_a_difference_far_from_none_still_shows_the_line_of_none():
    chart = forest("Effects", [Item("Works", 40.0, 30.0, 50.0, "+40")], formats.number)
    assert chart.zero == "0%"


def test_a_survival_curve_falls_in_steps_and_ends_where_nothing_is_known():
    curve = Falling("Treated", [(10, 0.8), (30, 0.5)], 40, ["80 %", "50 %"])
    none_left = Falling("Others", [], 20, ["100 %", "n/a"], "tone-6")
    days = [(20, "20 days"), (50, "50 days")]
    chart = survival_chart("Stays", [curve, none_left], days, formats.percent)
    assert chart.paths[0].d == "M0 0L20 0L20 20L60 20L60 50L80 50"
    assert chart.paths[1].d == "M0 0L40 0"
    assert [(dot.x, dot.y) for dot in chart.dots] == [("80%", "50%"), ("40%", "0%")]
    assert [column.name for column in chart.columns] == ["20 days", "50 days"]
    assert [(column.x, column.width) for column in chart.columns] == [("0%", "40%"), ("40%", "60%")]
    assert [reading.text for reading in chart.columns[1].readings] == ["50 %", "n/a"]
    assert [series.values[0] for series in chart.legend] == [0.8, 1.0]


def test_what_lies_past_the_chart_is_not_drawn():
    curve = Falling("Treated", [(10, 0.8), (90, 0.1)], 90, [""])
    chart = survival_chart("Stays", [curve], [(50, "50 days")], formats.percent)
    assert chart.paths[0].d == "M0 0L20 0L20 20L100 20"
