"""Remember how each store can be reached; find the shops with doubtful rows."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_doubtful_index"),
        ("orders", "0002_doubtful_index"),
        ("ingest", "0002_due_shops"),
        ("shops", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reach",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("resume_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("turn_lease_until", models.DateTimeField(blank=True, null=True)),
                ("doubts_lease_until", models.DateTimeField(blank=True, null=True)),
                ("poked_at", models.DateTimeField(blank=True, null=True)),
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
                    models.UniqueConstraint(fields=("shop",), name="one_reach_per_shop")
                ],
            },
        ),
        *row_security.wall("ingest_reach"),
        row_security.due_shops_function(
            "ingest_doubt_shops",
            "SELECT shop_id FROM orders_order WHERE doubtful_since <= at"
            " UNION SELECT shop_id FROM catalog_product WHERE doubtful_since <= at"
            " UNION SELECT shop_id FROM catalog_variant WHERE doubtful_since <= at",
        ),
    ]
