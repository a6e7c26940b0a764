"""What customers pay today for what an offer would touch, of many at once."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from campaigns.costs import Pays

# One row a customer: of what runs today the paid term of most revenue, else a paused one, else one
# on trial or free; of who pays nothing any more, what they paid last. `customers.services` and the
# figures believe the same terms.
TODAY = """
    SELECT DISTINCT ON (subscription.customer_id)
           subscription.customer_id,
           CASE WHEN NOT term.runs THEN 'left'
                WHEN term.kind = 'paid' AND term.arr_minor > 0 THEN 'paying'
                WHEN term.kind = 'paused' THEN 'paused' ELSE 'trial' END,
           term.plan_id, term.quantity, term.arr_native_minor, term.currency, term.arr_minor,
           subscription.id
    FROM customers_subscription AS subscription
    JOIN LATERAL (
        SELECT *, coalesce(ends_on > %(today)s, true) AS runs
        FROM customers_term
        WHERE subscription_id = subscription.id AND superseded_at IS NULL
          AND starts_on <= %(today)s
          AND (coalesce(ends_on > %(today)s, true) OR (kind = 'paid' AND arr_minor > 0))
    ) AS term ON true
    WHERE subscription.customer_id = ANY(%(ids)s)
    ORDER BY subscription.customer_id, term.runs DESC,
             CASE WHEN term.kind = 'paid' AND term.arr_minor > 0 THEN 0
                  WHEN term.kind = 'paused' THEN 1 ELSE 2 END,
             CASE WHEN term.runs THEN term.arr_minor END DESC,
             term.ends_on DESC, term.arr_minor DESC, subscription.id
"""


def paying(customer_ids: Sequence[int], today: date) -> dict[int, tuple[Pays, int]]:
    """What each pays, and the subscription that it stands in; none for who never had any."""
    with connection.cursor() as cursor:
        cursor.execute(TODAY, {"ids": list(customer_ids), "today": today})
        rows = cursor.fetchall()
    return {
        customer: (Pays(state, plan, quantity, native, currency, arr), subscription)
        for customer, state, plan, quantity, native, currency, arr, subscription in rows
    }
