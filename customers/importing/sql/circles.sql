-- Who comes back to itself, walking from parent to parent: leads(node, parent) has a row for each
-- that has a parent, and is used up. Every round doubles the steps that a row takes at once, and who
-- arrives at a top falls out; whoever still walks after more steps than there are parents is in a
-- circle. So a million rows take as many rounds as their deepest tree has digits in binary.
CREATE OR REPLACE FUNCTION pg_temp.in_circles() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    steps bigint := 1;
    parents bigint := (SELECT count(*) FROM leads);
BEGIN
    WHILE steps <= parents AND EXISTS (SELECT FROM leads) LOOP
        CREATE TEMP TABLE further AS
        SELECT l.node, above.parent FROM leads l JOIN leads above ON above.node = l.parent;
        DROP TABLE leads;
        ALTER TABLE further RENAME TO leads;
        steps := steps * 2;
    END LOOP;
    RETURN QUERY SELECT DISTINCT l.parent FROM leads l;
    DROP TABLE leads;
END $$;
