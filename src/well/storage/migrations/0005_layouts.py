"""Learned layouts, behind row security.

Invariant: written once and not changed; a later table calls `row_security.enable` again.
"""

from django.db import migrations, models

from well.storage import row_security


class Migration(migrations.Migration):
    dependencies = [("storage", "0004_rules")]

    operations = [
        migrations.CreateModel(
            name="LayoutRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "case",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("case", models.CharField(max_length=36)),
                ("flow", models.TextField()),
                ("at", models.DateTimeField()),
                ("learned", models.BooleanField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "layout",
                "indexes": [
                    models.Index(fields=["workspace_id", "learned", "flow", "at"], name="layout_at")
                ],
            },
        ),
        migrations.RunPython(row_security.enable, row_security.keep),
    ]
