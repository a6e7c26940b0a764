"""How far what is stated, read, thought and seen agree, and the way to the departures behind."""

import pytest
from django.utils import timezone

from customers.models import ReasonView
from customers.views.agreement import Told, agreements
from tests.factories import make_cancellation, make_reason, make_user, today

pytestmark = pytest.mark.django_db
PAGE = "/cancellations/insights/"


@pytest.fixture
def viewer(client):
    client.force_login(make_user("viewer"))
    return client


def told(suggested=False, **reasons):
    gone = make_cancellation(effective_on=today())
    for kind, reason in reasons.items():
        ReasonView.objects.create(
            cancellation=gone,
            kind=kind,
            reason=reason,
            recorded_at=timezone.now(),
            suggested=suggested,
        )
    return gone


def agreement(*told):
    """What two kinds make of departures, as (stated, our own view, how often)."""
    each = [Told(said, None, thought, None) for said, thought, times in told for _ in range(times)]
    [pair] = agreements(each, lambda **_asked: "")
    return pair


def test_kappa_is_what_is_beyond_chance():
    # 2x2: 20 both yes, 5 and 10 apart, 15 both no: observed 0.7, by chance 0.5
    pair = agreement((1, 1, 20), (1, 2, 5), (2, 1, 10), (2, 2, 15))
    assert pair.kappa == pytest.approx(0.4)
    assert (pair.tenths, pair.tenths_by_chance) == (7, 5)
    assert agreement((1, 1, 9)).kappa is None


def test_it_is_said_in_plain_words_last_and_folded(viewer):
    price, rival = make_reason("price"), make_reason("rival")
    told(stated=price, csm=price)
    told(stated=price, csm=rival)
    page = viewer.get(PAGE).content.decode()
    assert "agree in 5 of 10; by chance alone 5 of 10" in page
    assert "Cohen’s kappa 0.00" in page
    assert '<th scope="col" class="num">Kappa' not in page
    _before, folded = page.split('<details class="card folded">')
    assert "agreement-head" in folded
    assert "split-head" not in folded


def test_each_pair_counts_where_both_speak_and_leads_to_them(viewer):
    price, rival = make_reason("price"), make_reason("rival")
    told(stated=price, csm=price)
    told(stated=price, csm=rival)
    told(stated=price)
    make_cancellation(effective_on=today(), reason=rival)
    told(suggested=True, text=price, behaviour=rival)
    insight = viewer.get(PAGE).context["insight"]

    pairs = {(pair.both, pair.same, pair.differ): pair for pair in insight.agreements()}
    assert set(pairs) == {(2, 1, 1), (1, 0, 1)}
    pair = pairs[2, 1, 1]
    for href, count in ((pair.href_both, 2), (pair.href_same, 1), (pair.href_differ, 1)):
        assert viewer.get(href).context["departures"].totals.count == count

    cross = insight.parted()
    assert cross.columns == ("Price", "Rival")
    [(_label, (same, apart)), _rest] = cross.rows
    assert (same.count, apart.count) == (1, 1)
    assert viewer.get(apart.href).context["departures"].totals.count == 1


def test_a_headline_from_a_file_counts_as_stated(viewer):
    make_cancellation(effective_on=today(), reason=make_reason("price"))
    found = viewer.get("/cancellations/?stated=price").context["departures"]
    assert found.totals.count == 1


def test_a_headline_whose_view_was_taken_back_counts_as_stated_no_more(viewer):
    price = make_reason("price")
    gone = told(stated=price)
    type(gone).objects.update(reason=price)
    ReasonView.objects.update(superseded_at=timezone.now())
    found = viewer.get("/cancellations/?stated=price").context["departures"]
    assert found.totals.count == 0


def test_nonsense_in_the_address_narrows_nothing(viewer):
    told(stated=make_reason("price"))
    for asked in ("a.b.c", "stated.csm", "stated.csm.what"):
        found = viewer.get(f"/cancellations/?agree={asked}").context["departures"]
        assert found.totals.count == 1


def test_a_page_narrowed_by_one_comparison_counts_the_others_within_it(viewer):
    price, rival = make_reason("price"), make_reason("rival")
    told(stated=price, csm=price, behaviour=price)
    told(stated=price, csm=rival, behaviour=price)
    told(stated=price, csm=rival, behaviour=rival)
    answer = viewer.get(PAGE, {"agree": "stated.csm.differ"})
    pairs = {(pair.one, pair.other): pair for pair in answer.context["insight"].agreements()}
    assert len(pairs) == 3
    for pair in pairs.values():
        ways = ((pair.href_both, 2), (pair.href_same, pair.same), (pair.href_differ, pair.differ))
        for href, count in ways:
            assert viewer.get(href).context["departures"].totals.count == count
