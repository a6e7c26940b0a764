"""Rules about use: what raises them, what just does not, and what they say."""

import pytest

from customers.models import RiskFlag
from tests.factories import make_feature, make_term
from tests.risk.facts import days_ago, keys, night, only, payer, said, standing_flags, use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def someone_else_uses():
    """Use is on record until yesterday, so that silence is the customer's own."""
    use(payer("Someone else"), 50, weeks=range(60), feature="search")


def test_use_of_the_only_feature_that_fell_names_it():
    only("use_fell")
    customer = payer()
    use(customer, 41, weeks=range(2, 10))
    use(customer, 16, weeks=range(2))

    night()

    assert said(customer) == ["Use of Reports fell 61%, from 41 to 16 a week."]


def test_use_of_several_features_that_fell_names_the_one_that_lost_most():
    only("use_fell")
    customer = payer()
    use(customer, 30, weeks=range(10))
    use(customer, 100, weeks=range(2, 10), feature="export")
    use(customer, 20, weeks=range(2), feature="export")

    night()

    assert said(customer) == ["Use fell 62%, from 130 to 50 a week, most in Export."]


@pytest.mark.parametrize("left, raised", [(60, True), (61, False)])
def test_a_fall_is_raised_from_the_percentage_on(left, raised):
    only("use_fell", drop_percent=40)
    customer = payer()
    use(customer, 100, weeks=range(2, 10))
    use(customer, left, weeks=range(2))

    night()

    assert keys(customer) == (["use_fell"] if raised else [])


@pytest.mark.parametrize("weekly, raised", [(10, True), (9, False)])
def test_little_use_falls_without_a_word(weekly, raised):
    only("use_fell", least_a_week=10)
    customer = payer()
    use(customer, weekly, weeks=range(2, 10))

    night()

    assert keys(customer) == (["use_fell"] if raised else [])


@pytest.mark.parametrize("weeks, raised", [(range(2, 6), True), (range(2, 5), False)])
def test_who_began_lately_is_measured_from_the_first_use(weeks, raised):
    """Four weeks of 40 count as 40 a week, not as 20 over eight."""
    only("use_fell", least_weeks=4)
    customer = payer()
    use(customer, 40, weeks=weeks)
    use(customer, 20, weeks=range(2))

    night()

    assert said(customer) == (["Use of Reports fell 50%, from 40 to 20 a week."] if raised else [])


def test_use_that_stopped_is_graver_and_says_so():
    only("use_fell")
    customer = payer()
    use(customer, 41, weeks=range(2, 10))

    night()

    [flag] = standing_flags(customer)
    assert (flag.level, flag.severity) == (2, 5)
    assert said(customer) == ["Use of Reports stopped: it was 41 a week."]


def test_a_feature_that_fell_alone_is_named_by_itself():
    only("use_fell", "feature_use_fell")
    customer = payer()
    use(customer, 300, weeks=range(10))
    use(customer, 40, weeks=range(2, 10), feature="export")
    use(customer, 10, weeks=range(2), feature="export")

    night()

    [flag] = standing_flags(customer)
    assert flag.subject == "export"
    assert said(customer) == ["Use of Export fell 75%, from 40 to 10 a week."]


def test_a_feature_that_fell_with_all_the_rest_is_not_repeated():
    only("use_fell", "feature_use_fell")
    customer = payer()
    for feature in ("reports", "export"):
        use(customer, 100, weeks=range(2, 10), feature=feature)
        use(customer, 30, weeks=range(2), feature=feature)

    night()

    assert keys(customer) == ["use_fell"]


@pytest.mark.parametrize("percent, raised", [(60, True), (61, False)])
def test_a_feature_is_raised_from_its_own_percentage_on(percent, raised):
    only("feature_use_fell", drop_percent=percent)
    customer = payer()
    use(customer, 100, weeks=range(2, 10))
    use(customer, 40, weeks=range(2))

    night()

    assert keys(customer) == (["feature_use_fell"] if raised else [])


def test_at_most_three_features_are_named_for_a_customer():
    only("feature_use_fell")
    customer = payer()
    for number in range(5):
        use(customer, 100 + number, weeks=range(2, 10), feature=f"f{number}")

    night()

    assert [flag.subject for flag in standing_flags(customer)] == ["f2", "f3", "f4"]


