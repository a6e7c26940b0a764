"""Who may do what with mail, surveys, invitations and answers."""

from typing import Any

from django.db import migrations

from churnapp.permissions import grant_roles


def grant(apps: Any, schema_editor: Any) -> None:
    grant_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_initial"),
        ("customers", "0015_rules_of_sending"),
        ("churnapp", "0005_organisation_may_be_nameless"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
