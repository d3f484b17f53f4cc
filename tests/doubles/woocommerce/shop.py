"""One running shop: its state, its news, its deliveries and its plugin, handed to each request."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

from tests.doubles.woocommerce.delivery import Deliveries
from tests.doubles.woocommerce.news import News
from tests.doubles.woocommerce.plugin.state import PluginState
from tests.doubles.woocommerce.profiles import Profile
from tests.doubles.woocommerce.state import State


@dataclass(slots=True)
class Shop:
    """What the handlers work on. ``home``: the address the shop calls its own, without a slash."""

    profile: Profile
    state: State
    news: News
    deliveries: Deliveries
    client: httpx.Client
    home: str
    app_url: str = ""
    plugin: PluginState | None = None
    login_required: bool = False
    plain_permalinks: bool = False
    block_checkout: bool = True
    used_nonces: set[str] = field(default_factory=set)
    """Nonces of signed requests over plain http, each good once."""
