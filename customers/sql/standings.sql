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
           s.contract_ends_on, s.notice_by
    FROM customers_term t
    JOIN customers_subscription s ON s.id = t.subscription_id
    JOIN chosen ON chosen.customer_id = s.customer_id
    WHERE t.superseded_at IS NULL
),
sums AS (
    SELECT customer_id,
           coalesce(sum(arr_minor) FILTER (WHERE runs), 0)            AS arr_minor,
           bool_or(pays AND runs)                                     AS active,
           bool_or(kind = 'trial' AND runs)                           AS on_trial,
           min(starts_on) FILTER (WHERE pays AND begun)               AS first_paid_on,
           max(ends_on) FILTER (WHERE pays AND begun)                 AS paid_until,
           -- the soonest contract still ahead, else the latest that has run out without a word
           coalesce(
               min(contract_ends_on) FILTER (WHERE bound AND contract_ends_on >= %(today)s),
               max(contract_ends_on) FILTER (WHERE bound))             AS contract_ends_on,
           coalesce(
               min(notice_by) FILTER (WHERE bound AND notice_by >= %(today)s),
               max(notice_by) FILTER (WHERE bound))                    AS notice_by
    FROM terms
    GROUP BY customer_id
),
-- The plan of the largest paying term that runs, else of the last one, paying ones first.
plans AS (
    SELECT DISTINCT ON (customer_id) customer_id, plan_id
    FROM terms
    WHERE begun
    ORDER BY customer_id, (pays AND runs) DESC, pays DESC,
             CASE WHEN pays AND runs THEN arr_minor END DESC NULLS LAST,
             ends_on DESC NULLS FIRST, arr_minor DESC, subscription_id, plan_id
),
-- Known ends: a term that pays or pauses, of a subscription that does so today, without a next one.
ends AS (
    SELECT t.customer_id, min(t.ends_on) AS next_end_on
    FROM terms t
    WHERE t.ends_on > %(today)s AND t.kind IN ('paid', 'paused')
      AND EXISTS (SELECT FROM terms r WHERE r.subscription_id = t.subscription_id
                  AND r.bound)
      AND NOT EXISTS (SELECT FROM terms n WHERE n.subscription_id = t.subscription_id
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
losses AS (
    SELECT sums.customer_id,
           CASE WHEN sums.active OR sums.paid_until IS NULL THEN NULL
                ELSE coalesce(paused.lost_on, sums.paid_until)::date END AS lost_on
    FROM sums
    LEFT JOIN paused ON paused.customer_id = sums.customer_id
),
fresh AS (
    SELECT chosen.customer_id,
           CASE WHEN sums.active THEN 'active'
                WHEN losses.lost_on > %(today)s THEN 'paused'
                WHEN losses.lost_on IS NOT NULL THEN 'lost'
                WHEN sums.on_trial THEN 'trial'
                ELSE 'never' END                                        AS state,
           coalesce(sums.arr_minor, 0)::bigint                          AS arr_minor,
           plans.plan_id,
           sums.first_paid_on,
           CASE WHEN losses.lost_on <= %(today)s THEN losses.lost_on END AS lost_on,
           ends.next_end_on,
           sums.contract_ends_on,
           sums.notice_by,
           used.last_used_on,
           coalesce(risks.risk, 0)::smallint                            AS risk
    FROM chosen
    LEFT JOIN sums USING (customer_id)
    LEFT JOIN plans USING (customer_id)
    LEFT JOIN ends USING (customer_id)
    LEFT JOIN losses USING (customer_id)
    LEFT JOIN used USING (customer_id)
    LEFT JOIN risks USING (customer_id)
)
