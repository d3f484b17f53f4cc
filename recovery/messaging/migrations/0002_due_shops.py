"""Let the sweep find shops with due messages."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from shopapp.shops import row_security


class Migration(migrations.Migration):
    """Functions that tell a sweep which shops have due rows, and nothing else."""

    dependencies: ClassVar = [("messaging", "0001_initial")]

    operations: ClassVar = [
        row_security.due_shops_function(
            "messaging_due_shops",
            "SELECT DISTINCT shop_id FROM messaging_message"
            " WHERE state IN ('queued', 'prepared', 'handing_over') AND due_at <= at",
        ),
    ]
