-- What an answer says of a departure that stands becomes its stated reason, as an answer on a page
-- does; of several answers the last one given. The headline goes along where it is empty, or what the views say: it
-- stays where somebody chose another one.
CREATE TEMP TABLE stating AS
SELECT DISTINCT ON (c.id) c.id AS cancellation_id, d.reason_id, r.id AS response_id, r.answered_at
FROM decided d
JOIN feedback_response r ON r.external_id = d.external_id
JOIN customers_cancellation c ON c.id = r.cancellation_id
WHERE d.outcome <> 'unchanged' AND d.reason_id IS NOT NULL AND c.withdrawn_at IS NULL AND r.quarantined_at IS NULL
ORDER BY c.id, r.answered_at DESC, r.id DESC;

-- Who writes to a departure holds it: one after the other, in the same order.
SELECT FROM customers_cancellation WHERE id IN (SELECT cancellation_id FROM stating) ORDER BY id FOR NO KEY UPDATE;

DELETE FROM stating s
USING customers_reasonview v
LEFT JOIN feedback_response o ON v.source = 'response:' || o.id
WHERE v.cancellation_id = s.cancellation_id AND v.kind = 'stated' AND v.superseded_at IS NULL
  AND (v.reason_id = s.reason_id OR o.id <> s.response_id AND o.answered_at > s.answered_at);

CREATE TEMP TABLE going_along AS
SELECT c.id
FROM customers_cancellation c
JOIN stating s ON s.cancellation_id = c.id
LEFT JOIN LATERAL (
    SELECT v.reason_id
    FROM customers_reasonview v
    WHERE v.cancellation_id = c.id AND v.superseded_at IS NULL AND NOT v.suggested
    ORDER BY array_position(ARRAY['stated', 'csm', 'text', 'behaviour'], v.kind::text)
    LIMIT 1
) of_views ON true
WHERE c.reason_id IS NULL OR c.reason_id = of_views.reason_id;

-- What stood before, and what an answer of the file no longer says.
WITH before AS (
    SELECT v.id, to_jsonb(v.*) AS was
    FROM customers_reasonview v
    WHERE v.kind = 'stated' AND v.superseded_at IS NULL AND (
        v.cancellation_id IN (SELECT cancellation_id FROM stating)
        OR EXISTS (
            SELECT FROM decided d JOIN feedback_response r ON r.external_id = d.external_id
            WHERE d.outcome = 'changed' AND v.source = 'response:' || r.id
              AND (r.cancellation_id IS DISTINCT FROM v.cancellation_id OR %(has_reason)s AND d.reason_id IS NULL)))
), changed AS (
    UPDATE customers_reasonview v SET superseded_at = %(moment)s
    FROM before b WHERE v.id = b.id
    RETURNING v.id, md5(to_jsonb(v.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_reasonview', id, was, digest FROM before JOIN changed USING (id);

WITH made AS (
    INSERT INTO customers_reasonview (cancellation_id, kind, reason_id, reason_version_id, source, recorded_at,
        suggested, evidence)
    SELECT s.cancellation_id, 'stated', s.reason_id, v.id, 'response:' || s.response_id, %(moment)s, false,
        CASE WHEN s.cancellation_id IN (SELECT id FROM going_along) THEN '{"leads": true}' ELSE '{}' END::jsonb
    FROM stating s
    LEFT JOIN LATERAL (
        SELECT id FROM customers_reasonversion v WHERE v.reason_id = s.reason_id ORDER BY version DESC LIMIT 1
    ) v ON true
    RETURNING id, md5(to_jsonb(customers_reasonview.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_reasonview', id, digest FROM made;

WITH before AS (
    SELECT c.id, to_jsonb(c.*) AS was, v.reason_id, v.reason_version_id
    FROM customers_cancellation c
    JOIN going_along USING (id)
    JOIN customers_reasonview v ON v.cancellation_id = c.id AND v.kind = 'stated' AND v.superseded_at IS NULL
    WHERE c.reason_id IS DISTINCT FROM v.reason_id
), changed AS (
    UPDATE customers_cancellation c SET reason_id = b.reason_id, reason_version_id = b.reason_version_id
    FROM before b WHERE c.id = b.id
    RETURNING c.id, md5(to_jsonb(c.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_cancellation', id, was, digest FROM before JOIN changed USING (id);

-- A headline that came with an answer which says no reason any more is what the other views say.
WITH before AS (
    SELECT c.id, to_jsonb(c.*) AS was, o.reason_id, o.reason_version_id
    FROM customers_rowbefore b
    JOIN customers_cancellation c ON c.id = (b.before ->> 'cancellation_id')::bigint
    LEFT JOIN LATERAL (
        SELECT v.reason_id, v.reason_version_id
        FROM customers_reasonview v
        WHERE v.cancellation_id = c.id AND v.superseded_at IS NULL AND NOT v.suggested
        ORDER BY array_position(ARRAY['stated', 'csm', 'text', 'behaviour'], v.kind::text)
        LIMIT 1
    ) o ON true
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_reasonview'
      AND (b.before -> 'evidence' ->> 'leads')::boolean AND c.reason_id = (b.before ->> 'reason_id')::bigint
      AND c.id NOT IN (SELECT cancellation_id FROM stating)
), changed AS (
    UPDATE customers_cancellation c SET reason_id = b.reason_id, reason_version_id = b.reason_version_id
    FROM before b WHERE c.id = b.id
    RETURNING c.id, md5(to_jsonb(c.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_cancellation', id, was, digest FROM before JOIN changed USING (id);
