"""One more rule to begin with: who used to answer surveys and does not any more."""

from typing import Any

from django.db import migrations


def add_rule(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("customers", "RiskRule").objects
    if not rules.filter(key="fell_silent").exists():
        params = {"least": 3, "days": 14, "until_days": 180}
        rules.create(key="fell_silent", severity=2, params=params)


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_refused_handovers")]
    operations = [migrations.RunPython(add_rule, migrations.RunPython.noop)]
