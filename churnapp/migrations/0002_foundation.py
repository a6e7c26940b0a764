"""What the tables need from PostgreSQL, the organisation's one row, an audit trail nobody edits."""

from typing import Any

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are never changed or deleted';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON churnapp_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
"""
EDITABLE = """
DROP TRIGGER audit_is_append_only ON churnapp_auditevent;
DROP FUNCTION audit_is_append_only();
"""


def make_organisation(apps: Any, schema_editor: Any) -> None:
    apps.get_model("churnapp", "Organisation").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("churnapp", "0001_initial")]
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunPython(make_organisation, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY, EDITABLE),
    ]
