-- One row an interaction of the file. Without an id of its own its content and number name it.
CREATE TEMP TABLE resolved AS
SELECT r.*, t.id
FROM (
    SELECT s.line,
           s.customer_id                    AS customer_key,
           c.id                             AS customer_id,
           coalesce(s.external_id, '~' || content || '-' ||
               row_number() OVER (PARTITION BY content, s.external_id ORDER BY s.line)) AS external_id,
           s.kind,
           s.occurred_at,
           coalesce(s.summary, '')          AS summary,
           s.sentiment::smallint            AS sentiment,
           coalesce(s.status, CASE WHEN s.closed_at IS NULL THEN '' ELSE 'closed' END) AS status,
           s.first_reply_at,
           s.closed_at,
           coalesce(s.complaint, false)     AS complaint,
           ''                               AS verb,
           '{}'::jsonb                      AS facts
    FROM staged s
    CROSS JOIN LATERAL (SELECT md5(jsonb_build_array(s.customer_id, s.kind, extract(epoch FROM s.occurred_at), s.summary)::text)) k(content)
    LEFT JOIN customer_ids c ON c.external_id = s.customer_id
) r
LEFT JOIN customers_interaction t ON t.external_id = r.external_id;
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'external_id', external_id, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, external_id, min(line) OVER (PARTITION BY external_id) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, column_name, moment::text, jsonb_build_object('code', 'before_it_began')
FROM resolved, LATERAL (VALUES ('first_reply_at', first_reply_at), ('closed_at', closed_at)) v(column_name, moment)
WHERE moment < occurred_at;
