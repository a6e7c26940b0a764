-- What each row of the file means for what is known: new, changed, unchanged; and which terms are
-- no longer believed.

-- Every term ever known of the subscriptions in the file.
CREATE TEMP TABLE held AS
SELECT t.*
FROM customers_term t
JOIN (SELECT DISTINCT subscription_pk FROM resolved WHERE subscription_pk IS NOT NULL) s
  ON s.subscription_pk = t.subscription_id;
ANALYZE held;

-- A row says the same as a term when the facts are equal and either both are believed now, or both
-- were recorded at the same moment (history that was brought along before).
CREATE TEMP TABLE matches AS
SELECT DISTINCT ON (line) line, term_id, closes
FROM (
    SELECT r.line, h.id AS term_id, r.recorded_at IS NOT DISTINCT FROM h.recorded_at AS exact,
           r.superseded_at IS NOT NULL AND h.superseded_at IS NULL AS closes,
           bool_or(r.recorded_at IS NOT DISTINCT FROM h.recorded_at) OVER (PARTITION BY h.id) AS taken
    FROM resolved r
    JOIN held h
      ON h.subscription_id = r.subscription_pk AND h.starts_on = r.starts_on
     AND h.currency = r.currency AND h.kind = r.kind
     AND h.arr_native_minor = r.arr_native_minor AND h.quantity = round(r.quantity, 4)
     AND h.plan_id IS NOT DISTINCT FROM r.plan_id AND h.ends_on IS NOT DISTINCT FROM r.ends_on
     AND (r.plan_id IS NOT NULL OR r.plan_code IS NULL)
    WHERE NOT r.never_in_force
      AND (r.superseded_at IS NULL AND h.superseded_at IS NULL
           OR r.recorded_at = h.recorded_at
              AND (r.superseded_at IS NULL OR h.superseded_at IS NULL OR h.superseded_at = r.superseded_at))
) m
WHERE exact OR NOT taken
ORDER BY line, exact DESC;
ANALYZE matches;

CREATE TEMP TABLE decided AS
SELECT r.*, m.term_id, coalesce(m.closes, false) AS closes,
       CASE WHEN r.never_in_force THEN 'noted'
            WHEN m.closes THEN 'changed'
            WHEN m.term_id IS NOT NULL THEN 'unchanged'
            WHEN before.id IS NOT NULL THEN 'changed'
            ELSE 'created' END AS outcome
FROM resolved r
LEFT JOIN matches m USING (line)
LEFT JOIN held before
       ON before.subscription_id = r.subscription_pk AND before.starts_on = r.starts_on
      AND before.superseded_at IS NULL;
ANALYZE decided;

-- The file knows up to `known_at`; older knowledge does not undo newer.
CREATE TEMP TABLE superseding AS
SELECT h.id, coalesce(
           min(coalesce(d.recorded_at, %(moment)s)) FILTER (
               WHERE d.term_id IS NULL AND NOT d.never_in_force
                 AND coalesce(d.recorded_at, %(moment)s) >= h.recorded_at),
           max(coalesce(d.recorded_at, %(moment)s))) AS superseded_at
FROM held h
JOIN decided d ON d.subscription_pk = h.subscription_id
WHERE h.superseded_at IS NULL
  AND NOT EXISTS (SELECT FROM decided same WHERE same.term_id = h.id)
  -- a one-off sale says nothing of the terms
  AND EXISTS (SELECT FROM decided other WHERE other.subscription_pk = h.subscription_id AND other.kind <> 'one_off')
GROUP BY h.id, h.recorded_at
HAVING h.recorded_at <= max(coalesce(d.recorded_at, %(moment)s))
UNION ALL
SELECT d.term_id, d.superseded_at FROM decided d WHERE d.closes;
ANALYZE superseding;

-- New rows that would have been believed together with what is known: history goes in in the
-- order of knowing.
CREATE TEMP TABLE conflicting AS
SELECT DISTINCT ON (d.line) d.line, d.subscription, d.recorded_at, h.recorded_at AS known_since
FROM decided d
JOIN held h ON h.subscription_id = d.subscription_pk
LEFT JOIN superseding s ON s.id = h.id
WHERE d.outcome IN ('created', 'changed') AND d.term_id IS NULL
  AND d.starts_on < coalesce(h.ends_on, 'infinity') AND h.starts_on < coalesce(d.ends_on, 'infinity')
  AND coalesce(d.recorded_at, %(moment)s) < coalesce(s.superseded_at, h.superseded_at, 'infinity')
  AND h.recorded_at < coalesce(d.superseded_at, 'infinity')
  AND h.recorded_at < coalesce(s.superseded_at, h.superseded_at, 'infinity')
ORDER BY d.line, h.recorded_at;

