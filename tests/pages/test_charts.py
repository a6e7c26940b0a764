"""The places that charts compute, and the SVG that comes of them."""

import math
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override

from churnapp.common import formats
from churnapp.common.charts.bars import Step, stacked_chart, waterfall
from churnapp.common.charts.heat import heat_cells, low_end, shade_of
from churnapp.common.charts.lines import Frame, Series, line_chart, path_through, sparkline
from churnapp.common.charts.scales import Scale, axis_labels, round_step, scale_for

MONTHS = ["Jan", "Feb", "Mar", "Apr"]


def frame(names=MONTHS, **changes) -> Frame:
    return Frame("Churn", names, str, **changes)


def draw(source: str, **context) -> str:
    return Template("{% load charts %}" + source).render(Context(context))


def elements(html: str, name: str) -> list[str]:
    return re.findall(rf"<{name}\b[^>]*>", html)


def number(place: str) -> float:
    return float(place.rstrip("%"))


@pytest.mark.parametrize(
    "rough, step", [(0.9, 1), (1, 1), (1.1, 2), (2.2, 2.5), (3, 5), (7, 10), (0.0031, 0.005)]
)
def test_steps_are_round(rough, step):
    assert round_step(rough) == pytest.approx(step)


@pytest.mark.parametrize("values", [[], [None], [0], [0, 0, None], [0.0]])
def test_nothing_but_zero_or_unknown_has_a_scale(values):
    scale = scale_for(values)
    assert (scale.low, scale.high) == (0, 1)


@pytest.mark.parametrize("values", [[3], [-3], [-5, 8], [0.001, 0.0312], [1, 1_234_567_890]])
def test_a_scale_holds_its_values_and_zero(values):
    scale = scale_for(values)
    assert scale.low <= min(*values, 0)
    assert scale.high >= max(*values, 0)
    assert len(scale.ticks(str)) <= 7


@pytest.mark.parametrize(
    "most, labels",
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (2, ["0", "1", "2"]),
        (5, ["0", "2", "4", "6"]),
        (9, ["0", "5", "10"]),
        (10, ["0", "5", "10"]),
        (90, ["0", "25", "50", "75", "100"]),
    ],
)
def test_counts_stand_on_whole_numbers(most, labels):
    ticks = scale_for([most], finest=1).ticks(formats.compact)
    assert [tick.label for tick in ticks] == labels


@pytest.mark.parametrize("finest", [1, 0.1, 0.001])
@pytest.mark.parametrize("most", [1e-4, 0.0007, 0.0031, 0.04, 0.25, 0.9, 1, 3, 7, 12, 44, 1_200])
def test_what_stands_beside_a_plot_is_where_it_says(most, finest):
    ticks = scale_for([most], finest=finest).ticks(str)
    for tick in ticks:
        steps = float(tick.label) / finest
        assert math.isclose(steps, round(steps), abs_tol=1e-6)
    assert len(ticks) >= 2


def test_a_scale_whose_ends_are_known_does_not_go_by_the_values():
    whole = Scale(-100, 100, 50)
    chart = line_chart(frame(MONTHS[:2], scale=whole), [Series("NPS", [0.3, -0.4])])
    assert [tick.label for tick in chart.ticks] == ["-100", "-50", "0.0", "50", "100"]


def test_ticks_run_from_bottom_to_top_in_percent():
    ticks = scale_for([10]).ticks(str)
    assert [tick.at for tick in ticks] == ["100%", "75%", "50%", "25%", "0%"]
    assert [tick.is_zero for tick in ticks] == [True, False, False, False, False]


@pytest.mark.parametrize("name", ["m{}", "Week {}, 2026", "{} September 2026 and after"])
def test_labels_thin_out_by_their_length_but_keep_the_newest(name):
    labels = axis_labels([name.format(index) for index in range(36)])
    assert labels[-1].text == name.format(35)
    assert labels[-1].room == ""
    assert len(labels) * len(name) * 5 < 380
    everywhere = [label for label in labels if not label.room]
    assert len(everywhere) * len(name) * 5 < 240
    assert len(everywhere) <= len([one for one in labels if one.room != "needs-380"]) <= len(labels)


