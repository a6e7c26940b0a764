-- Customers who answered `least` surveys in a row by mail, or more, and not the newest, sent `days`
-- days ago or more. Younger mails that may still be answered are left out; `until_days` after the
-- newest it is an old story. Level 1 where two were left unanswered, 2 from three on.
-- A mail and its reminder hold the same private link and are one asking; an answer says in its
-- facts which mail it came by.
WITH mails AS (
    SELECT id, customer_id, links #>> '{survey,nonce}' AS link, sent_at
    FROM customers_outgoingemail
    WHERE purpose = 'survey' AND state IN ('accepted', 'delivered') AND sent_at < %(cutoff)s
      AND links #>> '{survey,nonce}' IS NOT NULL
),
answers AS (
    SELECT DISTINCT (facts ->> 'mail')::bigint AS mail_id
    FROM customers_interaction
    WHERE kind = 'answer' AND facts ? 'mail' AND occurred_at < %(cutoff)s
),
asked AS (
    SELECT customer_id, link, min(sent_at) AS asked_at, bool_or(mail_id IS NOT NULL) AS answered
    FROM mails
    LEFT JOIN answers ON mail_id = mails.id
    GROUP BY 1, 2
),
decided AS (
    SELECT customer_id, asked_at, answered,
           (asked_at AT TIME ZONE %(zone)s)::date AS asked_on,
           count(*) FILTER (WHERE answered) OVER newest_first AS answered_since,
           count(*) FILTER (WHERE NOT answered) OVER newest_first AS missed_since
    FROM asked
    WHERE answered OR (asked_at AT TIME ZONE %(zone)s)::date <= %(as_of)s::date - %(days)s
    WINDOW newest_first AS (
        PARTITION BY customer_id ORDER BY asked_at DESC, link
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
silent AS (
    SELECT customer_id, count(*) AS missed, min(asked_on) AS since, max(asked_on) AS newest_on
    FROM decided
    WHERE answered_since = 0
    GROUP BY 1
),
streaks AS (
    SELECT customer_id, count(*) AS answered
    FROM decided
    JOIN silent USING (customer_id)
    WHERE decided.answered AND missed_since = missed
    GROUP BY 1
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object('answered', streaks.answered, 'missed', missed, 'since', since) AS facts,
       least(missed - 1, 2)::int AS level
FROM silent
JOIN streaks USING (customer_id)
JOIN risk_customers USING (customer_id)
WHERE streaks.answered >= %(least)s AND newest_on >= %(as_of)s::date - %(until_days)s
