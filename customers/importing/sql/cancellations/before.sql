-- Reasons that nobody has sorted yet, each with its first version.
WITH made AS (
    INSERT INTO customers_cancellationreason (key, position)
    SELECT DISTINCT reason_key, 0 FROM decided WHERE reason_text IS NOT NULL AND reason_id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING id, key, md5(to_jsonb(customers_cancellationreason.*)::text)::uuid AS digest
), kept AS (
    INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
    SELECT %(import_id)s, 'customers_cancellationreason', id, digest FROM made
)
INSERT INTO customers_reasonversion (reason_id, version, category, avoidable, asks, labels, recorded_at)
SELECT made.id, 1, 'unsorted', true, '', jsonb_build_object('en', min(d.reason_text)), %(moment)s
FROM made JOIN decided d ON d.reason_key = made.key
GROUP BY made.id;

UPDATE decided d
SET reason_id = r.id, reason_version_id = v.id
FROM customers_cancellationreason r
JOIN LATERAL (SELECT id FROM customers_reasonversion v WHERE v.reason_id = r.id ORDER BY version DESC LIMIT 1) v ON true
WHERE d.reason_text IS NOT NULL AND d.reason_id IS NULL AND r.key = d.reason_key;
