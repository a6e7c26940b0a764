-- A company for the customer list: {customers} customers, who works there and how they stand.
-- Every property is drawn by a hash of its own, so that none foretells another.
CREATE OR REPLACE FUNCTION draw(bigint, bigint, int) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT (((hashint8extended($1, $2) % $3) + $3) % $3)::int';

INSERT INTO customers_customer (external_id, name, organisation_number, owner_id, signed_up_on,
    country, language, currency, attributes, never_automatic, created_at)
SELECT 'C-' || n,
       initcap(left(md5(n::text), 7)) || ' '
           || ('{{Nord,Data,Bygg,Media,Energi,Marin,Helse,Finans,Skog,Vekst}}'::text[])[1 + draw(n, 1, 10)]
           || ' ' || ('{{AS,AB,ApS,Oy}}'::text[])[1 + draw(n, 2, 4)],
       (900000000 + n)::text,
       people.ids[1 + draw(n, 3, cardinality(people.ids))],
       date '2020-01-01' + draw(n, 4, 1800),
       ('{{NO,SE,DK,FI,DE,NL,GB,FR}}'::text[])[1 + draw(n, 5, 8)],
       'nb', 'EUR',
       jsonb_build_object('industry', 'i' || draw(n, 6, 12), 'size', draw(n, 7, 900)), false, now()
FROM generate_series(1, {customers}) AS n,
     (SELECT array_agg(id ORDER BY id) AS ids FROM churnapp_user) AS people;

-- Else the checks of foreign keys are planned by the statistics of the smaller company before.
ANALYZE customers_customer;

-- One person each, whose address has both names and the customer's.
INSERT INTO customers_contact (customer_id, name, email, role, language)
SELECT c.id, initcap(replace(one.person, '.', ' ')),
       one.person || '@' || lower(replace(c.name, ' ', '-')) || '.example', 'other', ''
FROM customers_customer AS c,
     LATERAL (SELECT ('{{kari,ola,siri,per,anna,lars,eva,nils}}'::text[])[1 + draw(c.id, 17, 8)]
                     || '.' || left(md5('person' || c.id), 7)) AS one(person);

INSERT INTO customers_standing (customer_id, as_of, computed_at, state, arr_minor, plan_id,
    first_paid_on, lost_on, next_end_on, contract_ends_on, notice_by, last_used_on, risk)
SELECT id, current_date, now(), state,
       CASE state WHEN 'active' THEN 12000 + draw(id, 8, 5000000) ELSE 0 END,
       plans.ids[1 + draw(id, 9, cardinality(plans.ids))], signed_up_on,
       CASE state WHEN 'lost' THEN current_date - draw(id, 10, 500) END,
       CASE WHEN draw(id, 11, 30) = 0 THEN current_date + draw(id, 12, 90) END,
       NULL, NULL, current_date - draw(id, 13, 90),
       CASE WHEN draw(id, 14, 20) = 0 THEN 1 + draw(id, 15, 9) ELSE 0 END
FROM customers_customer,
     (SELECT array_agg(id ORDER BY id) AS ids FROM customers_plan) AS plans,
     LATERAL (SELECT CASE WHEN draw(id, 16, 4) = 0 THEN 'lost' ELSE 'active' END AS state) AS one;

ANALYZE