@pytest.mark.parametrize("days, raised", [(30, True), (29, False)])
def test_no_use_is_raised_after_its_days(days, raised):
    only("no_use", days=30)
    customer = payer()
    customer.usage.create(feature=make_feature(), day=days_ago(days), count=3)

    night()

    assert said(customer) == (
        ["No use for 30 days: the last was on 16 May 2025."] if raised else []
    )


def test_a_day_with_a_count_of_zero_is_no_use():
    only("no_use", days=30)
    customer = payer()
    customer.usage.create(feature=make_feature(), day=days_ago(40), count=3)
    customer.usage.create(feature=make_feature(), day=days_ago(3), count=0)

    night()

    assert said(customer) == ["No use for 40 days: the last was on 6 May 2025."]


@pytest.mark.parametrize("days, raised", [(30, True), (29, False)])
def test_who_never_used_anything_is_raised_after_as_many_days_of_paying(days, raised):
    only("no_use", days=30)
    customer = payer(starts_on=days_ago(days))

    night()

    assert said(customer) == (
        ["Never used, 30 days after the start on 16 May 2025."] if raised else []
    )


def test_days_without_use_are_counted_from_the_return_of_a_customer():
    only("no_use", days=30)
    customer = payer(ends_on=days_ago(200))
    subscription = customer.subscriptions.get()
    make_term(subscription, starts_on=days_ago(29))
    use(customer, 5, weeks=range(40, 50))

    night()

    assert keys(customer) == []


def test_no_use_says_what_falling_use_would_repeat():
    only("no_use", "use_fell", "feature_use_fell", "feature_untouched")
    make_feature("export", plans=("pro",))
    customer = payer()
    use(customer, 41, weeks=range(5, 15))

    night()

    assert keys(customer) == ["no_use"]


@pytest.mark.parametrize("days, raised", [(60, True), (59, False)])
def test_features_of_the_plan_never_touched_are_raised_after_their_days(days, raised):
    only("feature_untouched", days=60)
    make_feature("export", plans=("pro",))
    make_feature("alerts", plans=("pro",))
    make_feature("audit", plans=("enterprise",))
    customer = payer(starts_on=days_ago(days))
    use(customer, 5, weeks=range(8))

    night()

    expected = "2 features were never touched, 60 days after the start: Alerts and Export."
    assert said(customer) == ([expected] if raised else [])


def test_one_feature_never_touched_is_named_in_the_singular():
    only("feature_untouched", days=60)
    make_feature("export", plans=("pro",))
    customer = payer(starts_on=days_ago(90))
    use(customer, 5, weeks=range(8))

    night()

    assert said(customer) == ["Export was never touched, 90 days after the start."]


def test_a_change_of_price_does_not_begin_the_days_anew():
    only("feature_untouched", days=60)
    make_feature("export", plans=("pro",))
    customer = payer(starts_on=days_ago(90), ends_on=days_ago(20))
    make_term(customer.subscriptions.get(), starts_on=days_ago(20), arr=2400)
    use(customer, 5, weeks=range(8))

    night()

    assert keys(customer) == ["feature_untouched"]


def test_a_touched_feature_closes_its_flag():
    only("feature_untouched", days=60)
    export = make_feature("export", plans=("pro",))
    customer = payer()
    use(customer, 5, weeks=range(8))
    night()
    customer.usage.create(feature=export, day=days_ago(1), count=1)

    night()

    assert RiskFlag.objects.get(customer=customer).state == "resolved"


@pytest.mark.parametrize("days, raised", [(45, True), (44, False), (180, True), (181, False)])
def test_a_release_not_tried_is_raised_for_a_while(days, raised):
    only("release_untouched", days=45, until_days=180)
    make_feature("alerts", plans=("pro",), released_on=days_ago(days))
    customer = payer()
    use(customer, 5, weeks=range(8))

    night()

    assert keys(customer) == (["release_untouched"] if raised else [])


def test_a_release_not_tried_is_named_with_its_day():
    only("release_untouched")
    make_feature("alerts", plans=("pro",), released_on=days_ago(60))
    customer = payer()
    use(customer, 5, weeks=range(8))

    night()

    assert said(customer) == ["Alerts has not been tried since its release on 16 Apr 2025."]


def test_a_feature_older_than_the_customer_is_no_release():
    only("release_untouched")
    make_feature("alerts", plans=("pro",), released_on=days_ago(60))
    customer = payer(starts_on=days_ago(60))
    use(customer, 5, weeks=range(8))

    night()

    assert keys(customer) == []