INSERT INTO refused (line, column_name, value, reason, key)
SELECT line, 'recorded_at', pg_temp.our_time(coalesce(recorded_at, %(moment)s)),
       jsonb_build_object('code', 'out_of_order', 'known_at', pg_temp.our_time(known_since)), subscription
FROM conflicting;
DELETE FROM superseding s USING held h, decided d, conflicting c
WHERE s.id = h.id AND d.subscription_pk = h.subscription_id AND c.subscription = d.subscription;
DELETE FROM decided WHERE subscription IN (SELECT subscription FROM conflicting);

-- The contract of a subscription is that of its last row.
CREATE TEMP TABLE contracts AS
SELECT DISTINCT ON (subscription) line, subscription, subscription_pk, customer_key,
       contract_ends_on, notice_by, auto_renews
FROM decided
WHERE kind <> 'one_off'
ORDER BY subscription, never_in_force, starts_on DESC, line DESC;
ANALYZE contracts;

CREATE TEMP TABLE new_contracts AS
SELECT line, id, external_id, was, contract_ends_on, notice_by, auto_renews
FROM (
    SELECT n.line, b.id, b.external_id, to_jsonb(b.*) AS was,
           b.contract_ends_on AS ends_before, b.notice_by AS notice_before, b.auto_renews AS renews_before,
           CASE WHEN %(has_contract_ends_on)s THEN n.contract_ends_on ELSE b.contract_ends_on END AS contract_ends_on,
           CASE WHEN %(has_notice_by)s THEN n.notice_by ELSE b.notice_by END AS notice_by,
           CASE WHEN %(has_auto_renews)s THEN n.auto_renews ELSE b.auto_renews END AS auto_renews
    FROM contracts n
    JOIN customers_subscription b ON b.id = n.subscription_pk
) n
WHERE (ends_before, notice_before, renews_before) IS DISTINCT FROM (contract_ends_on, notice_by, auto_renews);
ANALYZE new_contracts;
UPDATE decided d SET outcome = 'changed' FROM new_contracts n WHERE n.line = d.line AND d.outcome = 'unchanged';

INSERT INTO noted (line, code, value)
SELECT line, 'never_in_force', subscription FROM decided WHERE never_in_force AND kind <> 'one_off';
INSERT INTO noted (line, code, value)
SELECT min(line), 'customer_created', customer_key FROM decided WHERE customer_id IS NULL GROUP BY customer_key;
INSERT INTO noted (line, code, value)
SELECT min(line), 'plan_created', plan_code FROM decided WHERE plan_id IS NULL AND plan_code IS NOT NULL GROUP BY plan_code;
INSERT INTO noted (line, code, value)
SELECT NULL, 'no_longer_believed', b.external_id || ' ' || h.starts_on
FROM superseding s
JOIN held h ON h.id = s.id
JOIN customers_subscription b ON b.id = h.subscription_id
WHERE NOT EXISTS (SELECT FROM decided d WHERE d.subscription_pk = h.subscription_id AND d.starts_on = h.starts_on
                    AND d.outcome <> 'noted');

-- Terms that no import recorded are a person's work, or a program's.
INSERT INTO overwritten (called, field, before, after)
SELECT b.external_id, h.starts_on::text,
       concat_ws(' ', h.kind, round(h.arr_native_minor * 10.0 ^ -e.exponent, e.exponent), h.currency || '/y', '– ' || h.ends_on),
       (SELECT concat_ws(' ', d.kind, round(d.arr_native_minor * 10.0 ^ -d.exponent, d.exponent), d.currency || '/y', '– ' || d.ends_on)
        FROM decided d WHERE d.subscription_pk = h.subscription_id AND d.starts_on = h.starts_on LIMIT 1)
FROM superseding s
JOIN held h ON h.id = s.id
JOIN customers_subscription b ON b.id = h.subscription_id
JOIN currencies e ON e.code = h.currency
WHERE h.source_id IS NULL;

-- A contract that a person agreed here, and that no import has written since.
INSERT INTO overwritten (line, called, field, before, after)
SELECT n.line, n.external_id, v.field, n.was ->> v.field, v.after
FROM new_contracts n
JOIN customers_subscription b ON b.id = n.id
CROSS JOIN LATERAL (VALUES ('contract_ends_on', n.contract_ends_on::text), ('notice_by', n.notice_by::text),
                           ('auto_renews', n.auto_renews::text)) v(field, after)
WHERE n.was ->> v.field IS DISTINCT FROM v.after
  AND EXISTS (SELECT FROM churnapp_auditevent a WHERE a.object_kind = 'subscription' AND a.object_id = n.id
                AND a.verb IN ('subscription_started', 'contract_changed'))
  AND NOT EXISTS (SELECT FROM customers_rowbefore w WHERE w."table" = 'customers_subscription' AND w.row_id = n.id
                    AND w.after_digest = md5(to_jsonb(b.*)::text)::uuid);
