-- Renewals of the contracts that ran out in each period, by count and by ARR; contracts running at
-- its start; and subscriptions that ended in it before their contract did.
WITH due AS (
    SELECT period_of(contract_day)                                        AS period,
           count(*) FILTER (fate = 'renewed')                             AS renewed,
           count(*) FILTER (fate = 'not_renewed')                         AS not_renewed,
           count(*) FILTER (fate = 'undecided')                           AS undecided,
           coalesce(sum(last_arr) FILTER (fate = 'renewed'), 0)::BIGINT     AS arr_renewed,
           coalesce(sum(last_arr) FILTER (fate = 'not_renewed'), 0)::BIGINT AS arr_not_renewed
    FROM contracts
    WHERE fate <> 'replaced'
    GROUP BY period
),
early AS (
    SELECT period_of(ended_day) AS period, count(*) AS terminated_early
    FROM contracts
    WHERE ended_day < contract_day
    GROUP BY period
),
running AS (
    SELECT period, count(*) AS contracts_start
    FROM periods
    JOIN contracts
      ON contract_day >= start_day
     AND len(list_filter(spans, lambda span: span[1] < start_day AND span[2] >= start_day)) > 0
    GROUP BY period
)
SELECT period, COLUMNS(due.* EXCLUDE (period)), terminated_early, contracts_start
FROM periods
LEFT JOIN due USING (period)
LEFT JOIN early USING (period)
LEFT JOIN running USING (period);
