-- A reason is found by its key or by any wording it ever had, through whatever it was merged into.
CREATE TEMP TABLE wordings AS
SELECT DISTINCT ON (wording) wording, coalesce(r.merged_into_id, r.id) AS reason_id
FROM customers_cancellationreason r
CROSS JOIN LATERAL (
    SELECT r.key::text AS wording
    UNION
    SELECT lower(label) FROM customers_reasonversion v, jsonb_each_text(v.labels) AS l(language, label)
    WHERE v.reason_id = r.id
) w
ORDER BY wording, r.retired_at NULLS FIRST, r.id;
