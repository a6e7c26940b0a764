-- Mentions that belong to a customer stand on its timeline, once, with what was answered after an arrow. Of one mention or of all of an import.
INSERT INTO customers_interaction
    (customer_id, contact_id, external_id, kind, verb, facts, occurred_at, summary, sentiment, score, status, first_reply_at, complaint, source_id)
SELECT m.customer_id, m.contact_id, 'mention-' || m.id, CASE m.kind WHEN 'word' THEN 'note' ELSE m.kind END, '', '{}'::jsonb, m.occurred_at,
       concat_ws(' · ', nullif(m.text, ''), nullif(m.site, ''), nullif(m.url, ''),
                 '→ ' || nullif(concat_ws(' · ', nullif(m.reply_text, ''), nullif(m.reply_url, '')), '')), m.sentiment, m.rating, '', m.replied_at, false, m.source_id
FROM customers_mention m
WHERE m.customer_id IS NOT NULL
  AND (m.id = %(mention_id)s::bigint OR m.source_id = %(import_id)s::bigint)
ON CONFLICT (external_id) DO UPDATE
SET summary = excluded.summary, sentiment = excluded.sentiment, score = excluded.score, first_reply_at = excluded.first_reply_at;
