-- What the organisation has recorded for rules to judge by, before %(as_of)s: one row.
SELECT (SELECT max(day) FROM customers_usage WHERE day < %(as_of)s)            AS used_on,
       (SELECT (max(occurred_at) AT TIME ZONE %(zone)s)::date
        FROM customers_interaction
        WHERE kind IN ('email', 'call', 'meeting', 'ticket', 'social')
          AND occurred_at < %(cutoff)s)                                        AS contact_on,
       EXISTS (SELECT FROM customers_term)                                     AS terms,
       EXISTS (SELECT FROM customers_feature_plans)                            AS plan_features,
       EXISTS (SELECT FROM customers_feature feature
               JOIN customers_feature_plans included ON included.feature_id = feature.id
               WHERE feature.released_on IS NOT NULL)                          AS releases,
       EXISTS (SELECT FROM customers_subscription
               WHERE contract_ends_on IS NOT NULL OR notice_by IS NOT NULL)    AS contracts,
       EXISTS (SELECT FROM customers_payment)                                  AS payments,
       EXISTS (SELECT FROM customers_contact WHERE role = 'champion')          AS champions,
       EXISTS (SELECT FROM customers_interaction WHERE complaint)              AS complaints,
       EXISTS (SELECT FROM customers_interaction
               WHERE kind IN ('ticket', 'email', 'social')
                 AND (status <> '' OR first_reply_at IS NOT NULL))             AS requests,
       EXISTS (SELECT FROM customers_interaction
               WHERE kind = 'answer'
                 AND (score IS NOT NULL OR sentiment IS NOT NULL))             AS answers,
       EXISTS (SELECT FROM customers_interaction
               WHERE kind = 'answer' AND facts ? 'mail')                       AS mailed_answers
