-- The figures of the whole report as one statement of PostgreSQL: month by month from January 2020
-- to December 2024, from what is believed now. One row a month, all of it integers: what the report
-- shows as a share or as money is one division of these.
--
-- Paid terms are walked once, in the order of customer and day (chain). Where terms simply follow
-- one another, each is a step onto it and, if none follows, a fall to zero. Customers with
-- overlapping terms or with pauses, the tangled, have the changes of each day added up first. All
-- else is sums over these steps. A run is a step to a positive balance: it holds at the ends of the
-- months from its own to the one before the next step's.
--
-- Months are numbered by width_bucket on the list of their first days: 1 is July 2019, so that the
-- six months before the first one asked are there; 66 is the last one asked. 0 is all that came
-- before, 67 all that comes later.
--
-- The company counts in euro, in Oslo, with pauses of 90 days, silence after 30, and no grace; nor
-- has a plan any, and nothing is spent in another currency.
--
-- This file walks the balances and sums the movements; engine_peer_beside.sql goes on with what
-- stands beside them and ends the statement.
WITH RECURSIVE calendar AS MATERIALIZED (
    SELECT array_agg(day::date ORDER BY day)                    AS firsts,
           array_agg(day AT TIME ZONE 'Europe/Oslo' ORDER BY day) AS moments
    FROM generate_series(timestamp '2019-07-01', timestamp '2025-01-01', interval '1 month') AS day
),
months AS MATERIALIZED (
    SELECT month, firsts[month] AS first_on, firsts[month + 1] - 1 AS last_on
    FROM calendar, generate_series(0, 66) AS month
),
believed AS NOT MATERIALIZED (
    SELECT t.subscription_id, customer_id, coalesce(continues_id, t.subscription_id) AS chain_id,
           kind, currency, arr_native_minor, fx_rate, arr_minor AS arr, starts_on,
           coalesce(ends_on, 'infinity') AS ends_on, recorded_at
    FROM customers_term AS t
    JOIN customers_subscription AS s ON s.id = t.subscription_id
    WHERE recorded_at <= now() AND (superseded_at IS NULL OR superseded_at > now())
),

-- Paid terms, each beside its neighbours of the same customer.
chain AS MATERIALIZED (
    SELECT customer_id, starts_on, ends_on, recorded_at, arr,
           width_bucket(starts_on, (SELECT firsts FROM calendar)) AS start_month,
           width_bucket(ends_on, (SELECT firsts FROM calendar))   AS end_month,
           lag(arr) OVER by_day        AS arr_before,
           lag(starts_on) OVER by_day  AS starts_before,
           lag(ends_on) OVER by_day    AS ends_before,
           lead(starts_on) OVER by_day AS starts_after
    FROM believed
    WHERE kind = 'paid' AND arr > 0
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY starts_on)
),
-- Paused terms of a customer that overlap or touch make one stretch.
stretches AS MATERIALIZED (
    SELECT customer_id, lower(span) AS starts_on, upper(span) AS ends_on
    FROM (SELECT customer_id, unnest(range_agg(daterange(starts_on, ends_on))) AS span
          FROM believed
          WHERE kind = 'paused'
          GROUP BY customer_id) AS paused
),
tangled AS MATERIALIZED (
    SELECT customer_id FROM chain WHERE ends_before > starts_on
    UNION
    SELECT customer_id FROM stretches
),

