"""Wake a worker once the present transaction is committed.

The broker only wakes workers: the database row is the truth, and a sweep finds what was not woken.
"""

from __future__ import annotations

import functools
import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task_name: str, *ids: int | str) -> None:
    """Send the named task with ids after the commit; a broker that is away is only logged."""
    transaction.on_commit(functools.partial(_send, task_name, ids))


def _send(task_name: str, ids: tuple[int | str, ...]) -> None:
    try:
        current_app.send_task(task_name, args=ids)
    except (OperationalError, OSError) as error:
        logger.warning("broker is away", extra={"task": task_name, "error": type(error).__name__})
