"""What is made of the records: tables of the data databases, each behind row security.

Invariant: written once and not changed; a later table calls `row_security.enable` again.
"""

from django.db import migrations, models

from well.storage import row_security


class Migration(migrations.Migration):
    dependencies = [("storage", "0001_records")]

    operations = [
        migrations.CreateModel(
            name="JudgementRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "case",
                        "at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("case", models.CharField(max_length=36)),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("verdict", models.CharField(max_length=16)),
                ("entry", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "judgement",
            },
        ),
        migrations.CreateModel(
            name="TrailHead",
            fields=[
                (
                    "workspace_id",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("seq", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "trail_head",
            },
        ),
        migrations.CreateModel(
            name="BlockKeyRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "space",
                        "key",
                        "target",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("space", models.TextField()),
                ("key", models.CharField(max_length=32)),
                ("target", models.TextField()),
            ],
            options={
                "db_table": "block_key",
                "indexes": [
                    models.Index(fields=["workspace_id", "space", "target"], name="key_target")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.CharField(max_length=36)),
                ("flow", models.TextField()),
                ("record", models.CharField(max_length=36)),
                ("connection", models.TextField()),
                ("stream", models.TextField()),
                ("source_id", models.TextField()),
                ("kind", models.CharField(max_length=32)),
                ("version", models.IntegerField()),
                ("state", models.CharField(max_length=16)),
                ("step", models.CharField(max_length=16)),
                ("reason", models.TextField()),
                ("failure", models.TextField()),
                ("by", models.TextField()),
                ("confidence", models.FloatField()),
                ("outcome", models.CharField(max_length=16)),
                ("number", models.TextField()),
                ("supplier", models.TextField()),
                ("issue_date", models.DateField(null=True)),
                ("sort_date", models.DateField()),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("credit_note", models.BooleanField()),
                ("entry", models.TextField()),
                ("counterparty", models.TextField()),
                ("document", models.CharField(max_length=64)),
                ("duplicate_key", models.TextField()),
                ("updated_at", models.DateTimeField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "case_row",
                "indexes": [
                    models.Index(fields=["workspace_id", "flow", "record"], name="case_record"),
                    models.Index(
                        fields=["workspace_id", "flow", "state", "step", "-sort_date"],
                        name="case_line",
                    ),
                    models.Index(
                        fields=["workspace_id", "flow", "state", "-confidence", "id"],
                        name="case_sure",
                    ),
                    models.Index(
                        fields=["workspace_id", "flow", "state", "-updated_at", "id"],
                        name="case_recent",
                    ),
                    models.Index(fields=["workspace_id", "flow", "entry"], name="case_entry"),
                    models.Index(
                        fields=["workspace_id", "flow", "duplicate_key"], name="case_like"
                    ),
                    models.Index(fields=["workspace_id", "counterparty"], name="case_party"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "connection",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("connection", models.TextField()),
                ("id", models.TextField()),
                ("file_name", models.TextField()),
                ("status", models.TextField()),
                ("number", models.TextField()),
                ("supplier", models.TextField()),
                ("issue_date", models.DateField(null=True)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("link", models.TextField()),
                ("updated_at", models.DateTimeField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "target_entry",
                "indexes": [
                    models.Index(
                        fields=["workspace_id", "connection", "number"], name="entry_number"
                    ),
                    models.Index(
                        fields=["workspace_id", "connection", "supplier"], name="entry_supplier"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.TextField()),
                ("name", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "counterparty",
                "indexes": [models.Index(fields=["workspace_id", "name"], name="party_name")],
            },
        ),
        migrations.CreateModel(
            name="PostingRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.CharField(max_length=36)),
                ("case", models.CharField(max_length=36)),
                ("flow", models.TextField()),
                ("target", models.TextField()),
                ("state", models.CharField(max_length=16)),
                ("priority", models.FloatField()),
                ("file_name", models.TextField()),
                ("planned_at", models.DateTimeField()),
                ("not_before", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField()),
                ("entry", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "posting",
                "indexes": [
                    models.Index(
                        fields=["workspace_id", "flow", "state", "-priority", "id"],
                        name="posting_due",
                    ),
                    models.Index(fields=["workspace_id", "case"], name="posting_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrailRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor", models.TextField()),
                ("verb", models.TextField()),
                ("subject", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "trail",
                "indexes": [
                    models.Index(fields=["workspace_id", "subject", "seq"], name="trail_subject")
                ],
            },
        ),
        migrations.RunPython(row_security.enable, row_security.keep),
    ]