def test_a_label_at_the_edge_ends_or_begins_there():
    names = ["Week 23, 2026", "", "", "", "", "", "Week 29, 2026"]
    first, *_between, last = axis_labels(names)
    assert (first.anchor, first.at) == ("start", "0%")
    assert (last.anchor, last.at) == ("end", "100%")
    assert [label.anchor for label in axis_labels(["Q1", "Q2", "Q3"])] == ["middle"] * 3


def test_a_label_of_nothing_is_none():
    assert axis_labels([]) == []
    assert [label.text for label in axis_labels(["A name longer than any plot " * 9])] == [
        "A name longer than any plot " * 9
    ]


def test_beside_the_plot_there_is_room_for_the_longest_tick():
    chart = line_chart(
        Frame("Churn", MONTHS, lambda value: f"NOK {value:.0f}"), [Series("a", [9] * 4)]
    )
    assert chart.letters == len("NOK 10")
    assert 'class="chart-area axis-6"' in draw("{% line_figure chart 'c' %}", chart=chart)


def test_an_unknown_value_breaks_the_line():
    assert path_through([1, 1, None, 2], Scale(0, 2, 1)) == "M12.5 50L37.5 50M87.5 0"


def test_a_value_between_gaps_is_a_dot():
    chart = line_chart(frame(), [Series("a", [None, 1, None, 2])])
    assert [dot.x for dot in chart.dots] == ["37.5%", "87.5%"]
    assert chart.paths == []


def test_a_joined_line_goes_on_over_gaps_and_its_running_end_is_dashed():
    one = Series("a", [1, None, 2, None, 2], joined=True)
    chart = line_chart(frame([*MONTHS, "May"], partial=True), [one])
    assert [(path.d, path.dashed) for path in chart.paths] == [
        ("M50 0L90 0", True),
        ("M10 50L50 0", False),
    ]


def test_weak_values_are_hollow_and_the_line_goes_past_them():
    intervals = [(0, 4), (4, 4), (1, 3), None]
    one = Series("a", [2, 4, 2, 1], intervals=intervals, weak=[False, True, False, False])
    chart = line_chart(frame(hollow="few answers"), [one])
    assert [dot.hollow for dot in chart.dots] == [False, True, False, False]
    assert [(each.top, each.bottom) for each in chart.whiskers] == [("0%", "100%"), ("25%", "75%")]
    assert [path.d for path in chart.paths] == ["M12.5 50M62.5 50L87.5 75"]
    html = draw("{% line_figure chart 'c' %}", chart=chart)
    assert "few answers" in html
    assert html.count("dot-hollow") == 1


def test_weak_values_alone_have_a_faint_line():
    one = Series("a", [1, 2, 3, 4], weak=[True, True, False, True])
    (path,) = line_chart(frame(), [one]).paths
    assert path.faint
    assert path.d.count("L") == 3


def test_the_running_period_is_dashed():
    chart = line_chart(frame(partial=True), [Series("a", [1, 2, 3, 4])])
    dashed, solid = chart.paths
    assert dashed.dashed
    assert dashed.d.startswith("M62.5")
    assert not solid.dashed
    assert "87.5" not in solid.d


@pytest.mark.parametrize(
    "values, dashed, solid",
    [
        ([1, 2, 3, 4], ["M62.5", "M12.5"], ["M37.5"]),
        ([1, 2], ["M25"], []),
    ],
)
def test_a_first_period_that_is_cut_is_dashed_too(values, dashed, solid):
    names = MONTHS[: len(values)]
    chart = line_chart(frame(names, partial=True, cut=True), [Series("a", values)])
    assert [path.d.partition(" ")[0] for path in chart.paths if path.dashed] == dashed
    assert [path.d.partition(" ")[0] for path in chart.paths if not path.dashed] == solid


