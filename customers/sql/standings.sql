-- How customers stand on a day, from the facts as we believe them now.
-- {scope} narrows the customers: a condition on c.id. Parameters: today, pause_limit_days, ids.
-- One row a customer; `customers.standings` compares it with what is kept and writes the difference.
WITH chosen AS MATERIALIZED (
    SELECT c.id AS customer_id FROM customers_customer c WHERE {scope}
),
-- What has begun by today, and what is planned, of every believed term.
terms AS MATERIALIZED (
    SELECT s.customer_id, t.subscription_id, t.plan_id, t.kind, t.arr_minor, t.starts_on, t.ends_on,
           t.kind = 'paid' AND t.arr_minor > 0                                      AS pays,
           t.starts_on <= %(today)s                                                 AS begun,
           t.starts_on <= %(today)s AND (t.ends_on IS NULL OR t.ends_on > %(today)s) AS runs,
           t.kind IN ('paid', 'paused') AND t.starts_on <= %(today)s
               AND (t.ends_on IS NULL OR t.ends_on > %(today)s)                      AS bound,
           s.contract_ends_on, s.notice_by, coalesce(s.continues_id, s.id)           AS chain_id
    FROM customers_term t
    JOIN customers_subscription s ON s.id = t.subscription_id
    JOIN chosen ON chosen.customer_id = s.customer_id
    WHERE t.superseded_at IS NULL
),
sums AS (
    SELECT customer_id,
           coalesce(sum(arr_minor) FILTER (WHERE runs), 0)            AS arr_minor,
           coalesce(bool_or(pays AND runs), false)                    AS active,
           bool_or(kind = 'trial' AND runs)                           AS on_trial,
           min(starts_on) FILTER (WHERE pays AND begun)               AS first_paid_on,
           max(ends_on) FILTER (WHERE pays AND begun)                 AS paid_until,
           -- the soonest contract still ahead, else the latest that has run out without a word
           coalesce(
               min(contract_ends_on) FILTER (WHERE bound AND contract_ends_on >= %(today)s),
               max(contract_ends_on) FILTER (WHERE bound))             AS contract_ends_on,
           coalesce(
               min(notice_by) FILTER (WHERE bound AND notice_by >= %(today)s),
               max(notice_by) FILTER (WHERE bound))                    AS notice_by,
           -- The plan of the largest paying term that runs, else of the last one, paying ones
           -- first: arrays are compared number by number, the plan is the last.
           (max(ARRAY[
               (pays AND runs)::int, pays::int, CASE WHEN pays AND runs THEN arr_minor ELSE 0 END,
               coalesce(ends_on - DATE '2000-01-01', 2147483647), arr_minor,
               -subscription_id, plan_id]) FILTER (WHERE begun))[7]    AS plan_id
    FROM terms
    GROUP BY customer_id
),
-- Known ends: a term that pays or pauses, of a subscription that does so today, without a next one,
-- also of a subscription that continues it after a plan or billing change.
ends AS (
    SELECT t.customer_id, min(t.ends_on) AS next_end_on
    FROM terms t
    WHERE t.ends_on > %(today)s AND t.kind IN ('paid', 'paused')
      AND EXISTS (SELECT FROM terms r WHERE r.chain_id = t.chain_id AND r.bound)
      AND NOT EXISTS (SELECT FROM terms n WHERE n.chain_id = t.chain_id
                      AND n.starts_on = t.ends_on AND n.kind IN ('paid', 'paused'))
    GROUP BY t.customer_id
),
-- A pause counts from the day that the balance fell to zero, over paused terms without a break.
pauses AS (
    SELECT p.customer_id, p.starts_on, coalesce(p.ends_on, 'infinity') AS ends_on,
           max(coalesce(p.ends_on, 'infinity')) OVER earlier AS covered_until
    FROM terms p
    JOIN sums ON sums.customer_id = p.customer_id AND NOT sums.active
    WHERE p.kind = 'paused' AND p.begun AND coalesce(p.ends_on, 'infinity') > sums.paid_until
    WINDOW earlier AS (PARTITION BY p.customer_id ORDER BY p.starts_on
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
breaks AS (
    SELECT p.customer_id, min(p.starts_on) AS broken_on
    FROM pauses p
    JOIN sums ON sums.customer_id = p.customer_id
    WHERE p.starts_on > coalesce(p.covered_until, sums.paid_until)
    GROUP BY p.customer_id
),
paused AS (
    SELECT p.customer_id,
           least(max(p.ends_on), min(sums.paid_until) + %(pause_limit_days)s) AS lost_on
    FROM pauses p
    JOIN sums ON sums.customer_id = p.customer_id
    LEFT JOIN breaks ON breaks.customer_id = p.customer_id
    WHERE breaks.broken_on IS NULL OR p.starts_on < breaks.broken_on
    GROUP BY p.customer_id
),
used AS (
    SELECT u.customer_id, max(u.day) AS last_used_on
    FROM customers_usage u
    JOIN chosen ON chosen.customer_id = u.customer_id
    WHERE u.count > 0
    GROUP BY u.customer_id
),
risks AS (
    SELECT f.customer_id, least(sum(f.severity), 32767) AS risk
    FROM customers_riskflag f
    JOIN chosen ON chosen.customer_id = f.customer_id
    WHERE f.state IN ('open', 'acknowledged')
    GROUP BY f.customer_id
),
fresh AS (
    SELECT chosen.customer_id,
           CASE WHEN sums.active THEN 'active'
                WHEN loss.lost_on > %(today)s THEN 'paused'
                WHEN loss.lost_on IS NOT NULL THEN 'lost'
                WHEN sums.on_trial THEN 'trial'
                ELSE 'never' END                                        AS state,
           coalesce(sums.arr_minor, 0)::bigint                          AS arr_minor,
           sums.plan_id,
           sums.first_paid_on,
           CASE WHEN loss.lost_on <= %(today)s THEN loss.lost_on END    AS lost_on,
           ends.next_end_on,
           sums.contract_ends_on,
           sums.notice_by,
           used.last_used_on,
           coalesce(risks.risk, 0)::smallint                            AS risk
    FROM chosen
    LEFT JOIN sums USING (customer_id)
    LEFT JOIN ends USING (customer_id)
    LEFT JOIN paused USING (customer_id)
    LEFT JOIN used USING (customer_id)
    LEFT JOIN risks USING (customer_id)
    -- where nothing is paid any more: the day of the last payment, or the end of the pause after it
    CROSS JOIN LATERAL (
        SELECT CASE WHEN NOT sums.active THEN coalesce(paused.lost_on, sums.paid_until) END::date
    ) loss(lost_on)
)
