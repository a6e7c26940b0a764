-- One row a mention of the file. Without an id of its own its content and number name it.
CREATE TEMP TABLE resolved AS
SELECT r.*, t.id
FROM (
    SELECT s.line,
           s.customer_id                    AS customer_key,
           c.id                             AS customer_id,
           CASE WHEN c.id IS NULL THEN '' ELSE 'customer_id' END AS matched_by,
           coalesce(s.external_id, '~' || content || '-' ||
               row_number() OVER (PARTITION BY content, s.external_id ORDER BY s.line)) AS external_id,
           s.kind,
           coalesce(s.site, '')             AS site,
           coalesce(s.url, '')              AS url,
           coalesce(s.author, '')           AS author,
           coalesce(s.author_email, '')     AS author_email,
           coalesce(s.company, '')          AS company,
           left(coalesce(lower(substring(trim(s.website) FROM '^(?:[a-zA-Z]+://)?(?:www\.)?([^/:?#\s]+)')),
                    split_part(lower(s.author_email), '@', 2), ''), 253) AS domain,
           coalesce(s.comment, '')          AS text,
           s.rating,
           coalesce(s.sentiment::smallint, CASE WHEN s.rating <= 2 THEN -1 WHEN s.rating >= 4 THEN 1
               WHEN s.rating IS NOT NULL THEN 0 END)::smallint AS sentiment,
           s.occurred_at,
           s.replied_at
    FROM staged s
    CROSS JOIN LATERAL (SELECT md5(jsonb_build_array(s.kind, s.site, s.url, s.author, extract(epoch FROM s.occurred_at), s.comment)::text)) k(content)
    LEFT JOIN customer_ids c ON c.external_id = s.customer_id
) r
LEFT JOIN customers_mention t ON t.external_id = r.external_id;
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'external_id', external_id, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, external_id, min(line) OVER (PARTITION BY external_id) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'rating', rating::text, jsonb_build_object('code', 'not_of_five')
FROM resolved
WHERE rating < 0 OR rating > 5;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'replied_at', replied_at::text, jsonb_build_object('code', 'before_it_began')
FROM resolved
WHERE replied_at < occurred_at;
