"""The one row of the rules of sending."""

from typing import Any

from django.db import migrations


def make_rules(apps: Any, schema_editor: Any) -> None:
    apps.get_model("customers", "SendingRate").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_outbox")]
    operations = [migrations.RunPython(make_rules, migrations.RunPython.noop)]
