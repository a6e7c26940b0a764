"""The audit trail stays append-only but for erasure: what people were called may be taken out."""

from django.db import migrations

ERASABLE = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('churnapp.erasing', true) = 'on'
        AND to_jsonb(OLD) - 'changes' = to_jsonb(NEW) - 'changes' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit events are never changed or deleted';
END $$;
"""
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or deleted';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("churnapp", "0005_organisation_may_be_nameless")]
    operations = [migrations.RunSQL(ERASABLE, APPEND_ONLY)]
