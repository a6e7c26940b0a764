-- The same figures as one statement of PostgreSQL, as someone who knows it would write them: month by
-- month from January 2020 to December 2024, from what is believed now. Sums and counts, from which
-- every rate and average of the report follows by one division.
WITH RECURSIVE months AS (
    SELECT month::date AS month, (month + interval '1 month')::date - 1 AS last_on
    FROM generate_series(date '2020-01-01', date '2024-12-01', interval '1 month') AS month
),
terms AS (
    SELECT s.customer_id, t.id, t.subscription_id, t.kind, t.currency, t.arr_native_minor, t.fx_rate,
           t.arr_minor, t.starts_on, t.ends_on, t.recorded_at, s.contract_ends_on, s.auto_renews
    FROM customers_term AS t
    JOIN customers_subscription AS s ON s.id = t.subscription_id
    WHERE t.recorded_at <= now() AND (t.superseded_at IS NULL OR t.superseded_at > now())
      AND t.kind IN ('paid', 'paused')
),
netted AS (
    SELECT customer_id, day, sum(change)::bigint AS change, max(ended_at) AS ended_at
    FROM (SELECT customer_id, starts_on AS day, arr_minor AS change, NULL::timestamptz AS ended_at
          FROM terms WHERE kind = 'paid'
          UNION ALL
          SELECT customer_id, ends_on, -arr_minor, recorded_at FROM terms
          WHERE kind = 'paid' AND ends_on IS NOT NULL) AS boundaries
    GROUP BY customer_id, day
),
revalued AS (
    SELECT later.customer_id, later.starts_on AS day,
           sum(CASE WHEN exact - floor(exact) = 0.5 THEN 2 * round(exact / 2) ELSE round(exact) END
               - earlier.arr_minor)::bigint AS fx
    FROM terms AS earlier
    JOIN terms AS later ON later.subscription_id = earlier.subscription_id
                       AND later.starts_on = earlier.ends_on AND later.currency = earlier.currency
    CROSS JOIN LATERAL (SELECT earlier.arr_native_minor * later.fx_rate AS exact) AS rate
    WHERE later.currency <> 'EUR' AND later.fx_rate <> earlier.fx_rate
      AND later.kind = 'paid' AND earlier.kind = 'paid'
    GROUP BY later.customer_id, later.starts_on
),
walked AS (
    SELECT netted.*, sum(change) OVER by_day::bigint AS after, lead(day) OVER by_day AS day_after,
           row_number() OVER by_day AS place
    FROM netted
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
),
stepped AS (
    SELECT walked.customer_id, walked.day, after - change AS before, after, day_after, place,
           CASE WHEN after - change > 0 AND after > 0 THEN coalesce(fx, 0) ELSE 0 END AS fx
    FROM walked
    LEFT JOIN revalued ON revalued.customer_id = walked.customer_id AND revalued.day = walked.day
    WHERE walked.day <= current_date
),
pauses AS (
    SELECT stepped.customer_id, stepped.day, stepped.day_after, before,
           least(max(paused.ends_on), stepped.day + 90) AS until
    FROM stepped
    JOIN terms AS paused ON paused.customer_id = stepped.customer_id AND paused.kind = 'paused'
                        AND paused.starts_on <= stepped.day AND paused.ends_on > stepped.day
    WHERE before > 0 AND after = 0
    GROUP BY stepped.customer_id, stepped.day, stepped.day_after, before
),
moves AS (
    SELECT stepped.customer_id, stepped.day, stepped.before, after, fx, after - stepped.before - fx AS moved,
           CASE WHEN stepped.before = 0 AND place = 1 THEN 'new'
                WHEN stepped.before = 0 AND ended.until >= stepped.day THEN 'resume'
                WHEN stepped.before = 0 THEN 'reactivation'
                WHEN after = 0 AND begun.until IS NOT NULL THEN 'pause'
                WHEN after = 0 THEN 'churn'
                WHEN after - stepped.before > fx THEN 'expansion'
                WHEN after - stepped.before < fx THEN 'contraction'
                ELSE 'fx' END AS kind
    FROM stepped
    LEFT JOIN pauses AS begun ON begun.customer_id = stepped.customer_id AND begun.day = stepped.day
    LEFT JOIN pauses AS ended ON ended.customer_id = stepped.customer_id
                             AND ended.day_after = stepped.day
    WHERE stepped.before <> after OR fx <> 0
    UNION ALL
    SELECT customer_id, until, 0, 0, 0, before, 'lapse'
    FROM pauses
    WHERE until <= current_date AND (day_after IS NULL OR until < day_after)
),
outcomes AS (
    SELECT customer_id, date_trunc('month', day)::date AS month,
           (array_agg(before ORDER BY day))[1] AS start_arr,
           (array_agg(after ORDER BY day DESC))[1] AS end_arr,
           (array_agg(kind ORDER BY day))[1] AS first_kind,
           (array_agg(kind ORDER BY day DESC))[1] AS last_kind,
           max(day) AS last_day, sum(fx) AS fx,
           count(*) FILTER (WHERE kind = 'new') AS new,
           count(*) FILTER (WHERE kind = 'reactivation') AS reactivated,
           count(*) FILTER (WHERE kind IN ('churn', 'lapse')) AS churned,
           count(*) FILTER (WHERE kind = 'pause') - count(*) FILTER (WHERE kind IN ('resume', 'lapse'))
               AS paused,
           coalesce(sum(moved) FILTER (WHERE kind = 'new'), 0) AS arr_new,
           coalesce(sum(moved) FILTER (WHERE kind = 'expansion'), 0) AS arr_expansion,
           coalesce(sum(moved) FILTER (WHERE kind = 'contraction'), 0) AS arr_contraction,
           coalesce(sum(moved) FILTER (WHERE kind = 'churn'), 0)
               - coalesce(sum(moved) FILTER (WHERE kind = 'lapse'), 0) AS arr_churn,
           coalesce(sum(moved) FILTER (WHERE kind = 'reactivation'), 0) AS arr_reactivation,
           coalesce(sum(moved) FILTER (WHERE kind IN ('pause', 'lapse')), 0) AS arr_pause,
           coalesce(sum(moved) FILTER (WHERE kind = 'resume'), 0) AS arr_resume
    FROM moves
    GROUP BY customer_id, month
),
monthly AS (
    SELECT month, sum(new) AS new, sum(reactivated) AS reactivated, sum(churned) AS churned,
           sum(paused) AS paused,
           count(*) FILTER (WHERE first_kind NOT IN ('new', 'reactivation')
                              AND last_kind IN ('churn', 'lapse')) AS lost,
           sum(arr_new) AS arr_new, sum(arr_expansion) AS arr_expansion,
           sum(arr_contraction) AS arr_contraction, sum(arr_churn) AS arr_churn,
           sum(arr_reactivation) AS arr_reactivation, sum(fx) AS arr_fx,
           sum(arr_pause) AS arr_pause, sum(arr_resume) AS arr_resume,
           sum(start_arr - least(start_arr, kept)) FILTER (WHERE start_arr > 0) AS shrunk,
           sum(kept - start_arr) FILTER (WHERE start_arr > 0) AS kept_change
    FROM outcomes
    CROSS JOIN LATERAL (
        SELECT CASE WHEN end_arr = 0 THEN 0 ELSE greatest(end_arr - fx, 0) END AS kept) AS constant
    GROUP BY month
),
-- What each customer pays from `day` until before `until_on`, and its group where it has one.
groups AS (
    SELECT DISTINCT parent_id AS customer_id, parent_id AS top FROM customers_customer
    WHERE parent_id IN (SELECT id FROM customers_customer WHERE parent_id IS NULL)
    UNION ALL
    SELECT c.id, groups.top FROM customers_customer AS c JOIN groups ON groups.customer_id = c.parent_id
),
held AS (
    SELECT customer_id, day, coalesce(day_after, 'infinity') AS until_on, after AS arr
    FROM stepped WHERE after > 0
),
-- Of all balances only the 2,000 largest are laid out by month: ten of them hold at each month's
-- end, or that month looks through all (see `top10`).
of_groups AS (
    SELECT top, day, sum(change)::bigint AS change
    FROM (SELECT top, day, arr AS change FROM held JOIN groups USING (customer_id)
          UNION ALL
          SELECT top, until_on, -arr FROM held JOIN groups USING (customer_id)
          WHERE until_on < 'infinity') AS boundaries
    GROUP BY top, day
),
holders AS MATERIALIZED (
    SELECT arr, day, until_on FROM held
    WHERE customer_id NOT IN (SELECT customer_id FROM groups)
    UNION ALL
    SELECT * FROM (
        SELECT (sum(change) OVER by_day)::bigint AS arr, day,
               coalesce(lead(day) OVER by_day, 'infinity') AS until_on
        FROM of_groups
        WINDOW by_day AS (PARTITION BY top ORDER BY day)) AS walked_groups
    WHERE arr > 0
),
largest AS MATERIALIZED (SELECT * FROM holders ORDER BY arr DESC LIMIT 2000),
ranked AS (
    SELECT month, last_on, arr, row_number() OVER (PARTITION BY month ORDER BY arr DESC) AS place
    FROM months JOIN largest ON day <= last_on AND until_on > last_on
),
quick AS (
    SELECT month, sum(arr)::bigint AS top10 FROM ranked WHERE place <= 10
    GROUP BY month HAVING count(*) = 10
),
top10 AS (
    SELECT month, top10 FROM quick
    UNION ALL
    SELECT month, (SELECT sum(arr)::bigint
                   FROM (SELECT arr FROM holders WHERE day <= last_on AND until_on > last_on
                         ORDER BY arr DESC LIMIT 10) AS ten)
    FROM months WHERE month NOT IN (SELECT month FROM quick)
),
-- Paying customers at a month's end who used something in the 30 days that end there.
used AS (
    SELECT month, count(DISTINCT u.customer_id) AS used
    FROM customers_usage AS u
    CROSS JOIN LATERAL (VALUES (u.day), ((u.day + interval '1 month')::date)) AS near (day)
    JOIN months ON month = date_trunc('month', near.day)::date AND u.day BETWEEN last_on - 29 AND last_on
    JOIN held ON held.customer_id = u.customer_id AND held.day <= last_on AND until_on > last_on
    WHERE u.count > 0
    GROUP BY month
),
given AS (
    SELECT customer_id, effective_on, involuntary, recorded_at,
           (requested_at AT TIME ZONE 'Europe/Oslo')::date AS requested_on
    FROM customers_cancellation
    WHERE recorded_at <= now() AND (withdrawn_at IS NULL OR withdrawn_at > now())
),
-- Each loss by the cancellation nearest to it, at most 31 days away.
explained AS (
    SELECT DISTINCT ON (customer_id, month) month, involuntary
    FROM outcomes JOIN given USING (customer_id)
    WHERE first_kind NOT IN ('new', 'reactivation') AND last_kind IN ('churn', 'lapse')
      AND effective_on BETWEEN last_day - 31 AND last_day + 31
    ORDER BY customer_id, month, abs(effective_on - last_day), recorded_at DESC
),
reasons AS (
    SELECT month, count(*) FILTER (WHERE NOT involuntary) AS voluntary,
           count(*) FILTER (WHERE involuntary) AS involuntary
    FROM explained GROUP BY month
),
-- Known ends of stretches of paying, noted when recorded or when notice was given. A pause is none.
ending AS (
    SELECT customer_id, day, started_on, (ended_at AT TIME ZONE 'Europe/Oslo')::date AS recorded_on
    FROM (SELECT *, max(CASE WHEN after = change THEN day END)
                        OVER (PARTITION BY customer_id ORDER BY day) AS started_on
          FROM walked) AS stretches
    LEFT JOIN pauses USING (customer_id, day)
    WHERE after = 0 AND pauses.until IS NULL
),
requested AS (
    SELECT customer_id, day, started_on, min(requested_on) AS noted_on
    FROM ending JOIN given USING (customer_id)
    WHERE effective_on BETWEEN day - 31 AND day + 31
      AND requested_on < date_trunc('month', day)::date
    GROUP BY customer_id, day, started_on
),
-- Known is the last end once every end before it is: until then a subscription was seen to run on.
known AS (
    SELECT ending.customer_id, ending.day, started_on,
           max(least((recorded_at AT TIME ZONE 'Europe/Oslo')::date, ends_on)) AS noted_on
    FROM ending
    JOIN terms ON terms.customer_id = ending.customer_id AND terms.ends_on <= ending.day
    WHERE kind = 'paid' AND recorded_on < date_trunc('month', day)::date
      AND NOT EXISTS (SELECT FROM terms AS following
                      WHERE following.subscription_id = terms.subscription_id
                        AND following.kind = 'paid' AND following.starts_on = terms.ends_on)
    GROUP BY ending.customer_id, ending.day, started_on
),
-- Together and not joined: of CTEs without statistics a join would be planned as a nested loop.
noted AS (
    SELECT customer_id, day, greatest(started_on, min(noted_on), date '2020-01-01') AS from_on
    FROM (TABLE known UNION ALL TABLE requested) AS told
    GROUP BY customer_id, day, started_on
    HAVING min(noted_on) < date_trunc('month', day)::date
),
under_notice AS (
    SELECT month::date AS month, count(*) AS under_notice, sum(arr)::bigint AS arr_under_notice
    FROM noted
    CROSS JOIN LATERAL generate_series(date_trunc('month', from_on),
                                       least(date_trunc('month', noted.day) - interval '1 month',
                                             timestamptz '2024-12-01'), interval '1 month') AS month
    JOIN held ON held.customer_id = noted.customer_id
             AND held.day < (month + interval '1 month')::date
             AND until_on >= (month + interval '1 month')::date
    GROUP BY month
),
bound AS (
    SELECT subscription_id, contract_ends_on, auto_renews, kind, arr_minor, starts_on,
           least(ends_on, until) AS ends_on
    FROM terms
    LEFT JOIN pauses ON pauses.customer_id = terms.customer_id AND kind = 'paused'
                    AND starts_on >= day AND starts_on < until
                    AND (day_after IS NULL OR until < day_after)
    WHERE contract_ends_on IS NOT NULL
),
contracts AS (
    SELECT subscription_id, contract_ends_on, coalesce(auto_renews, false) AS auto_renews,
           max(coalesce(ends_on, 'infinity')) AS ended_on,
           (array_agg(arr_minor ORDER BY starts_on DESC)
               FILTER (WHERE kind = 'paid' AND starts_on < contract_ends_on))[1] AS last_arr,
           bool_or(starts_on <= contract_ends_on AND coalesce(ends_on, 'infinity') > contract_ends_on)
               AS is_running,
           bool_or(starts_on >= contract_ends_on OR coalesce(ends_on > contract_ends_on, false))
               AS is_decided
    FROM bound
    GROUP BY subscription_id, contract_ends_on, auto_renews
    HAVING bool_or(kind = 'paid' AND starts_on < contract_ends_on)
),
due AS (
    SELECT date_trunc('month', contract_ends_on)::date AS month,
           count(*) FILTER (WHERE is_running AND (auto_renews OR is_decided)) AS renewed,
           count(*) FILTER (WHERE NOT is_running) AS not_renewed,
           count(*) FILTER (WHERE is_running AND NOT auto_renews AND NOT is_decided) AS undecided,
           sum(last_arr) FILTER (WHERE is_running AND (auto_renews OR is_decided))::bigint
               AS arr_renewed,
           sum(last_arr) FILTER (WHERE NOT is_running)::bigint AS arr_not_renewed
    FROM contracts GROUP BY 1
),
early AS (
    SELECT date_trunc('month', ended_on)::date AS month, count(*) AS terminated_early
    FROM contracts WHERE ended_on < contract_ends_on GROUP BY 1
),
running AS (
    SELECT month, count(DISTINCT subscription_id) AS contracts_start
    FROM contracts
    JOIN bound USING (subscription_id, contract_ends_on)
    JOIN months ON contracts.contract_ends_on >= month AND starts_on < month
               AND coalesce(ends_on, 'infinity') >= month
    GROUP BY month
),
spent AS (
    SELECT month_on AS month,
           sum(amount_minor) FILTER (WHERE purpose = 'acquisition')::bigint AS acquisition,
           sum(amount_minor) FILTER (WHERE purpose = 'retention')::bigint AS retention
    FROM customers_spend GROUP BY 1
),
through AS (
    SELECT month, new, reactivated, churned, lost,
           (sum(new + reactivated - churned) OVER so_far)::bigint AS customers_end,
           (sum(paused) OVER so_far)::bigint                      AS paused_end,
           arr_new, arr_expansion, arr_contraction, arr_churn, arr_reactivation, arr_fx, arr_pause,
           arr_resume,
           (sum(arr_new + arr_expansion + arr_contraction + arr_churn + arr_reactivation + arr_fx
                + arr_pause + arr_resume) OVER so_far)::bigint    AS arr_end,
           coalesce(shrunk, 0) AS shrunk, coalesce(kept_change, 0) AS kept_change
    FROM monthly
    WINDOW so_far AS (ORDER BY month)
)
SELECT month, customers_end - new - reactivated + churned AS customers_start, customers_end,
       paused_end, customers_end - paused_end - coalesce(used, 0) AS silent,
       new, reactivated, churned, lost,
       coalesce(voluntary, 0) AS voluntary, coalesce(reasons.involuntary, 0) AS involuntary,
       arr_end - arr_new - arr_expansion - arr_contraction - arr_churn - arr_reactivation - arr_fx
           - arr_pause - arr_resume AS arr_start,
       arr_new, arr_expansion, arr_contraction, arr_churn, arr_reactivation, arr_fx, arr_pause,
       arr_resume, arr_end, shrunk, kept_change,
       coalesce(sum(churned) OVER half_a_year, 0) AS churns_before,
       coalesce(sum(lost) OVER half_a_year, 0)    AS lost_before,
       coalesce(sum(customers_end - new - reactivated + churned) OVER half_a_year, 0)
           AS starts_before,
       coalesce(top10, 0) AS arr_top10, acquisition, retention,
       coalesce(under_notice, 0) AS under_notice,
       coalesce(arr_under_notice, 0) AS arr_under_notice,
       coalesce(renewed, 0) AS renewed, coalesce(not_renewed, 0) AS not_renewed,
       coalesce(undecided, 0) AS undecided, coalesce(arr_renewed, 0) AS arr_renewed,
       coalesce(arr_not_renewed, 0) AS arr_not_renewed,
       coalesce(terminated_early, 0) AS terminated_early,
       coalesce(contracts_start, 0) AS contracts_start
FROM through
LEFT JOIN top10 USING (month)
LEFT JOIN used USING (month)
LEFT JOIN reasons USING (month)
LEFT JOIN under_notice USING (month)
LEFT JOIN due USING (month)
LEFT JOIN early USING (month)
LEFT JOIN running USING (month)
LEFT JOIN spent USING (month)
WINDOW half_a_year AS (ORDER BY month ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING)
ORDER BY month
