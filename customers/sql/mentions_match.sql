-- Mentions that belong to nobody yet get their customer, where the strongest trait that anybody fits is fitted by one
-- customer alone: the e-mail address, then the domain (of the contacts' addresses; free mail services say nothing),
-- then the whole name. Several customers are left to a person. Those that wait for a reply get an owner and a day.
-- Of one mention (mention_id) or of all of an import (import_id); params free_domains, at_work, mention_days, zone, moment.
WITH fresh AS (
    SELECT m.id, lower(m.author_email) AS email, lower(m.domain) AS domain, upper(trim(m.company)) AS company
    FROM customers_mention m
    WHERE m.customer_id IS NULL AND m.matched_by = ''
      AND (m.id = %(mention_id)s::bigint OR m.source_id = %(import_id)s::bigint)
), candidates AS (
    SELECT f.id, 1 AS level, 'email' AS how, c.customer_id, c.id AS contact_id
    FROM fresh f JOIN customers_contact c ON lower(c.email) = f.email
    WHERE f.email <> ''
    UNION ALL
    SELECT DISTINCT f.id, 2, 'domain', c.customer_id, NULL::bigint
    FROM fresh f JOIN customers_contact c ON split_part(lower(c.email), '@', 2) = f.domain
    WHERE f.domain <> '' AND f.domain <> ALL (%(free_domains)s::text[])
    UNION ALL
    SELECT f.id, 3, 'name', c.id, NULL
    FROM fresh f JOIN customers_customer c ON upper(c.name) = f.company
    WHERE f.company <> ''
), strongest AS (
    SELECT id, min(level) AS level FROM candidates GROUP BY id
), sole AS (
    SELECT c.id, min(c.how) AS how, min(c.customer_id) AS customer_id, min(c.contact_id) AS contact_id
    FROM candidates c JOIN strongest USING (id, level)
    GROUP BY c.id
    HAVING count(DISTINCT c.customer_id) = 1
)
UPDATE customers_mention m
SET customer_id = sole.customer_id, contact_id = sole.contact_id, matched_by = sole.how
FROM sole
WHERE m.id = sole.id;

-- What is older than thirty days when it comes in waits for no reply any more.
UPDATE customers_mention m
SET owner_id = coalesce(m.owner_id, (SELECT c.owner_id FROM customers_customer c WHERE c.id = m.customer_id AND c.owner_id = ANY (%(at_work)s))),
    reply_by = coalesce(m.reply_by, (
        SELECT day::date
        FROM generate_series((m.occurred_at AT TIME ZONE %(zone)s)::date + 1,
                             (m.occurred_at AT TIME ZONE %(zone)s)::date + 7 * (%(mention_days)s::int / 5 + 1) + 2, interval '1 day') day
        WHERE extract(isodow FROM day) <= 5
        ORDER BY day
        OFFSET %(mention_days)s::int - 1 LIMIT 1
    ))
WHERE m.replied_at IS NULL AND m.occurred_at >= %(moment)s::timestamptz - interval '30 days'
  AND (m.owner_id IS NULL OR m.reply_by IS NULL)
  AND (m.id = %(mention_id)s::bigint OR m.source_id = %(import_id)s::bigint);
