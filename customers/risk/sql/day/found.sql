-- What the rules say today, filled rule by rule; later rules may read what earlier ones found.
DROP TABLE IF EXISTS pg_temp.risk_found;

CREATE TEMP TABLE risk_found (
    rule_id bigint NOT NULL,
    key text NOT NULL,
    customer_id bigint NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    level smallint NOT NULL,
    severity smallint NOT NULL
) ON COMMIT DROP;
