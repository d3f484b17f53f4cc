"""Discounts and their single-use codes."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("carts", "0004_second_names"),
        ("shops", "0002_platform_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Discount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("percent", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("decimals", models.PositiveSmallIntegerField(default=2)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("platform_id", models.CharField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "Being made in the store"),
                            ("ready", "Ready"),
                            ("refused", "Refused by the store"),
                            ("ended", "Ended"),
                        ],
                        default="wanted",
                        max_length=16,
                    ),
                ),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("pool", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("barren", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "Wanted"),
                            ("asked", "Asked for"),
                            ("ready", "Ready"),
                            ("failed", "Refused by the store"),
                            ("given", "Given"),
                        ],
                        default="wanted",
                        max_length=16,
                    ),
                ),
                ("batch_id", models.CharField(blank=True, default="", max_length=64)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "cart",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="carts.cart",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "discount",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="offers.discount",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="discount",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["shop", "due_at"],
                name="discounts_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="discount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_minor__isnull", True), ("percent__isnull", False)),
                    models.Q(("amount_minor__isnull", False), ("percent__isnull", True)),
                    _connector="OR",
                ),
                name="a_share_or_an_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="code",
            index=models.Index(
                fields=["shop", "discount", "state"], name="offers_code_shop_id_60f9ca_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="code",
            constraint=models.UniqueConstraint(fields=("shop", "code"), name="each_code_once"),
        ),
        migrations.AddConstraint(
            model_name="code",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message_id__isnull", False)),
                fields=("shop", "message_id"),
                name="one_code_per_message",
            ),
        ),
        *row_security.wall("offers_discount", "offers_code"),
        row_security.due_shops_function(
            "offers_code_shops",
            "SELECT DISTINCT shop_id FROM offers_discount WHERE due_at <= at",
        ),
    ]
