-- Contracts, and how each ended. One row a subscription with a contract and paid terms.
-- incoming(subscription_id, chain_id, contract_ends_on, auto_renews, arr, starts_on, ends_on), a row
-- a term that pays or pauses (`arr` null), planned ones too. What continues a subscription after a plan or billing
-- change belongs to its contract, up to the first term of one with a contract of its own.
-- last_arr: what it paid last before the contract's end. fate: replaced (by such a contract, before
-- it ended), renewed (a term begins at or after the contract's end, the running one has a known
-- later end, or it renews by itself), not_renewed (nothing runs on the day the contract ends),
-- undecided. ended_day: the first day without payment or pause for good, where known.
CREATE TEMP TABLE contracts AS
WITH read AS (
    SELECT subscription_id, chain_id, auto_renews, arr,
           (contract_ends_on - DATE '1970-01-01')::INTEGER             AS contract_day,
           (starts_on - DATE '1970-01-01')::INTEGER                    AS starts,
           coalesce((ends_on - DATE '1970-01-01')::INTEGER, $never)    AS ends
    FROM incoming
),
-- What is planned counts as far as it takes over without a gap: a return has not happened yet.
reached AS (
    SELECT *,
           starts > $known_on AND coalesce(starts > max(ends) OVER earlier, true) AS is_return
    FROM read
    WINDOW earlier AS (PARTITION BY chain_id ORDER BY starts
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
kept AS (
    SELECT * FROM reached
    QUALIFY NOT bool_or(is_return) OVER (PARTITION BY chain_id ORDER BY starts)
),
-- A pause ends on the day that the customer is lost by it.
dated AS (
    SELECT kept.* REPLACE (CASE WHEN arr IS NULL THEN least(ends, coalesce(until, ends)) ELSE ends END AS ends)
    FROM kept
    JOIN owners ON owners.subscription_id = kept.subscription_id
    LEFT JOIN tangled_steps AS lapses
           ON lapses.customer_id = owners.customer_id AND lapse_period IS NOT NULL
          AND starts >= lapses.day AND starts < until
),
agreed AS (
    SELECT subscription_id, chain_id, contract_day, auto_renews, min(starts) AS first_day,
           lead(first_day, 1, $never) OVER (PARTITION BY chain_id ORDER BY first_day) AS next_day
    FROM dated
    WHERE contract_day IS NOT NULL
    GROUP BY subscription_id, chain_id, contract_day, auto_renews
),
summed AS (
    SELECT agreed.subscription_id, agreed.contract_day, agreed.auto_renews,
           next_day < agreed.contract_day                                      AS is_replaced,
           arg_max(arr, starts) FILTER (starts < agreed.contract_day)          AS last_arr,
           max(ends)                                                           AS ended_day,
           count(*) FILTER (starts <= agreed.contract_day AND ends > agreed.contract_day)
                                                                               AS running,
           count(*) FILTER (starts >= agreed.contract_day
               OR (ends > agreed.contract_day AND ends < $never))              AS decided,
           list((starts, ends))                                                AS spans
    FROM agreed
    JOIN dated ON dated.chain_id = agreed.chain_id AND starts >= first_day
              AND (starts < next_day OR next_day >= agreed.contract_day)
    GROUP BY agreed.subscription_id, agreed.contract_day, agreed.auto_renews, is_replaced
)
SELECT * REPLACE (CASE WHEN NOT is_replaced THEN ended_day END AS ended_day),
       CASE WHEN is_replaced THEN 'replaced'
            WHEN running = 0 THEN 'not_renewed'
            WHEN auto_renews OR decided > 0 THEN 'renewed'
            ELSE 'undecided' END AS fate
FROM summed
WHERE last_arr IS NOT NULL;
