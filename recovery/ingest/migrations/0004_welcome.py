"""Remember how far each connected store has been made ready, and find those that are not."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """The welcome's table, walled, and the sweep's question about it."""

    dependencies: ClassVar = [("ingest", "0003_reach"), ("shops", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Welcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("keys_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop",), name="one_welcome_per_shop")
                ],
            },
        ),
        *row_security.wall("ingest_welcome"),
        row_security.due_shops_function(
            "ingest_welcome_shops",
            "SELECT k.shop_id FROM shops_credential k JOIN shops_shop s ON s.id = k.shop_id"
            " LEFT JOIN ingest_welcome w ON w.shop_id = k.shop_id"
            " WHERE k.kind = 'api_keys' AND s.state <> 'uninstalled'"
            " AND (w.id IS NULL OR w.keys_at <> k.changed_at OR w.due_at <= at)",
        ),
    ]
