-- The rest of the statement that engine_peer.sql begins: what stands beside the sums of movements,
-- and at last a row a month with everything.
falls AS MATERIALIZED (
    SELECT customer_id, day, month, held_since, ended_at, before, is_alone
    FROM moves
    WHERE kind = 'churn'
),
cancelled AS MATERIALIZED (
    SELECT customer_id, effective_on, recorded_at, involuntary,
           width_bucket(requested_at, (SELECT moments FROM calendar)) AS requested_month
    FROM customers_cancellation
    WHERE recorded_at <= now() AND (withdrawn_at IS NULL OR withdrawn_at > now())
),

-- Lost customers by the nearest cancellation within 31 days; of equally near ones the latest.
lost AS (
    SELECT customer_id, month, day FROM falls WHERE is_alone
    UNION ALL
    SELECT customer_id, month, day FROM outcomes WHERE is_lost
),
explained AS (
    SELECT DISTINCT ON (customer_id, month) month, involuntary
    FROM lost
    JOIN cancelled USING (customer_id)
    WHERE effective_on BETWEEN day - 31 AND day + 31
    ORDER BY customer_id, month, abs(effective_on - day), recorded_at DESC
),
explanations AS (
    SELECT month, count(*) FILTER (WHERE NOT involuntary) AS voluntary,
           count(*) FILTER (WHERE involuntary)            AS involuntary
    FROM explained
    GROUP BY month
),

-- Falls known before the month in which they come, by the recording of the ends or by a notice
-- given (a cancellation within 31 days of the fall), whichever came first. A pause is no end.
requested AS (
    SELECT customer_id, day, min(requested_month) AS requested_month
    FROM falls
    JOIN cancelled USING (customer_id)
    WHERE effective_on BETWEEN day - 31 AND day + 31 AND requested_month < month
    GROUP BY customer_id, day
),
noticed AS MATERIALIZED (
    SELECT customer_id, day, month, held_since, before AS arr, known_month
    FROM falls
    LEFT JOIN requested USING (customer_id, day)
    CROSS JOIN LATERAL (
        SELECT greatest(least(width_bucket(ended_at, (SELECT moments FROM calendar)),
                              requested_month), 1) AS known_month) AS known
    WHERE known_month < month
),
-- Most become known while the last balance before the fall holds. For the others the balances
-- before it count too, back to the last rise from zero.
spells AS MATERIALIZED (
    SELECT customer_id, day, month, month_after, after,
           count(*) FILTER (WHERE before = 0) OVER (PARTITION BY customer_id ORDER BY day) AS spell
    FROM moves
    WHERE customer_id IN (SELECT customer_id FROM noticed WHERE known_month < held_since)
),
noticed_runs AS (
    SELECT known_month AS first_month, month AS month_after, arr
    FROM noticed
    WHERE known_month >= held_since
    UNION ALL
    SELECT greatest(known_month, run.month), run.month_after, run.after
    FROM noticed
    JOIN spells AS fall USING (customer_id, day)
    JOIN spells AS run USING (customer_id, spell)
    WHERE known_month < held_since AND run.after > 0
      AND greatest(known_month, run.month) < run.month_after
),
notices AS (
    SELECT month, sum(customers) AS customers_noticed, sum(arr) AS arr_noticed
    FROM (SELECT first_month AS month, 1 AS customers, arr FROM noticed_runs
          UNION ALL
          SELECT month_after, -1, -arr FROM noticed_runs) AS boundaries
    GROUP BY month
),

runs AS NOT MATERIALIZED (
    SELECT customer_id, after AS arr, greatest(month, 1) AS first_month, month_after
    FROM moves
    WHERE after > 0 AND greatest(month, 1) < month_after
),

-- Paying customers at a month's end who used something in its last 30 days.
use AS (
    SELECT DISTINCT customer_id, month
    FROM months
    CROSS JOIN generate_series(0, 29) AS ago
    JOIN customers_usage ON day = last_on - ago
    WHERE count > 0 AND month >= 7
),
heard AS (
    SELECT month, count(*) AS used
    FROM use
    JOIN runs USING (customer_id)
    WHERE month >= first_month AND month < month_after
    GROUP BY month
),

