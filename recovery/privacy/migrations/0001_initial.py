"""Requests to see one's data, and proof of what was erased."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("shops", "0002_platform_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("request_id", models.CharField(max_length=64)),
                ("customer_id", models.CharField(blank=True, default="", max_length=64)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("phone", models.CharField(blank=True, default="", max_length=32)),
                ("order_ids", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("downloaded_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("tell_due_at", models.DateTimeField(blank=True, null=True)),
                ("tell_attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["shop", "-asked_at"], name="privacy_dat_shop_id_37dc47_idx"
                    ),
                    models.Index(
                        condition=models.Q(("tell_due_at__isnull", False)),
                        fields=["shop", "tell_due_at"],
                        name="requests_to_tell",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "request_id"), name="each_request_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
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
                        choices=[("contact", "A shopper"), ("shop", "The shop")], max_length=16
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
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
                "indexes": [
                    models.Index(fields=["shop", "-at"], name="privacy_era_shop_id_39054d_idx")
                ],
            },
        ),
        *row_security.wall("privacy_datarequest", "privacy_erasure"),
        row_security.due_shops_function(
            "privacy_request_shops",
            "SELECT DISTINCT shop_id FROM privacy_datarequest WHERE tell_due_at <= at",
        ),
    ]
