-- The nearest integer; of two equally near, the even one. PostgreSQL's own round() goes away from zero.
CREATE OR REPLACE FUNCTION pg_temp.half_even(exact numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN abs(exact - trunc(exact)) = 0.5 THEN 2 * round(exact / 2) ELSE round(exact) END $$;