-- Companies of one group, under the one at its top, and what they pay together.
edges AS MATERIALIZED (
    SELECT id AS customer_id, parent_id FROM customers_customer WHERE parent_id IS NOT NULL
),
members AS (
    SELECT DISTINCT parent_id AS customer_id, parent_id AS top
    FROM edges
    WHERE parent_id NOT IN (SELECT customer_id FROM edges)
    UNION ALL
    SELECT edges.customer_id, top
    FROM members
    JOIN edges ON edges.parent_id = members.customer_id
),
member_runs AS MATERIALIZED (
    SELECT top, arr, first_month, month_after FROM runs JOIN members USING (customer_id)
),
group_changes AS (
    SELECT top, month, sum(change) AS change
    FROM (SELECT top, first_month AS month, arr AS change FROM member_runs
          UNION ALL
          SELECT top, month_after, -arr FROM member_runs) AS boundaries
    GROUP BY top, month
),
group_runs AS MATERIALIZED (
    SELECT sum(change) OVER by_month::bigint     AS arr,
           month                                 AS first_month,
           lead(month, 1, 67) OVER by_month      AS month_after
    FROM group_changes
    WINDOW by_month AS (PARTITION BY top ORDER BY month)
),
-- Where ten of the 2,000 largest runs of all hold at a month's end, they are its ten largest. All
-- runs are looked through only for the months left open.
holders AS NOT MATERIALIZED (
    SELECT arr, first_month, month_after FROM group_runs
    UNION ALL
    SELECT arr, first_month, month_after
    FROM runs
    WHERE customer_id NOT IN (SELECT customer_id FROM members)
),
largest AS MATERIALIZED (
    SELECT arr, first_month, month_after FROM holders ORDER BY arr DESC LIMIT 2000
),
ten_of_largest AS (
    SELECT month, held.arr
    FROM months
    CROSS JOIN LATERAL (SELECT arr FROM largest
                        WHERE first_month <= month AND month_after > month
                        ORDER BY arr DESC LIMIT 10) AS held
),
top10 AS MATERIALIZED (
    SELECT month, sum(arr) AS arr_top10 FROM ten_of_largest GROUP BY month HAVING count(*) = 10
),
open_months AS MATERIALIZED (
    SELECT month FROM months WHERE month >= 7 AND month NOT IN (SELECT month FROM top10)
),
touching AS MATERIALIZED (
    SELECT arr, first_month, month_after
    FROM holders
    WHERE first_month <= (SELECT max(month) FROM open_months)
      AND month_after > (SELECT min(month) FROM open_months)
),
ten_elsewhere AS (
    SELECT month, held.arr
    FROM open_months
    CROSS JOIN LATERAL (SELECT arr FROM touching
                        WHERE first_month <= month AND month_after > month
                        ORDER BY arr DESC LIMIT 10) AS held
),
tops AS (
    SELECT month, arr_top10 FROM top10
    UNION ALL
    SELECT month, sum(arr) FROM ten_elsewhere GROUP BY month
),

-- Contracts: how each ended, by what it paid last before its end. Renewed: a term begins at its end
-- or later, the running one has a later end, or it renews by itself.
contract_terms AS MATERIALIZED (
    SELECT s.id, contract_ends_on, coalesce(auto_renews, false) AS auto_renews, arr, starts_on,
           ends_on
    FROM believed
    JOIN customers_subscription AS s ON s.id = subscription_id
    WHERE contract_ends_on IS NOT NULL AND kind = 'paid'
      AND starts_on <= (now() AT TIME ZONE 'Europe/Oslo')::date
),
contracts AS MATERIALIZED (
    SELECT id, contract_ends_on, max(ends_on) AS ended_on,
           (array_agg(arr ORDER BY starts_on DESC) FILTER (WHERE starts_on < contract_ends_on))[1]
               AS last_arr,
           bool_or(starts_on <= contract_ends_on AND ends_on > contract_ends_on) AS is_running,
           bool_or(auto_renews OR starts_on >= contract_ends_on
                   OR ends_on > contract_ends_on AND ends_on < 'infinity') AS is_decided
    FROM contract_terms
    GROUP BY id, contract_ends_on
    HAVING min(starts_on) < contract_ends_on
),
renewals AS (
    SELECT width_bucket(contract_ends_on, (SELECT firsts FROM calendar)) AS month,
           count(*) FILTER (WHERE is_running AND is_decided)      AS renewed,
           count(*) FILTER (WHERE NOT is_running)                 AS not_renewed,
           count(*) FILTER (WHERE is_running AND NOT is_decided)  AS undecided,
           sum(last_arr) FILTER (WHERE is_running AND is_decided) AS arr_renewed,
           sum(last_arr) FILTER (WHERE NOT is_running)            AS arr_not_renewed
    FROM contracts
    GROUP BY month
),
terminations AS (
    SELECT width_bucket(ended_on, (SELECT firsts FROM calendar)) AS month,
           count(*) AS terminated_early
    FROM contracts
    WHERE ended_on < contract_ends_on
    GROUP BY month
),
-- A contract runs at the start of a month if it was paid on the day before and had not run out.
contract_spans AS (
    SELECT first_month, month_after
    FROM contract_terms
    CROSS JOIN LATERAL (
        SELECT width_bucket(starts_on, (SELECT firsts FROM calendar)) + 1 AS first_month,
               width_bucket(least(ends_on, contract_ends_on), (SELECT firsts FROM calendar)) + 1
                   AS month_after) AS span
    WHERE first_month < month_after
),
contracts_running AS (
    SELECT month, sum(change) AS contracts_change
    FROM (SELECT first_month AS month, 1 AS change FROM contract_spans
          UNION ALL
          SELECT month_after, -1 FROM contract_spans) AS boundaries
    GROUP BY month
),