def test_columns_may_say_more_than_the_axis_has_room_for():
    spans, texts = ["10 to 31 Jan", "Feb"], ["1 (0 to 2)", "2 (1 to 3)"]
    one = Series("a", [1, 2], texts=texts)
    chart = line_chart(frame(MONTHS[:2], cut=True, spans=spans, dashed="in part"), [one])
    html = draw("{% line_figure chart 'c' %}", chart=chart)
    assert [label.text for label in chart.labels] == ["Jan", "Feb"]
    for words in ("10 to 31 Jan", "1 (0 to 2)", "in part"):
        assert words in html


def test_all_unknown_says_so_instead_of_drawing():
    html = draw("{% line_figure chart 'c' %}", chart=line_chart(frame(), [Series("a", [None] * 4)]))
    assert "No value in any of these periods." in html
    assert "<svg" not in html


def test_all_zero_draws_a_flat_line_at_the_bottom():
    chart = line_chart(frame(), [Series("a", [0, 0, 0, 0])])
    assert chart.paths[0].d == "M12.5 100L37.5 100L62.5 100L87.5 100"


def test_names_are_escaped():
    chart = line_chart(
        Frame("<b>&", ['<script>"', "Feb"], lambda value: f"<i>{value}"),
        [Series("<img onerror=x>", [1, 2]), Series("b", [2, 3])],
    )
    html = draw("{% line_figure chart 'c' %}", chart=chart)
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;&amp;" in html


def test_a_chart_has_a_name_a_description_and_its_table():
    chart = line_chart(frame(), [Series("Lost", [1, None, 3, 4])])
    html = draw("{% line_figure chart 'c' %}", chart=chart)
    svg = elements(html, "svg")[0]
    assert 'role="img"' in svg
    assert 'aria-label="Churn"' in svg
    assert "Lost: 1 in Jan, 4 in Apr." in html
    assert html.count("<tr>") == 1 + 4
    assert html.count(">n/a<") == 1
    assert 'scope="row">Feb' in html


def test_no_style_and_no_handler_is_written_into_a_chart():
    charts = SimpleNamespace(
        line=line_chart(frame(), [Series("a", [1, 2, None, 4])]),
        stacked=stacked_chart(frame(), [Series("a", [1, -2, None, 4])]),
        fall=waterfall("w", [Step("Start", 5, is_total=True), Step("New", 2)], str),
    )
    html = draw(
        "{% line_figure c.line 'l' %}{% stacked_figure c.stacked 's' %}"
        "{% waterfall_figure c.fall 'w' %}{% spark values 'sparks' %}",
        c=charts,
        values=[1, 2],
    )
    assert not re.search(r"\s(style|on\w+)=", html)


def test_places_keep_their_full_stop_in_languages_with_a_decimal_comma():
    with override("nb"):
        html = draw(
            "{% line_figure chart 'c' %}{% spark values 's' %}",
            chart=line_chart(frame(["a", "b", "c"]), [Series("a", [1, 2, 3.5])]),
            values=[1.5, 2.25, 3],
        )
    assert not re.search(r'(?:[xy]|width|height|cx|cy)="[^"]*,', html)
    assert not re.search(r' d="[^"]*,', html)


def test_a_drawing_is_well_formed():
    chart = stacked_chart(frame(), [Series("a", [1, -2, None, 4])], net=Series("n", [1, -2, 0, 4]))
    html = draw("{% stacked_figure chart 's' %}", chart=chart)
    svg = html[html.index("<svg") : html.index("</div>")]
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"


def test_losses_stack_below_zero_and_gains_above():
    series = [Series("new", [3, 0]), Series("more", [1, 0]), Series("churn", [-2, -4])]
    chart = stacked_chart(frame(["a", "b"]), series)
    zero = number(next(tick.at for tick in chart.ticks if tick.is_zero))
    first, second, lost, lost_later = chart.bars
    assert number(first.y) + number(first.height) == pytest.approx(zero, abs=0.02)
    assert number(second.y) + number(second.height) == pytest.approx(number(first.y), abs=0.02)
    assert number(lost.y) == number(lost_later.y) == pytest.approx(zero, abs=0.02)
    assert number(lost_later.height) == pytest.approx(2 * number(lost.height), abs=0.02)


