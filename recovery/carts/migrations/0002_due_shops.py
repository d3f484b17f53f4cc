"""Let the sweeps find shops with quiet carts."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Functions that tell a sweep which shops have due rows, and nothing else."""

    dependencies: ClassVar = [("carts", "0001_initial")]

    operations: ClassVar = [
        row_security.due_shops_function(
            "carts_quiet_shops",
            "SELECT DISTINCT shop_id FROM carts_cart"
            " WHERE state = 'open' AND changed_at <= at - interval '5 minutes'"
            " OR state = 'abandoned' AND abandoned_at <= at - interval '30 days'",
        ),
        row_security.due_shops_function(
            "carts_unconsidered_shops",
            "SELECT DISTINCT shop_id FROM carts_cart"
            " WHERE state = 'abandoned' AND considered_at IS NULL AND abandoned_at <= at",
        ),
    ]
