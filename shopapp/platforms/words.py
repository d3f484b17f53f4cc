"""A platform's own words, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """What people read about a platform.

    ``left_keys``, ``left_webhooks``, ``left_app``: what only the merchant can take out of a store,
    '' where nothing is left. ``connect_again``: what to do when our keys are refused. ``leave``:
    how the merchant takes us out, where the platform's admin does that; '' where our page does.
    ``news``: what its webhooks tell, by topic. ``kinds``: its own names of what an import reads.
    ``access``: what each right that a merchant grants is for.
    """

    name: str
    connect_again: str
    left_keys: str = ""
    left_webhooks: str = ""
    left_app: str = ""
    leave: str = ""
    news: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    access: Mapping[str, str] = field(default_factory=dict)
