"""Remember that somebody was erased, without remembering who."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Keyed hashes of erased people's names, and the shop's key to them."""

    dependencies: ClassVar = [
        ("contacts", "0002_owed_to_the_store"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ErasureKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.TextField()),
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
                    models.UniqueConstraint(fields=("shop",), name="one_erasure_key_per_shop")
                ],
            },
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Customer account"),
                            ("address", "Mailbox"),
                            ("phone", "Phone"),
                            ("order", "Order"),
                        ],
                        max_length=16,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
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
                        fields=("shop", "kind", "digest"), name="each_name_erased_once"
                    )
                ],
            },
        ),
        *row_security.wall("contacts_erasurekey", "contacts_erased"),
    ]
