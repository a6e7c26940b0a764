"""The four groups and what each may do."""

from typing import Any

from django.db import migrations

from churnapp.permissions import grant_roles


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("churnapp", "0002_foundation")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
