"""Know a cart by its second name, and how the platform itself opens it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A cart and its checkout may be told apart before they are known to be one."""

    dependencies: ClassVar = [
        ("carts", "0003_page_indexes"),
        ("contacts", "0002_owed_to_the_store"),
        ("shops", "0002_platform_people"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cart",
            name="checkout_id",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="cart",
            name="recovery_url",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="cart",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Live"),
                    ("abandoned", "Abandoned"),
                    ("ordered", "Ordered"),
                    ("emptied", "Emptied"),
                    ("lost", "Lost"),
                    ("merged", "Joined with another"),
                ],
                default="open",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="cart",
            index=models.Index(
                condition=models.Q(("alias", ""), _negated=True),
                fields=["shop", "alias"],
                name="carts_by_alias",
            ),
        ),
    ]
