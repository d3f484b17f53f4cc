"""Counters for limits on public endpoints."""

from __future__ import annotations

from django.db import models


class Allowance(models.Model):
    """How often a key was used in its present window. ``key`` is a hash: it names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    window_at = models.DateTimeField()
    used = models.PositiveIntegerField()
