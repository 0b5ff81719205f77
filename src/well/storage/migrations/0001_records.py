"""What was read: the first tables of the data databases, each behind row security.

Invariant: written once and not changed; a later table calls `row_security.enable` again.
"""

from django.db import migrations, models

from well.storage import row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ConnectionRow",
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
                ("connector", models.TextField()),
                ("label", models.TextField()),
                ("state", models.CharField(max_length=16)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "connection",
            },
        ),
        migrations.CreateModel(
            name="DocumentRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("media_type", models.TextField()),
                ("size", models.BigIntegerField()),
                ("sealed_digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "document",
            },
        ),
        migrations.CreateModel(
            name="FlowRow",
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
                ("source", models.TextField()),
                ("target", models.TextField()),
                ("enabled", models.BooleanField()),
                ("version", models.IntegerField()),
                ("due_at", models.DateTimeField(null=True)),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "flow",
            },
        ),
        migrations.CreateModel(
            name="FlowVersion",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.TextField()),
                ("version", models.IntegerField()),
                ("saved_at", models.DateTimeField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "flow_version",
            },
        ),
        migrations.CreateModel(
            name="GrantRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "connection",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("connection", models.TextField()),
                ("body", models.BinaryField()),
                ("saved_at", models.DateTimeField()),
                ("lease_owner", models.CharField(default="", max_length=64)),
                ("lease_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "grant_sealed",
            },
        ),
        migrations.CreateModel(
            name="MarkerRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "connection",
                        "stream",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("connection", models.TextField()),
                ("stream", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "marker",
            },
        ),
        migrations.CreateModel(
            name="RecordVersion",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "id",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.CharField(max_length=36)),
                ("version", models.IntegerField()),
                ("digest", models.TextField()),
                ("deleted", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                ("parents", models.TextField(default="[]")),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "record_version",
            },
        ),
        migrations.CreateModel(
            name="SliceRow",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "flow",
                        "stream",
                        "since",
                        "until",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("flow", models.TextField()),
                ("stream", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("position", models.IntegerField()),
                ("state", models.CharField(max_length=16)),
                ("cursor", models.TextField(null=True)),
                ("rows", models.IntegerField()),
            ],
            options={
                "db_table": "slice",
            },
        ),
        migrations.CreateModel(
            name="WorkspaceKey",
            fields=[
                (
                    "workspace_id",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("wrapped", models.BinaryField()),
            ],
            options={
                "db_table": "workspace_key",
            },
        ),
        migrations.CreateModel(
            name="AttachmentLink",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "parent",
                        "attachment",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("parent", models.CharField(max_length=36)),
                ("attachment", models.CharField(max_length=36)),
            ],
            options={
                "db_table": "attachment_link",
                "indexes": [
                    models.Index(fields=["workspace_id", "attachment"], name="link_attachment")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                ("workspace_id", models.CharField(max_length=64)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "record",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record", models.CharField(max_length=36)),
                ("digest", models.CharField(max_length=64)),
                ("name", models.TextField()),
                ("attachment", models.TextField()),
            ],
            options={
                "db_table": "document_file",
                "indexes": [models.Index(fields=["workspace_id", "digest"], name="file_digest")],
            },
        ),
        migrations.CreateModel(
            name="RecordRow",
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
                ("connection", models.TextField()),
                ("stream", models.TextField()),
                ("source_id", models.TextField()),
                ("kind", models.CharField(max_length=32)),
                ("digest", models.TextField()),
                ("version", models.IntegerField()),
                ("deleted", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                ("parents", models.TextField(default="[]")),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "source_record",
                "indexes": [
                    models.Index(
                        fields=["workspace_id", "connection", "stream"], name="record_stream"
                    )
                ],
            },
        ),
        migrations.RunPython(row_security.enable, row_security.keep),
    ]
