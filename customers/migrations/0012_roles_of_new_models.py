"""Models that came after the roles were last given out: bulk handovers."""

from typing import Any

from django.db import migrations

from churnapp.permissions import grant_roles


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_address_without_case")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
