"""People who come through a platform's admin, and keys that expire."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Both are known by the platform's own words; expiring keys are renewed under a lease."""

    dependencies: ClassVar = [
        ("shops", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="credential",
            name="lease_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="credential",
            name="renew_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="access_lacks",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="user",
            name="platform_user",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("platform_user", ""), _negated=True),
                fields=("platform_user",),
                name="one_user_per_platform_user",
            ),
        ),
        migrations.AddField(
            model_name="remark",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        row_security.due_shops_function(
            "shops_keys_due_shops",
            "SELECT c.shop_id FROM shops_credential c JOIN shops_shop s ON s.id = c.shop_id WHERE c.renew_at <= at AND (c.lease_until IS NULL OR c.lease_until <= at) AND s.state <> 'uninstalled'",
        ),
    ]
