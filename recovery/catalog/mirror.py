"""Keep rows equal to the store's own things, whatever order its news arrives in.

News is ordered by the platform's own moment of change. Two different contents of one moment are
settled by their hash, so that every order of arrival ends in the same row, and the row is marked
doubtful: then the store is asked, and its answer stands (`settle`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

from recovery.catalog.models import Mirrored
from shopapp.shops.models import Shop

Row = TypeVar("Row", bound=Mirrored)


@dataclass(frozen=True, slots=True)
class News:
    """One state of one thing: its fields as columns, and the moment the platform gives it.

    ``aside``: columns that change without the platform's moment of change, or that not every source
    tells. They settle nothing, and are taken over with newer news and from each reading.
    """

    platform_id: str
    changed_at: datetime
    values: Mapping[str, Any]
    aside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content, the same for equal content.

        A store writes its own addresses with the scheme it was just asked by: that is no change.
        """
        text = json.dumps(self.values, sort_keys=True, default=str)
        bare = text.replace("https://", "//").replace("http://", "//")
        return hashlib.sha256(bare.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """A doubtful row as it stood when the store was asked about it."""

    platform_id: str
    changed_at: datetime
    content_hash: str
    doubtful_since: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a piece of news does to a row."""

    written: bool
    doubtful: bool


def judge(row: Mirrored | None, *, changed_at: datetime, digest: str, read: bool) -> Verdict:
    """Return what this news does to the row. ``read``: the store itself said so just now."""
    if row is None:
        return Verdict(written=True, doubtful=False)
    gone = row.vanished_at is not None
    if changed_at > row.changed_at:
        return Verdict(written=True, doubtful=gone)
    if changed_at < row.changed_at:
        # Late news is no reason to doubt; the store itself contradicting us is.
        return Verdict(written=False, doubtful=read)
    if digest == row.content_hash:
        return Verdict(written=False, doubtful=gone)
    return Verdict(written=digest > row.content_hash, doubtful=True)


def record(
    model: type[Row], shop: Shop, news: News, *, at: datetime, read: bool = False
) -> tuple[Row, bool]:
    """Return the row and whether this news changed it; safe to call twice. Needs the scope."""
    row = _locked(model, news.platform_id)
    if row is None:
        fresh = _inserted(model, shop, news)
        if fresh is not None:
            return fresh, True
        row = _rows(model).select_for_update().get(platform_id=news.platform_id)
    verdict = judge(row, changed_at=news.changed_at, digest=news.digest, read=read)
    if verdict.written:
        _write(row, news)
    taken = read and not verdict.written and _take_aside(row, news)
    if verdict.doubtful:
        row.doubtful_since = at
    if verdict.written or verdict.doubtful or taken:
        row.save()
    return row, verdict.written or taken


def doubt(model: type[Row], platform_id: str, *, at: datetime) -> bool:
    """Mark the row, so that the store is asked about it; say whether there is one."""
    return _rows(model).filter(platform_id=platform_id).update(doubtful_since=at) == 1


def questions(model: type[Row], *, at: datetime, limit: int) -> list[Question]:
    """Return the doubtful rows to ask the store about, the longest doubted first."""
    found = (
        _rows(model)
        .filter(doubtful_since__lte=at)
        .order_by("doubtful_since", "pk")
        .values_list("platform_id", "changed_at", "content_hash", "doubtful_since")
    )
    return [Question(*row) for row in found[:limit]]


def settle(
    model: type[Row], question: Question, answer: News | None, *, at: datetime
) -> Row | None:
    """Let the store's answer stand (None: it has no such thing) and return the row.

    Returns None when the row moved on while the store was asked: its doubt remains.
    """
    row = _locked(model, question.platform_id)
    if row is None or _asked(row) != question:
        return None
    if answer is None:
        row.vanished_at = row.vanished_at or at
    else:
        _write(row, answer)
    row.doubtful_since = None
    row.save()
    return row


def _rows(model: type[Row]) -> models.QuerySet[Row]:
    rows: models.QuerySet[Row] = model.objects.all()
    return rows


def _locked(model: type[Row], platform_id: str) -> Row | None:
    return _rows(model).select_for_update().filter(platform_id=platform_id).first()


def _inserted(model: type[Row], shop: Shop, news: News) -> Row | None:
    """Return the new row, None when another worker was faster."""
    row = model(shop=shop, platform_id=news.platform_id)
    _write(row, news)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def _write(row: Mirrored, news: News) -> None:
    row.changed_at = news.changed_at
    row.content_hash = news.digest
    row.vanished_at = None
    for name, value in news.values.items():
        setattr(row, name, value)
    _take_aside(row, news)


def _take_aside(row: Mirrored, news: News) -> bool:
    """Write what is told aside; say whether it was news."""
    changed = {name: value for name, value in news.aside.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _asked(row: Mirrored) -> Question | None:
    if row.doubtful_since is None:
        return None
    return Question(row.platform_id, row.changed_at, row.content_hash, row.doubtful_since)
