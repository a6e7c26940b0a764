-- Contracts, and how each ended. One row a subscription with a contract and paid terms.
-- incoming(subscription_id, contract_ends_on, auto_renews, arr, starts_on, ends_on), a row a term.
-- last_arr: what it paid last before the contract's end. fate: renewed (a term begins at or after
-- the contract's end, the running one has a known later end, or it renews by itself), not_renewed
-- (nothing is paid on the day the contract ends), undecided. ended_day: the subscription's first
-- day without payment for good, where known.
CREATE TEMP TABLE contracts AS
WITH dated AS (
    SELECT subscription_id, auto_renews, arr,
           (contract_ends_on - DATE '1970-01-01')::INTEGER             AS contract_day,
           (starts_on - DATE '1970-01-01')::INTEGER                    AS starts,
           coalesce((ends_on - DATE '1970-01-01')::INTEGER, $never)    AS ends
    FROM incoming
    WHERE (starts_on - DATE '1970-01-01')::INTEGER <= $known_on
),
summed AS (
    SELECT subscription_id,
           any_value(contract_day)                                             AS contract_day,
           any_value(auto_renews)                                              AS auto_renews,
           arg_max(arr, starts) FILTER (starts < contract_day)                 AS last_arr,
           max(ends)                                                           AS ended_day,
           count(*) FILTER (starts <= contract_day AND ends > contract_day)    AS running,
           count(*) FILTER (starts >= contract_day OR (ends > contract_day AND ends < $never))
                                                                               AS decided,
           list((starts, ends))                                                AS spans
    FROM dated
    GROUP BY subscription_id
)
SELECT *,
       CASE WHEN running = 0 THEN 'not_renewed'
            WHEN auto_renews OR decided > 0 THEN 'renewed'
            ELSE 'undecided' END AS fate
FROM summed
WHERE last_arr IS NOT NULL;
