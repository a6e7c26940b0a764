-- Before the entries of an import go: the complaints that it brought and on which nobody has worked, with their tasks.
-- A complaint that somebody assigned or settled stays and holds its entry.
WITH gone AS (
    DELETE FROM customers_complaint w
    USING customers_interaction t, customers_rowbefore b
    WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_interaction' AND b.row_id = t.id
      AND (b.before IS NULL OR b.before ->> 'complaint' = 'false') AND b.after_digest = md5(to_jsonb(t.*)::text)::uuid
      AND w.entry_id = t.id
      AND NOT EXISTS (
          SELECT FROM churnapp_auditevent e WHERE e.object_kind = 'complaint' AND e.object_id = w.id
      )
      AND NOT EXISTS (SELECT FROM customers_task k WHERE k.id = w.task_id AND k.done_at IS NOT NULL AND w.resolved_at IS NULL)
    RETURNING w.task_id
)
DELETE FROM customers_task k USING gone WHERE k.id = gone.task_id;