spending AS (
    SELECT width_bucket(month_on, (SELECT firsts FROM calendar)) AS month,
           sum(amount_minor) FILTER (WHERE purpose = 'acquisition') AS acquisition,
           sum(amount_minor) FILTER (WHERE purpose = 'retention')   AS retention
    FROM customers_spend
    GROUP BY month
),

-- A row a month, what stood at its end, and the six months before it.
joined AS (
    SELECT *,
           coalesce(new, 0) + coalesce(reactivated, 0) - coalesce(churned, 0) AS customers_change,
           coalesce(arr_new, 0) + coalesce(arr_expansion, 0) + coalesce(arr_contraction, 0)
               + coalesce(arr_churn, 0) + coalesce(arr_reactivation, 0) + coalesce(arr_fx, 0)
               + coalesce(arr_pause, 0) + coalesce(arr_resume, 0) AS arr_change
    FROM months
    LEFT JOIN by_month USING (month)
    LEFT JOIN explanations USING (month)
    LEFT JOIN notices USING (month)
    LEFT JOIN heard USING (month)
    LEFT JOIN tops USING (month)
    LEFT JOIN renewals USING (month)
    LEFT JOIN terminations USING (month)
    LEFT JOIN contracts_running USING (month)
    LEFT JOIN spending USING (month)
),
standing AS (
    SELECT *,
           sum(customers_change) OVER through  AS customers_end,
           sum(paused) OVER through            AS paused_end,
           sum(arr_change) OVER through        AS arr_end,
           sum(customers_noticed) OVER through AS under_notice,
           sum(arr_noticed) OVER through       AS arr_under_notice,
           sum(contracts_change) OVER through  AS contracts_start,
           sum(lost) OVER six_before           AS lost_before,
           sum(churned) OVER six_before        AS churns_before
    FROM joined
    WINDOW through AS (ORDER BY month),
           six_before AS (ORDER BY month ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING)
),
begun AS (
    SELECT *,
           customers_end - customers_change AS customers_start,
           arr_end - arr_change             AS arr_start,
           sum(customers_end - customers_change)
               OVER (ORDER BY month ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING) AS starts_before,
           CASE WHEN last_on >= (SELECT min(day) FROM customers_usage WHERE count > 0)
                THEN customers_end - coalesce(paused_end, 0) - coalesce(used, 0) END AS silent
    FROM standing
)
SELECT first_on AS month, customers_start, customers_end,
       coalesce(paused_end, 0) AS paused_end, silent,
       coalesce(new, 0) AS new, coalesce(reactivated, 0) AS reactivated,
       coalesce(churned, 0) AS churned, coalesce(lost, 0) AS lost,
       coalesce(voluntary, 0) AS voluntary, coalesce(involuntary, 0) AS involuntary,
       arr_start, coalesce(arr_new, 0) AS arr_new, coalesce(arr_expansion, 0) AS arr_expansion,
       coalesce(arr_contraction, 0) AS arr_contraction, coalesce(arr_churn, 0) AS arr_churn,
       coalesce(arr_reactivation, 0) AS arr_reactivation, coalesce(arr_fx, 0) AS arr_fx,
       coalesce(arr_pause, 0) AS arr_pause, coalesce(arr_resume, 0) AS arr_resume, arr_end,
       coalesce(shrunk, 0) AS shrunk, coalesce(kept_change, 0) AS kept_change,
       coalesce(churns_before, 0) AS churns_before, coalesce(lost_before, 0) AS lost_before,
       coalesce(starts_before, 0) AS starts_before, coalesce(arr_top10, 0) AS arr_top10,
       acquisition, retention,
       coalesce(under_notice, 0) AS under_notice,
       coalesce(arr_under_notice, 0) AS arr_under_notice,
       coalesce(renewed, 0) AS renewed, coalesce(not_renewed, 0) AS not_renewed,
       coalesce(undecided, 0) AS undecided, coalesce(arr_renewed, 0) AS arr_renewed,
       coalesce(arr_not_renewed, 0) AS arr_not_renewed,
       coalesce(terminated_early, 0) AS terminated_early,
       coalesce(contracts_start, 0) AS contracts_start
FROM begun
WHERE month >= 7
ORDER BY month
