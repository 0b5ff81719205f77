"""What flows learn and what is checked afterwards, each table behind row security.

Invariant: written once and not changed; a later table calls `row_security.enable` again.
"""

from django.db import migrations, models

from well.storage import row_security


def _key(field: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        "workspace_id", field, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_work")]

    operations = [
        migrations.AddField("judgementrow", "flow", models.TextField(default="")),
        migrations.AddField("judgementrow", "agreed", models.BooleanField(null=True)),
        migrations.AddIndex(
            "judgementrow", models.Index(fields=["workspace_id", "flow", "at"], name="judged_at")
        ),
        migrations.CreateModel(
            name="FlowMemoryRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                ("pk", _key("flow")),
                ("flow", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={"db_table": "flow_memory"},
        ),
        migrations.CreateModel(
            name="SpotCheckRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                ("pk", _key("case")),
                ("case", models.CharField(max_length=36)),
                ("flow", models.TextField()),
                ("record", models.CharField(max_length=36)),
                ("confidence", models.FloatField()),
                ("weight", models.FloatField()),
                ("chosen_at", models.DateTimeField()),
                ("right", models.BooleanField(null=True)),
                ("by", models.TextField()),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "spot_check",
                "indexes": [
                    models.Index(fields=["workspace_id", "flow", "answered_at"], name="checked_at")
                ],
            },
        ),
        migrations.RunPython(row_security.enable, row_security.keep),
    ]
