-- One row a cancellation of the file. Without an id of its own its content and number name it.
CREATE TEMP TABLE resolved AS
SELECT r.*, t.id, v.id AS reason_version_id
FROM (
    SELECT s.line,
           s.customer_id                    AS customer_key,
           c.id                             AS customer_id,
           s.subscription_id                AS subscription_key,
           b.id                             AS subscription_id,
           b.customer_id                    AS holder,
           coalesce(s.external_id, '~' || content || '-' ||
               row_number() OVER (PARTITION BY content, s.external_id ORDER BY s.line)) AS external_id,
           s.requested_at,
           s.effective_on,
           s.reason                         AS reason_text,
           k.slug                           AS reason_key,
           coalesce(w.reason_id, n.reason_id) AS reason_id,
           coalesce(s.comment, '')          AS comment,
           coalesce(s.competitor, '')       AS competitor,
           coalesce(s.involuntary, false)   AS involuntary,
           ''                               AS missing_feature,
           false                            AS ended_terms,
           %(moment)s::timestamptz          AS recorded_at
    FROM staged s
    CROSS JOIN LATERAL (
        SELECT md5(jsonb_build_array(s.customer_id, s.subscription_id, s.effective_on, extract(epoch FROM s.requested_at),
                                     s.reason, s.comment, s.competitor, s.involuntary)::text),
               left(trim(BOTH '-' FROM regexp_replace(translate(lower(s.reason), 'æøåäöüéèß', 'aoaaouees'),
                                                      '[^a-z0-9]+', '-', 'g')), 90)
    ) k(content, slug)
    LEFT JOIN wordings n ON n.wording = k.slug AND k.slug <> ''
    LEFT JOIN wordings w ON w.wording = lower(s.reason)
    LEFT JOIN customer_ids c ON c.external_id = s.customer_id
    LEFT JOIN customers_subscription b ON b.external_id = s.subscription_id
) r
LEFT JOIN customers_cancellation t ON t.external_id = r.external_id
LEFT JOIN LATERAL (SELECT id FROM customers_reasonversion v WHERE v.reason_id = r.reason_id ORDER BY version DESC LIMIT 1) v ON true;
UPDATE resolved SET reason_key = 'reason-' || left(md5(lower(reason_text)), 12) WHERE reason_key = '';
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'external_id', external_id, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, external_id, min(line) OVER (PARTITION BY external_id) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'subscription_id', subscription_key, jsonb_build_object('code', 'unknown_subscription')
FROM resolved
WHERE subscription_key IS NOT NULL AND subscription_id IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'subscription_id', subscription_key, jsonb_build_object('code', 'other_customer')
FROM resolved
WHERE holder <> customer_id;

INSERT INTO noted (line, code, value)
SELECT min(line), 'reason_created', min(reason_text)
FROM resolved
WHERE reason_text IS NOT NULL AND reason_id IS NULL
GROUP BY reason_key;
