-- Who fits comes in, once ever: drawn to an arm and a variant, with the person to write to and in
-- which language; or left out, and why. Nobody is left out by the arm they would have been drawn to.
-- Gives how many came in, and how many of them were left out.
WITH chosen AS MATERIALIZED (
    {audience}
), last_word AS (
    SELECT DISTINCT ON (contact_id) contact_id, given
      FROM customers_consent
     WHERE purpose = 'campaign'
     ORDER BY contact_id, at DESC, id DESC
), topic AS MATERIALIZED (
    SELECT id, by_default FROM customers_topic WHERE %(kind)s = ANY(kinds) LIMIT 1
), person AS (
    SELECT DISTINCT ON (contact.customer_id) contact.customer_id, contact.id, contact.language,
           coalesce(wish.wanted, topic.by_default, true) AS wants_it
      FROM chosen
      JOIN customers_contact AS contact ON contact.customer_id = chosen.id
      LEFT JOIN last_word ON last_word.contact_id = contact.id
      LEFT JOIN topic ON true
      LEFT JOIN customers_topicwish AS wish
             ON wish.contact_id = contact.id AND wish.topic_id = topic.id
     WHERE (contact.left_on IS NULL OR contact.left_on > %(today)s)
       AND contact.email NOT LIKE '%%' || %(erased)s
       AND last_word.given IS NOT FALSE
       AND contact.id <> ALL(%(blocked)s)
     ORDER BY contact.customer_id, wants_it DESC,
              coalesce(array_position(%(roles)s, contact.role::text), 99), contact.id
), judged AS (
    SELECT customer.id AS customer_id, person.id AS contact_id,
           {own_language} AS wish, {their_language} AS second_wish, {country_language} AS third_wish,
           {held_out} AS drawn_out, (%(variants)s::text[])[1 + {variant}] AS variant,
           CASE WHEN %(mails)s AND customer.never_automatic THEN 'never_automatic'
                WHEN EXISTS (SELECT FROM campaigns_fixtold AS told
                              WHERE told.fix_id = %(fix)s AND told.customer_id = customer.id)
                THEN 'told_before'
                WHEN EXISTS (SELECT FROM campaigns_recipient AS other
                               JOIN campaigns_campaign AS theirs ON theirs.id = other.campaign_id
                              WHERE other.customer_id = customer.id
                                AND theirs.id <> %(campaign)s AND theirs.state = 'running'
                                AND theirs.strength >= %(strength)s
                                AND (other.state = 'under_way'
                                     OR other.state = 'held_out'
                                        AND other.entered_at > %(now)s - theirs.horizon_days * interval '1 day'))
                THEN 'stronger'
                WHEN %(mails)s AND person.id IS NULL THEN 'nobody'
                WHEN %(mails)s AND NOT person.wants_it THEN 'unwanted_topic'
                ELSE '' END AS why
      FROM chosen
      JOIN customers_customer AS customer ON customer.id = chosen.id
      LEFT JOIN person ON person.customer_id = customer.id
     WHERE NOT EXISTS (SELECT FROM campaigns_recipient AS there
                        WHERE there.campaign_id = %(campaign)s AND there.customer_id = customer.id)
), made AS (
    INSERT INTO campaigns_recipient (
        campaign_id, customer_id, contact_id, held_out, variant, language, state, why, step,
        arrived_at, due_at, entered_at, ended_at, nonce)
    SELECT %(campaign)s, customer_id, contact_id,
           why = '' AND drawn_out,
           variant,
           CASE WHEN wish = ANY(%(languages)s) THEN wish
                WHEN second_wish = ANY(%(languages)s) THEN second_wish
                WHEN third_wish = ANY(%(languages)s) THEN third_wish
                ELSE %(source_language)s END,
           CASE WHEN why <> '' THEN 'left_out' WHEN drawn_out THEN 'held_out' ELSE 'under_way' END,
           why,
           CASE WHEN why = '' AND NOT drawn_out THEN %(first)s ELSE '' END,
           %(now)s, %(now)s, %(now)s,
           CASE WHEN why <> '' THEN %(now)s::timestamptz END,
           replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
      FROM judged
        ON CONFLICT (campaign_id, customer_id) DO NOTHING
    RETURNING customer_id, state
), told AS (
    INSERT INTO campaigns_fixtold (fix_id, customer_id, told_at)
    SELECT %(fix)s, customer_id, %(now)s FROM made WHERE state = 'under_way' AND %(fix)s IS NOT NULL
        ON CONFLICT (fix_id, customer_id) DO NOTHING
)
SELECT count(*), count(*) FILTER (WHERE state = 'left_out') FROM made;
