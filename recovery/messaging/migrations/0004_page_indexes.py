"""Open Messages, Flows and Results quickly for shops with very many messages."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """With 120,000 messages each tab's count and each flow's figures read the whole table."""

    atomic = False

    dependencies: ClassVar = [("messaging", "0003_asked_for_over_all_shops")]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(fields=["shop", "state", "-created_at"], name="messages_by_state"),
        ),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["shop", "flow_id", "step_key", "sent_at"],
                name="messages_sent_by_flows",
                condition=models.Q(kind="flow", state__in=["sent", "unknown"]),
            ),
        ),
        AddIndexConcurrently(
            model_name="click",
            index=models.Index(
                fields=["shop", "counted_at"],
                include=["link"],
                name="clicks_counted",
                condition=models.Q(counted_at__isnull=False),
            ),
        ),
    ]
