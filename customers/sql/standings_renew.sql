-- Continues standings.sql: writes what differs and what is missing, and gives how many rows that were.
, changed AS (
    UPDATE customers_standing kept
    SET (state, arr_minor, plan_id, first_paid_on, lost_on, next_end_on, contract_ends_on,
         notice_by, last_used_on, risk, as_of, computed_at)
        = ROW(fresh.state, fresh.arr_minor, fresh.plan_id, fresh.first_paid_on, fresh.lost_on,
              fresh.next_end_on, fresh.contract_ends_on, fresh.notice_by, fresh.last_used_on,
              fresh.risk, %(today)s, clock_timestamp())
    FROM fresh
    WHERE kept.customer_id = fresh.customer_id
      AND (kept.state, kept.arr_minor, kept.plan_id, kept.first_paid_on, kept.lost_on,
           kept.next_end_on, kept.contract_ends_on, kept.notice_by, kept.last_used_on, kept.risk)
          IS DISTINCT FROM
          (fresh.state, fresh.arr_minor, fresh.plan_id, fresh.first_paid_on, fresh.lost_on,
           fresh.next_end_on, fresh.contract_ends_on, fresh.notice_by, fresh.last_used_on, fresh.risk)
    RETURNING kept.customer_id
), made AS (
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
SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM made)