-- The tangled: their balance on each day on which a paid term begins or ends. That it falls is
-- known since the last of the ends of its day was recorded.
interwoven AS MATERIALIZED (
    SELECT customer_id, starts_on, ends_on, start_month, end_month, arr, recorded_at
    FROM chain
    WHERE customer_id IN (SELECT customer_id FROM tangled)
),
netted AS (
    SELECT customer_id, day, month, sum(change)::bigint AS change, max(ended_at) AS ended_at
    FROM (SELECT customer_id, starts_on AS day, start_month AS month, arr AS change,
                 NULL::timestamptz AS ended_at
          FROM interwoven
          UNION ALL
          SELECT customer_id, ends_on, end_month, -arr, recorded_at
          FROM interwoven
          WHERE ends_on < 'infinity') AS boundaries
    GROUP BY customer_id, day, month
),
balances AS MATERIALIZED (
    SELECT customer_id, day, month, change, ended_at,
           (sum(change) OVER by_day)::bigint AS after,
           lag(month) OVER by_day            AS month_before,
           lead(month, 1, 67) OVER by_day    AS month_after,
           lead(day) OVER by_day             AS day_after
    FROM netted
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
),
pauses AS MATERIALIZED (
    SELECT fall.customer_id, fall.day, fall.day_after, -fall.change AS held,
           least(stretches.ends_on, fall.day + 90) AS until
    FROM balances AS fall
    JOIN stretches ON stretches.customer_id = fall.customer_id
                  AND stretches.starts_on <= fall.day AND stretches.ends_on > fall.day
    WHERE after = 0
),
lapses AS MATERIALIZED (
    SELECT customer_id, until AS day, held,
           width_bucket(until, (SELECT firsts FROM calendar)) AS month
    FROM pauses
    WHERE until < coalesce(day_after, 'infinity')
),

-- Every step of every balance; held_since is the month of the step before it. A step is alone if no
-- other change of the same customer lies in its month.
steps AS (
    SELECT customer_id, starts_on AS day, start_month AS month, end_month AS month_after,
           NULL::int AS held_since, NULL::timestamptz AS ended_at,
           CASE WHEN ends_before = starts_on THEN arr_before ELSE 0 END AS before, arr AS after,
           ends_before IS NULL AS is_first, false AS pauses, false AS resumes,
           start_month <> end_month
               AND (ends_before IS NULL OR start_month <> width_bucket(
                        CASE WHEN ends_before = starts_on THEN starts_before ELSE ends_before END,
                        (SELECT firsts FROM calendar))) AS is_alone
    FROM chain
    WHERE customer_id NOT IN (SELECT customer_id FROM tangled)
    UNION ALL
    SELECT customer_id, ends_on, end_month, month_after, start_month, recorded_at, arr, 0,
           false, false, false, start_month <> end_month AND month_after <> end_month
    FROM chain
    CROSS JOIN LATERAL (
        SELECT width_bucket(coalesce(starts_after, 'infinity'), (SELECT firsts FROM calendar))
                   AS month_after) AS next
    WHERE ends_on < 'infinity' AND ends_on IS DISTINCT FROM starts_after
      AND customer_id NOT IN (SELECT customer_id FROM tangled)
    UNION ALL
    SELECT customer_id, balances.day, month, month_after, month_before, ended_at,
           after - change, after, month_before IS NULL, begun.day IS NOT NULL,
           ended.until >= balances.day,
           month_before IS DISTINCT FROM month AND month_after <> month
               AND begun.day IS NULL AND ended.day IS NULL
    FROM balances
    LEFT JOIN pauses AS begun USING (customer_id, day)
    LEFT JOIN (SELECT customer_id, day_after AS day, until FROM pauses) AS ended
        USING (customer_id, day)
),
-- What new rates did, rounded half to even, where a term follows one of the same subscription and
-- currency on the day that it ends.
foreign_terms AS MATERIALIZED (
    SELECT customer_id, chain_id, currency, arr_native_minor, fx_rate, arr, starts_on, ends_on
    FROM believed
    WHERE kind = 'paid' AND currency <> 'EUR'
),
revalued AS (
    SELECT later.customer_id, later.starts_on AS day,
           sum(CASE WHEN exact - floor(exact) = 0.5 THEN 2 * round(exact / 2) ELSE round(exact) END
               - earlier.arr)::bigint AS fx
    FROM foreign_terms AS earlier
    JOIN foreign_terms AS later USING (chain_id, currency)
    CROSS JOIN LATERAL (SELECT earlier.arr_native_minor * later.fx_rate AS exact) AS rate
    WHERE later.starts_on = earlier.ends_on AND later.fx_rate <> earlier.fx_rate
    GROUP BY later.customer_id, later.starts_on
),
moves AS MATERIALIZED (
    SELECT customer_id, day, month, month_after, held_since, ended_at, before, after, change.fx,
           CASE WHEN is_first THEN 'new'
                WHEN before = 0 AND resumes THEN 'resume'
                WHEN before = 0 THEN 'reactivation'
                WHEN after = 0 AND pauses THEN 'pause'
                WHEN after = 0 THEN 'churn'
                WHEN after - before > change.fx THEN 'expansion'
                WHEN after - before < change.fx THEN 'contraction'
                ELSE 'fx' END AS kind,
           is_alone
    FROM steps
    LEFT JOIN revalued USING (customer_id, day)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN before > 0 AND after > 0 THEN coalesce(revalued.fx, 0) ELSE 0 END AS fx
    ) AS change
),

