-- Complaints of the file that are not settled yet get an owner, a deadline in working days and a task; those that
-- were closed elsewhere are resolved. Without a status they count as open in their first thirty days, as in the
-- early warning. Runs once the file's entries are written: decided(external_id), params complaint_days, zone.
CREATE TEMP TABLE taken_up AS
SELECT t.id AS entry_id,
       t.customer_id,
       CASE WHEN c.owner_id = ANY (%(at_work)s) THEN c.owner_id END AS owner_id,
       due.due_on,
       replace(coalesce(%(complaint_tasks)s::jsonb ->> nullif(u.language, ''), %(complaint_tasks)s::jsonb ->> %(usual_language)s), '{words}', CASE WHEN length(said.words) > 200 THEN left(said.words, 199) || '…' ELSE said.words END) AS what,
       nextval(pg_get_serial_sequence('customers_task', 'id')) AS task_id
FROM decided d
JOIN customers_interaction t ON t.external_id = d.external_id
JOIN customers_customer c ON c.id = t.customer_id
LEFT JOIN churnapp_user u ON u.id = c.owner_id AND u.id = ANY (%(at_work)s)
CROSS JOIN LATERAL (SELECT (t.occurred_at AT TIME ZONE %(zone)s)::date AS happened_on) h
CROSS JOIN LATERAL (SELECT trim(regexp_replace(t.summary, '\s+', ' ', 'g')) AS words) said
CROSS JOIN LATERAL (
    SELECT day::date AS due_on
    FROM generate_series(h.happened_on + 1, h.happened_on + 7 * (%(complaint_days)s::int / 5 + 1) + 2, interval '1 day') day
    WHERE extract(isodow FROM day) <= 5
    ORDER BY day
    OFFSET %(complaint_days)s::int - 1 LIMIT 1
) due
WHERE t.complaint
  AND (t.status IN ('open', 'pending')
       OR (t.status = '' AND t.closed_at IS NULL AND t.occurred_at >= %(moment)s::timestamptz - interval '30 days'))
  AND NOT EXISTS (SELECT FROM customers_complaint w WHERE w.entry_id = t.id)
ORDER BY t.id;

INSERT INTO customers_task (id, customer_id, what, assignee_id, due_on, created_at)
SELECT task_id, customer_id, left(what, 300), owner_id, due_on, %(moment)s FROM taken_up;

INSERT INTO customers_complaint (entry_id, owner_id, due_on, task_id, resolution)
SELECT entry_id, owner_id, due_on, task_id, '' FROM taken_up;
DROP TABLE taken_up;

WITH closed AS (
    UPDATE customers_complaint w
    SET resolved_at = coalesce(t.closed_at, %(moment)s), confirmed = NULL, confirmed_at = NULL
    FROM decided d
    JOIN customers_interaction t ON t.external_id = d.external_id
    WHERE w.entry_id = t.id AND t.status = 'closed' AND w.resolved_at IS NULL
    RETURNING w.task_id, w.resolved_at
)
UPDATE customers_task k SET done_at = closed.resolved_at FROM closed WHERE k.id = closed.task_id AND k.done_at IS NULL;
