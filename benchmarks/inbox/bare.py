"""The yardstick: a bare Django application, with a view that answers and one that commits a row."""

from __future__ import annotations

import os
import threading

import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={},
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="a bare view signs nothing",
)
_threads = threading.local()


def answer(request: HttpRequest) -> HttpResponse:
    """Read the body and answer."""
    _body = request.body
    return JsonResponse({})


def keep(request: HttpRequest) -> HttpResponse:
    """Commit the body as a row, over a connection that stays open, and answer."""
    if not hasattr(_threads, "connection"):
        _threads.connection = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
    connection: psycopg.Connection = _threads.connection
    connection.execute("INSERT INTO benchmark_kept (body) VALUES (%s)", [request.body])
    return JsonResponse({})


urlpatterns = [path("answer", answer), path("keep", keep)]
application = get_wsgi_application()
