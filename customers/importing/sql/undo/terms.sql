-- What an import recorded is no longer believed, and what it superseded is believed again: as new
-- rows, so that what was known when can still be asked.

CREATE TEMP TABLE touched AS
SELECT DISTINCT t.subscription_id, b.customer_id
FROM customers_term t
JOIN customers_subscription b ON b.id = t.subscription_id
WHERE t.source_id = %(import_id)s
   OR t.id IN (SELECT row_id FROM customers_rowbefore WHERE file_import_id = %(import_id)s AND "table" = 'customers_term');
ANALYZE touched;

-- Whoever changes these customers' terms by hand waits here, or we wait for them.
SELECT count(*) FROM (
    SELECT c.id FROM customers_customer c WHERE c.id IN (SELECT customer_id FROM touched)
    ORDER BY c.id FOR NO KEY UPDATE
) held;
CREATE TEMP TABLE undoing AS SELECT clock_timestamp() AS at;

-- Subscriptions that somebody, or a later import, changed since: they stay as they are.
CREATE TEMP TABLE changed AS
SELECT DISTINCT t.subscription_id
FROM touched
JOIN customers_term t USING (subscription_id)
WHERE t.superseded_at IS NULL AND t.recorded_at > %(published_at)s AND t.source_id IS DISTINCT FROM %(import_id)s
   OR t.superseded_at > %(published_at)s AND t.source_id = %(import_id)s AND NOT EXISTS (
        SELECT FROM customers_term same
        WHERE same.subscription_id = t.subscription_id AND same.superseded_at IS NULL
          AND (same.plan_id, same.quantity, same.kind, same.arr_native_minor, same.currency, same.starts_on, same.ends_on)
              IS NOT DISTINCT FROM
              (t.plan_id, t.quantity, t.kind, t.arr_native_minor, t.currency, t.starts_on, t.ends_on));

INSERT INTO noted (code, value)
SELECT 'changed_since customers_subscription', b.external_id
FROM changed JOIN customers_subscription b ON b.id = changed.subscription_id;

WITH gone AS (
    UPDATE customers_term t
    SET superseded_at = undoing.at
    FROM undoing, touched
    WHERE t.source_id = %(import_id)s AND t.superseded_at IS NULL AND t.subscription_id = touched.subscription_id
      AND NOT EXISTS (SELECT FROM changed c WHERE c.subscription_id = t.subscription_id)
    RETURNING t.subscription_id, t.starts_on
)
INSERT INTO noted (code, value)
SELECT 'term_superseded', b.external_id || ' ' || gone.starts_on
FROM gone JOIN customers_subscription b ON b.id = gone.subscription_id;

WITH back AS (
    INSERT INTO customers_term (subscription_id, plan_id, quantity, kind, arr_native_minor, currency, fx_rate,
                                arr_minor, starts_on, ends_on, recorded_at, source_id)
    SELECT t.subscription_id, t.plan_id, t.quantity, t.kind, t.arr_native_minor, t.currency, t.fx_rate,
           t.arr_minor, t.starts_on, t.ends_on, undoing.at, t.source_id
    FROM undoing, customers_rowbefore r
    JOIN customers_term t ON t.id = r.row_id
    WHERE r.file_import_id = %(import_id)s AND r."table" = 'customers_term'
      AND NOT EXISTS (SELECT FROM changed c WHERE c.subscription_id = t.subscription_id)
    ORDER BY t.subscription_id, t.starts_on
    RETURNING subscription_id, starts_on
)
INSERT INTO noted (code, value)
SELECT 'term_brought_back', b.external_id || ' ' || back.starts_on
FROM back JOIN customers_subscription b ON b.id = back.subscription_id;
