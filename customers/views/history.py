"""Charts of one customer: what it paid, and what it used week by week."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from churnapp.common import formats
from churnapp.common.charts.bars import StackedChart, stacked_chart
from churnapp.common.charts.lines import Frame, LineChart, Series
from churnapp.common.charts.steps import Span, Timeline, spans_of, step_chart
from churnapp.common.money import mrr
from customers.models import Customer, Usage
from customers.views.revenue import Step

WEEKS = 12
WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)
FORESEEN = timedelta(days=60)
TONES = ("tone-1", "tone-2", "tone-3", "tone-4", "tone-5")


def revenue_chart(changes: Sequence[Step], *, today: date, currency: str) -> LineChart | None:
    """MRR since the first paid day, with what is known to change ahead; None if never paid."""
    if not changes:
        return None
    tomorrow = today + ONE_DAY
    last = max(changes[-1].on, today)
    end = min(last, today + 6 * FORESEEN) + FORESEEN if last > today else tomorrow
    values = [(step.on, float(mrr(step.arr_minor, currency))) for step in changes]
    spans = [
        Span(start, stop, value, formats.period(start, stop, "days"))
        for start, stop, value in spans_of(values, max(end, changes[0].on + WEEK))
        if start < end or start == changes[0].on
    ]
    time = Timeline(spans[0].start, spans[-1].end, tomorrow)
    return step_chart(
        _("MRR over time"),
        spans,
        time,
        lambda value: formats.compact_money(value, currency),
        _("MRR"),
    )


def usage_chart(customer: Customer, *, today: date) -> StackedChart | None:
    """Use of the last twelve weeks by feature, the busiest five apart; None without any use."""
    this_week = today - timedelta(days=today.weekday())
    weeks = [this_week - WEEK * back for back in range(WEEKS - 1, -1, -1)]
    counts = weekly_use(customer, weeks)
    if not counts:
        return None
    totals: Counter[str] = Counter()
    for (feature, _week), count in counts.items():
        totals[feature] += count
    busiest = [feature for feature, _count in totals.most_common(len(TONES))]
    series = [
        Series(feature, [float(counts[feature, week]) for week in weeks], tone)
        for feature, tone in zip(busiest, TONES, strict=False)
    ]
    rest = [feature for feature in totals if feature not in busiest]
    if rest:
        others = [float(sum(counts[feature, week] for feature in rest)) for week in weeks]
        series.append(Series(_("Others"), others, "tone-6"))
    frame = Frame(
        _("Use a week, by feature"),
        [formats.day(week) for week in weeks],
        formats.compact,
        finest=1,
    )
    return stacked_chart(frame, series)


def weekly_use(customer: Customer, weeks: Sequence[date]) -> Counter[tuple[str, date]]:
    """Uses by feature and by the Monday of their week."""
    found = (
        Usage.objects.filter(customer=customer, day__gte=weeks[0], day__lt=weeks[-1] + WEEK)
        .values("day", code=F("feature__code"), name=F("feature__name"))
        .annotate(uses=Sum("count"))
    )
    counts: Counter[tuple[str, date]] = Counter()
    for row in found:
        monday = row["day"] - timedelta(days=row["day"].weekday())
        counts[row["name"] or row["code"], monday] += row["uses"]
    return counts
