"""The early-warning rules that an installation begins with; each can be changed or switched off."""

from typing import Any

from django.db import migrations

# key, severity, numbers
RULES: list[tuple[str, int, dict[str, int]]] = [
    ("no_use", 4, {"days": 30}),
    ("use_fell", 3, {"drop_percent": 40, "recent_weeks": 2, "base_weeks": 8, "least_weeks": 4, "least_a_week": 10}),
    ("feature_use_fell", 2, {"drop_percent": 60, "recent_weeks": 2, "base_weeks": 8, "least_weeks": 4, "least_a_week": 10}),
    ("feature_untouched", 1, {"days": 60}),
    ("release_untouched", 1, {"days": 45, "until_days": 180}),
    ("contract_ends", 3, {"days": 60, "low_percent": 50}),
    ("price_rise", 2, {"days": 60, "rise_percent": 5}),
    ("payment_failed", 3, {"days": 1}),
    ("open_complaint", 3, {"days": 7}),
    ("slow_reply", 2, {"days": 3, "window_days": 30}),
    ("bad_answer", 3, {"days": 180, "nps_at_most": 6, "csat_at_most": 2, "ces_at_most": 3}),
    ("no_contact", 2, {"days": 120}),
    ("champion_left", 4, {"days": 365}),
]


def make_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("customers", "RiskRule").objects
    for key, severity, params in RULES:
        if not rules.filter(key=key).exists():
            rules.create(key=key, severity=severity, params=params)


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_row_digest")]
    operations = [migrations.RunPython(make_rules, migrations.RunPython.noop)]
