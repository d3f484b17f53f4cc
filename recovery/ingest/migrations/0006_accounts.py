"""Write down which customer accounts have to be asked about; find the shops that have some."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """A big shop's missing accounts are asked about in slices, not in one request."""

    dependencies: ClassVar = [
        ("ingest", "0005_one_door_for_all"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("doubtful_since", models.DateTimeField(blank=True, null=True)),
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
                    models.UniqueConstraint(
                        fields=("shop", "customer_id"), name="one_account_per_id"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("doubtful_since__isnull", False)),
                        fields=["shop", "doubtful_since"],
                        name="doubtful_accounts",
                    )
                ],
            },
        ),
        *row_security.wall("ingest_account"),
        row_security.due_shops_function(
            "ingest_account_shops",
            "SELECT DISTINCT shop_id FROM ingest_account WHERE doubtful_since <= at",
        ),
    ]
