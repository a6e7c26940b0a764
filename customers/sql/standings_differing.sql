-- Ends standings.sql: rows that are missing, or that are no longer true. A question only: an insert
-- in the same statement would let the table grow under its own scan.
SELECT fresh.*, kept.customer_id IS NULL AS missing
FROM fresh LEFT JOIN customers_standing kept USING (customer_id)
WHERE kept.customer_id IS NULL
   OR (kept.state, kept.arr_minor, kept.plan_id, kept.first_paid_on, kept.lost_on,
       kept.next_end_on, kept.contract_ends_on, kept.notice_by, kept.last_used_on, kept.risk)
      IS DISTINCT FROM
      (fresh.state, fresh.arr_minor, fresh.plan_id, fresh.first_paid_on, fresh.lost_on,
       fresh.next_end_on, fresh.contract_ends_on, fresh.notice_by, fresh.last_used_on, fresh.risk)
