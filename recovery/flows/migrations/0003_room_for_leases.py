"""Leave room on the pages of runs: each claim updates its rows in place, beside their indexes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A fill factor that keeps lease updates HOT (they touch no indexed column)."""

    dependencies: ClassVar = [("flows", "0002_due_shops")]

    operations: ClassVar = [
        migrations.RunSQL(
            "ALTER TABLE flows_flowrun SET (fillfactor = 70)",
            "ALTER TABLE flows_flowrun RESET (fillfactor)",
        )
    ]
