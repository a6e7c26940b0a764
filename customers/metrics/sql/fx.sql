-- What a change of rate did to a customer on a day: for each subscription with a paid term ending
-- and the next one in the same currency starting that day, the amount before at the new rate less
-- the amount before. Rounded half to even once a term, in integers.
-- foreign_terms(customer_id, subscription_id, currency, arr_native, arr, rate_e10, starts_on,
-- ends_on), rates times 10^10; currency_scales(currency, times, divided_by) makes minor units of
-- the reporting currency of native ones.
CREATE TEMP TABLE fx AS
WITH pairs AS (
    SELECT earlier.customer_id,
           later.starts_on,
           earlier.arr,
           earlier.arr_native::HUGEINT * later.rate_e10 * times AS exact,
           10000000000::HUGEINT * divided_by                    AS unit
    FROM foreign_terms AS earlier
    JOIN foreign_terms AS later
      ON later.subscription_id = earlier.subscription_id
     AND later.starts_on = earlier.ends_on
     AND later.currency = earlier.currency
    JOIN currency_scales ON currency_scales.currency = later.currency
    WHERE later.rate_e10 <> earlier.rate_e10
),
divided AS (
    SELECT *, exact // unit AS whole, 2 * (exact % unit) AS twice_rest
    FROM pairs
)
SELECT customer_id,
       (starts_on - DATE '1970-01-01')::INTEGER AS day,
       sum(whole + (twice_rest > unit OR (twice_rest = unit AND whole % 2 = 1))::INTEGER - arr)::BIGINT
           AS amount
FROM divided
GROUP BY ALL
HAVING amount <> 0;
