-- Days and times as the organisation's people read them: the session itself keeps to UTC.
CREATE OR REPLACE FUNCTION pg_temp.our_clock(moment timestamptz) RETURNS timestamp LANGUAGE sql STABLE AS
$$ SELECT moment AT TIME ZONE (SELECT timezone FROM churnapp_organisation ORDER BY id LIMIT 1) $$;
CREATE OR REPLACE FUNCTION pg_temp.our_day(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT pg_temp.our_clock(moment)::date $$;
CREATE OR REPLACE FUNCTION pg_temp.our_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT to_char(pg_temp.our_clock(moment), 'YYYY-MM-DD HH24:MI') $$;