-- How each customer with several changes in a month began and ended it.
crowd AS (
    SELECT customer_id, month, day, before, after, fx, kind FROM moves WHERE NOT is_alone
    UNION ALL
    SELECT customer_id, month, day, 0, 0, 0, 'lapse' FROM lapses
),
within_month AS (
    SELECT customer_id, month, day, after, kind,
           first_value(before) OVER by_day AS before,
           first_value(kind) OVER by_day   AS first_kind,
           sum(fx) OVER by_day             AS fx,
           lead(day) OVER by_day IS NULL   AS is_last
    FROM crowd
    WHERE month BETWEEN 1 AND 66
    WINDOW by_day AS (PARTITION BY customer_id, month ORDER BY day)
),
outcomes AS MATERIALIZED (
    SELECT customer_id, month, day, before,
           CASE WHEN after = 0 THEN 0 ELSE greatest(after - fx, 0) END AS kept,
           first_kind NOT IN ('new', 'reactivation') AND kind IN ('churn', 'lapse') AS is_lost
    FROM within_month
    WHERE is_last
),

-- Sums of movements, and how the paying start set ended at constant rates.
sums AS (
    SELECT month, kind, is_alone, count(*) AS events, sum(after - before - fx) AS moved,
           sum(fx) AS fx,
           sum(before) FILTER (WHERE is_alone) AS held,
           sum(CASE WHEN after > 0 THEN least(before, greatest(after - fx, 0)) ELSE 0 END)
               FILTER (WHERE is_alone) AS capped,
           sum(CASE WHEN after > 0 THEN greatest(after - fx, 0) ELSE 0 END)
               FILTER (WHERE is_alone AND before > 0) AS kept
    FROM moves
    GROUP BY month, kind, is_alone
    UNION ALL
    SELECT month, 'lapse', false, count(*), sum(held), 0, 0, 0, 0
    FROM lapses
    GROUP BY month
    UNION ALL
    SELECT month, 'outcome', false, count(*) FILTER (WHERE is_lost), 0, 0, sum(before),
           sum(least(before, kept)), sum(kept) FILTER (WHERE before > 0)
    FROM outcomes
    GROUP BY month
),
by_month AS (
    SELECT month,
           sum(events) FILTER (WHERE kind = 'new')                        AS new,
           sum(events) FILTER (WHERE kind = 'reactivation')               AS reactivated,
           sum(events) FILTER (WHERE kind IN ('churn', 'lapse'))          AS churned,
           sum(CASE WHEN kind = 'pause' THEN events ELSE -events END)
               FILTER (WHERE kind IN ('pause', 'resume', 'lapse'))        AS paused,
           sum(events) FILTER (WHERE kind = 'churn' AND is_alone OR kind = 'outcome') AS lost,
           sum(moved) FILTER (WHERE kind = 'new')                         AS arr_new,
           sum(moved) FILTER (WHERE kind = 'expansion')                   AS arr_expansion,
           sum(moved) FILTER (WHERE kind = 'contraction')                 AS arr_contraction,
           sum(CASE WHEN kind = 'churn' THEN moved ELSE -moved END)
               FILTER (WHERE kind IN ('churn', 'lapse'))                  AS arr_churn,
           sum(moved) FILTER (WHERE kind = 'reactivation')                AS arr_reactivation,
           sum(fx)                                                        AS arr_fx,
           sum(moved) FILTER (WHERE kind IN ('pause', 'lapse'))           AS arr_pause,
           sum(moved) FILTER (WHERE kind = 'resume')                      AS arr_resume,
           sum(held) - sum(capped)                                        AS shrunk,
           sum(kept) - sum(held)                                          AS kept_change
    FROM sums
    GROUP BY month
),
