-- After the mentions of an import went: what they had put on timelines, unless somebody made a complaint of it.
DELETE FROM customers_interaction t
USING customers_rowbefore b
WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_mention' AND b.before IS NULL
  AND t.external_id = 'mention-' || b.row_id
  AND NOT EXISTS (SELECT FROM customers_mention m WHERE m.id = b.row_id)
  AND NOT EXISTS (SELECT FROM customers_complaint w WHERE w.entry_id = t.id);
