"""Charts of results: money over time, and how long those who came back stay."""

from django.utils.translation import gettext as _

from campaigns.results.lasting import HOLDOUT, OTHERS, TREATED, Curve, Lasting
from campaigns.views.result_figures import GainRow
from churnapp.common import formats, money
from churnapp.common.charts.lines import Frame, LineChart, Series, line_chart
from churnapp.common.charts.survival import Falling, survival_chart
from customers.metrics.survival import point_at

APART = (7, 30, 90, 180, 365)  # days between two that are read out
MOST_DAYS = 8
TONES = {TREATED: "tone-1", HOLDOUT: "tone-3", OTHERS: "tone-6"}


def gain_chart(rows: list[GainRow], currency: str) -> LineChart | None:
    """What came in after 30, 90, 180 and 365 days, with intervals; None before the first."""
    if not any(row.gain and row.gain.total is not None for row in rows):
        return None
    values, texts, intervals = [], [], []
    for row in rows:
        gain = row.gain
        values.append(major(gain.total, currency) if gain else None)
        texts.append(" ".join(filter(None, (row.text, row.between))) or formats.not_available())
        known = gain and gain.low is not None and gain.high is not None
        intervals.append(
            (major(gain.low, currency) or 0.0, major(gain.high, currency) or 0.0)
            if gain and known
            else None
        )
    frame = Frame(
        _("Net incremental revenue, in all"),
        [formats.days(row.days) for row in rows],
        lambda value: formats.compact_money(value, currency),
    )
    series = Series(_("Net incremental revenue"), values, texts=texts, intervals=intervals)
    return line_chart(frame, [series])


def major(minor: int | None, currency: str) -> float | None:
    return None if minor is None else float(money.to_major(minor, currency))


def lasting_chart(lasting: Lasting) -> LineChart | None:
    """A curve of each kind over days; None where nobody is to be seen for a day."""
    longest = max((curve.longest for curve in lasting.curves), default=0)
    if not longest:
        return None
    days = read_out(longest)
    named = [(day, formats.days(day)) for day in days]
    names = curve_names(lasting)
    curves = [falling(curve, days, names[curve.kind]) for curve in lasting.curves]
    return survival_chart(_("Share still paying"), curves, named, share_text)


def read_out(longest: int) -> list[int]:
    """The days that a chart reads out, up to the last on which anybody was seen."""
    apart = next((each for each in APART if longest / each <= MOST_DAYS), APART[-1])
    return list(range(apart, max(longest, apart) + 1, apart))


def curve_names(lasting: Lasting) -> dict[str, str]:
    others = (
        _("Others who came back, same plans")
        if lasting.same_plan
        else _("Others who came back by themselves")
    )
    return {TREATED: _("Treated"), HOLDOUT: _("Holdout"), OTHERS: others}


def falling(curve: Curve, days: list[int], name: str) -> Falling:
    points = curve.points
    steps = [(point.day, point.share) for point in points]
    texts = [share_on(curve, day) for day in days]
    return Falling(name, steps, curve.longest, texts, TONES[curve.kind])


def share_on(curve: Curve, day: int) -> str:
    """The share still there, its interval, and how many that is known of."""
    if day > curve.longest:
        return formats.not_available()
    point = point_at(curve.points, day)
    facts = {"count": formats.number(curve.at_risk(day))}
    share = share_text(point.share if point else 1.0)
    if point and point.low is not None and point.high is not None:
        facts |= {"share": share, "low": share_text(point.low), "high": share_text(point.high)}
        return _("%(share)s (%(low)s to %(high)s); %(count)s seen so long") % facts
    return _("%(share)s; %(count)s seen so long") % (facts | {"share": share})


def share_text(share: float) -> str:
    return formats.percent(share, 0)
