-- Before the answers of an import go: what they said of departures, unless somebody said otherwise since. A headline
-- that came with them is what it was, whatever else was noted on its departure meanwhile.
WITH gone AS (
    DELETE FROM customers_reasonview v
    USING customers_rowbefore b
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_reasonview' AND b.row_id = v.id
      AND b.before IS NULL AND b.after_digest = md5(to_jsonb(v.*)::text)::uuid
    RETURNING v.cancellation_id, v.reason_id
), as_before AS (
    UPDATE customers_cancellation t
    SET reason_id = coalesce(r.merged_into_id, r.id), reason_version_id = (b.before ->> 'reason_version_id')::bigint
    FROM customers_rowbefore b
    JOIN gone g ON g.cancellation_id = b.row_id
    LEFT JOIN customers_cancellationreason r ON r.id = (b.before ->> 'reason_id')::bigint
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_cancellation' AND b.row_id = t.id
      AND g.reason_id = t.reason_id
    RETURNING t.id, t.customer_id, t.effective_on
), told AS (
    INSERT INTO noted (code, value)
    SELECT 'row_deleted customers_reasonview', c.name || ' ' || t.effective_on
    FROM gone g JOIN customers_cancellation t ON t.id = g.cancellation_id JOIN customers_customer c ON c.id = t.customer_id
), settled AS (
    DELETE FROM customers_rowbefore b USING as_before e
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_cancellation' AND b.row_id = e.id
)
INSERT INTO noted (code, value)
SELECT 'row_restored customers_cancellation', c.name || ' ' || e.effective_on
FROM as_before e JOIN customers_customer c ON c.id = e.customer_id;

WITH back AS (
    UPDATE customers_reasonview v SET superseded_at = NULL
    FROM customers_rowbefore b
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_reasonview' AND b.row_id = v.id
      AND b.before IS NOT NULL AND b.after_digest = md5(to_jsonb(v.*)::text)::uuid
      AND NOT EXISTS (
          SELECT FROM customers_reasonview o
          WHERE o.cancellation_id = v.cancellation_id AND o.kind = v.kind AND o.superseded_at IS NULL
      )
    RETURNING v.cancellation_id
)
INSERT INTO noted (code, value)
SELECT 'row_restored customers_reasonview', c.name || ' ' || t.effective_on
FROM back JOIN customers_cancellation t ON t.id = back.cancellation_id JOIN customers_customer c ON c.id = t.customer_id;
