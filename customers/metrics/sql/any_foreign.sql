-- Whether any term is in another currency than the reporting one: only then are rates read.
SELECT coalesce(bool_or(is_foreign), false) AS is_foreign FROM terms;