def test_series_that_never_move_are_not_in_the_legend():
    chart = stacked_chart(frame(), [Series("new", [1, 0, 0, 0]), Series("pause", [0, 0, 0, 0])])
    assert [one.name for one in chart.legend] == ["new"]


def test_a_waterfall_ends_where_its_movements_lead():
    steps = [
        Step("Start", 100, is_total=True),
        Step("New", 30),
        Step("Churn", -80),
        Step("End", 50, is_total=True),
    ]
    rows = waterfall("MRR", steps, str).rows
    end_of_churn = number(rows[2].x)
    assert end_of_churn == pytest.approx(number(rows[3].x) + number(rows[3].width), abs=0.02)
    assert number(rows[1].x) == pytest.approx(number(rows[0].width), abs=0.02)


def test_small_movements_of_a_large_total_stay_visible_and_the_cut_is_said():
    steps = [
        Step("Start", 1_000_000, is_total=True),
        Step("New", 8_000),
        Step("Churn", -5_000),
        Step("End", 1_003_000, is_total=True),
    ]
    chart = waterfall("MRR", steps, lambda value: f"{value:.0f}")
    assert number(chart.rows[1].width) > 20
    assert 0 < float(chart.cut_at) < 1_000_000
    assert "Axis begins at" in draw("{% waterfall_figure chart 'w' %}", chart=chart)


def test_a_first_period_begins_at_zero():
    steps = [Step("Start", 0, is_total=True), Step("New", 100), Step("End", 100, is_total=True)]
    chart = waterfall("MRR", steps, str)
    assert chart.cut_at == ""
    assert [row.width for row in chart.rows] == ["0%", "100%", "100%"]


def test_large_movements_keep_the_axis_at_zero():
    steps = [Step("Start", 10, is_total=True), Step("New", 90), Step("End", 100, is_total=True)]
    assert waterfall("MRR", steps, str).cut_at == ""


@pytest.mark.parametrize("start, change", [(0, 0), (0, 5), (5, -5)])
def test_a_waterfall_of_nothing_has_no_negative_width(start, change):
    steps = [
        Step("Start", start, is_total=True),
        Step("Change", change),
        Step("End", start + change, is_total=True),
    ]
    assert all(number(row.width) >= 0 for row in waterfall("MRR", steps, str).rows)


@pytest.mark.parametrize(
    "value, shade",
    [
        (None, None),
        (-0.5, 0),
        (0, 0),
        (0.099, 0),
        (0.1, 1),
        (0.3, 3),
        (1, 10),
        (1.05, 11),
        (1.2, 12),
        (2, 13),
    ],
)
def test_shades_of_a_share(value, shade):
    assert shade_of(value) == shade


def test_shades_begin_at_the_tenth_below_the_smallest_share():
    assert low_end([0.64, None, 1.0]) == pytest.approx(0.6)
    assert [shade_of(share, 0.6) for share in (0.6, 0.8, 1.0, 1.1)] == [0, 5, 10, 11]
    assert low_end([]) == low_end([-0.2]) == 0
    assert low_end([1.0, 1.3]) == pytest.approx(0.9)


def test_cells_not_yet_observed_are_empty():
    cells = heat_cells([1, None], lambda value: f"{value:.0%}")
    assert [(cell.text, cell.shade) for cell in cells] == [("100%", 10), ("", None)]


@pytest.mark.parametrize("values", [[], [None, None], [5], [0, 0], [None, 3, None]])
def test_a_sparkline_never_fails(values):
    html = draw("{% spark values label %}", values=values, label='12 "months"')
    assert 'aria-label="12 &quot;months&quot;"' in html


def test_a_sparkline_uses_its_whole_height():
    spark = sparkline([10, 20, 15], "x")
    assert spark.d == "M16.67 100L50 0L83.33 50"
    assert spark.area.endswith("Z")
