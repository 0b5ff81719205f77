"""Registrations of this installation with authorization servers.

Invariant: written once and not changed; it moves no existing row.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ClientRegistration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.TextField()),
                ("redirect_uri", models.TextField()),
                ("client_id", models.TextField()),
                ("registered_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "db_table": "client_registration",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "redirect_uri"), name="one_registration"
                    )
                ],
            },
        ),
    ]
