-- The contents that fit one customer, best first: of `{customer}`, an expression for its key, in
-- the language `{language}`, on the day `{today}`.
--
-- One about features fits who was recommended one of them; one about plans fits who has one of them
-- or was recommended it; one about neither fits everybody. What was sent to them is not shown again;
-- what was called back, suppressed or refused was not sent.
-- First comes what is about the feature recommended most strongly, then what is about their plan,
-- then what is in their language, then the newest.
SELECT content.id, content.key, content.texts, hint.id AS hint_id, about_plan.is_it AS about_plan
  FROM campaigns_content AS content
  LEFT JOIN LATERAL (
         SELECT told.id, told.strength
           FROM campaigns_content_features AS about
           JOIN campaigns_recommendation AS told
                ON told.feature_id = about.feature_id AND told.customer_id = {customer}
                   AND told.dismissed_at IS NULL
          WHERE about.content_id = content.id
          ORDER BY told.strength DESC LIMIT 1) AS hint ON true
  CROSS JOIN LATERAL (
         SELECT EXISTS (SELECT FROM campaigns_content_plans AS about
                         WHERE about.content_id = content.id
                           AND (about.plan_id = (SELECT standing.plan_id
                                                   FROM customers_standing AS standing
                                                  WHERE standing.customer_id = {customer})
                                OR EXISTS (SELECT FROM campaigns_recommendation AS told
                                            WHERE told.customer_id = {customer}
                                              AND told.plan_id = about.plan_id
                                              AND told.dismissed_at IS NULL))) AS is_it
       ) AS about_plan
 WHERE content.archived_at IS NULL AND content.published_on <= {today}
   AND (content.expires_on IS NULL OR content.expires_on > {today})
   AND (hint.id IS NOT NULL OR NOT EXISTS (
           SELECT FROM campaigns_content_features AS about WHERE about.content_id = content.id))
   AND (about_plan.is_it OR NOT EXISTS (
           SELECT FROM campaigns_content_plans AS about WHERE about.content_id = content.id))
   AND NOT EXISTS (SELECT FROM campaigns_contentsent AS sent
                     LEFT JOIN customers_outgoingemail AS mail ON mail.id = sent.mail_id
                    WHERE sent.customer_id = {customer} AND sent.content_id = content.id
                      AND coalesce(mail.state NOT IN ('cancelled', 'suppressed', 'failed'), true))
 ORDER BY hint.strength DESC NULLS LAST, about_plan.is_it DESC, content.texts ? {language} DESC,
       content.published_on DESC, content.id
 LIMIT {most}
