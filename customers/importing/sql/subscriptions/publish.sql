-- Everything that the file brings, in one transaction.

-- Whoever changes these customers' terms by hand waits here, or we wait for them.
SELECT count(*) FROM (
    SELECT c.id
    FROM customers_customer c
    WHERE c.id IN (SELECT b.customer_id FROM superseding s JOIN held h ON h.id = s.id
                   JOIN customers_subscription b ON b.id = h.subscription_id
                   UNION ALL
                   SELECT b.customer_id FROM new_contracts n JOIN customers_subscription b USING (id))
    ORDER BY c.id
    FOR NO KEY UPDATE
) held_back;
DO $$
BEGIN
    IF EXISTS (SELECT FROM new_contracts n JOIN customers_subscription b USING (id) WHERE to_jsonb(b.*) <> n.was) THEN
        RAISE EXCEPTION 'contracts changed meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;

WITH made AS (
    INSERT INTO customers_plan (code, name)
    SELECT DISTINCT plan_code, '' FROM decided WHERE plan_id IS NULL AND plan_code IS NOT NULL
    RETURNING id, md5(to_jsonb(customers_plan.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_plan', id, digest FROM made;

-- A customer not seen before is named by its id.
WITH made AS (
    INSERT INTO customers_customer (external_id, name, organisation_number, country, language, currency,
                                    attributes, never_automatic, created_at)
    SELECT DISTINCT customer_key, customer_key, '', '', '', '', '{}'::jsonb, false, %(moment)s::timestamptz
    FROM decided WHERE customer_id IS NULL
    RETURNING id, md5(to_jsonb(customers_customer.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_customer', id, digest FROM made;

INSERT INTO customers_subscription (customer_id, external_id, contract_ends_on, notice_by, auto_renews)
SELECT c.id, n.subscription, n.contract_ends_on, n.notice_by, n.auto_renews
FROM contracts n
JOIN customer_ids c ON c.external_id = n.customer_key
WHERE n.subscription_pk IS NULL
ORDER BY n.subscription;

-- Terms lead back to their subscriptions; those without any need a note of their own.
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT DISTINCT %(import_id)s, 'customers_subscription', b.id, md5(to_jsonb(b.*)::text)::uuid
FROM decided n
JOIN customers_subscription b ON b.external_id = n.subscription
WHERE n.outcome = 'noted' AND n.subscription_pk IS NULL
  AND NOT EXISTS (SELECT FROM decided d WHERE d.subscription = n.subscription AND d.outcome <> 'noted');

WITH changed AS (
    UPDATE customers_subscription b
    SET contract_ends_on = n.contract_ends_on, notice_by = n.notice_by, auto_renews = n.auto_renews
    FROM new_contracts n
    WHERE b.id = n.id
    RETURNING b.id, md5(to_jsonb(b.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before, after_digest)
SELECT %(import_id)s, 'customers_subscription', n.id, n.was, changed.digest
FROM new_contracts n JOIN changed USING (id);

CREATE TEMP TABLE gone (id bigint);
WITH ended AS (
    UPDATE customers_term t
    SET superseded_at = s.superseded_at
    FROM superseding s
    WHERE t.id = s.id AND t.superseded_at IS NULL
    RETURNING t.id
)
INSERT INTO gone SELECT id FROM ended;
DO $$
BEGIN
    IF (SELECT count(*) FROM gone) <> (SELECT count(*) FROM superseding) THEN
        RAISE EXCEPTION 'terms changed meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;

INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before)
SELECT %(import_id)s, 'customers_term', id, '{"superseded_at": null}'::jsonb FROM gone;

INSERT INTO customers_term (subscription_id, plan_id, quantity, kind, arr_native_minor, currency, fx_rate,
                            arr_minor, starts_on, ends_on, recorded_at, superseded_at, source_id)
SELECT b.id, p.id, d.quantity, d.kind, d.arr_native_minor, d.currency, d.fx_rate,
       CASE WHEN d.currency = %(currency)s THEN d.arr_native_minor
            ELSE pg_temp.half_even(d.arr_native_minor * d.fx_rate * 10.0 ^ (%(exponent)s - d.exponent)) END,
       d.starts_on, d.ends_on, coalesce(d.recorded_at, %(moment)s), d.superseded_at, %(import_id)s
FROM decided d
JOIN customers_subscription b ON b.external_id = d.subscription
LEFT JOIN customers_plan p ON p.code = d.plan_code
WHERE d.outcome IN ('created', 'changed') AND d.term_id IS NULL
ORDER BY b.id, d.starts_on;
