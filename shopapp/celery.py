"""The Celery application: it wakes workers; the database stays the truth."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from shopapp.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopapp.settings")

app = Celery("rebasket")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# For every thread: a web server's threads know no other way to it (see kit.later).
app.set_default()


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_production(**_: object) -> None:
    refuse_unsafe_production()
