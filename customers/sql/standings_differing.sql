-- Continues standings.sql: writes what is missing, and gives how many rows that were (without a
-- customer), then the customers whose kept standing is no longer true.
, made AS (
    INSERT INTO customers_standing (
        customer_id, state, arr_minor, plan_id, first_paid_on, lost_on, next_end_on,
        contract_ends_on, notice_by, last_used_on, risk, as_of, computed_at)
    SELECT fresh.*, %(today)s, clock_timestamp()
    FROM fresh
    WHERE NOT EXISTS (
        SELECT FROM customers_standing kept WHERE kept.customer_id = fresh.customer_id)
    ON CONFLICT (customer_id) DO NOTHING
    RETURNING customer_id
)
SELECT NULL AS customer_id, count(*) AS made FROM made
UNION ALL
SELECT fresh.customer_id, 0
FROM fresh JOIN customers_standing kept USING (customer_id)
WHERE (kept.state, kept.arr_minor, kept.plan_id, kept.first_paid_on, kept.lost_on,
       kept.next_end_on, kept.contract_ends_on, kept.notice_by, kept.last_used_on, kept.risk)
      IS DISTINCT FROM
      (fresh.state, fresh.arr_minor, fresh.plan_id, fresh.first_paid_on, fresh.lost_on,
       fresh.next_end_on, fresh.contract_ends_on, fresh.notice_by, fresh.last_used_on, fresh.risk)
