"""What the doubles sell and to whom, and how they look, apart from the platform that they play."""

from __future__ import annotations

from pathlib import Path

THEME = Path(__file__).parent / "store.css"
"""The style sheet of every double's storefront."""
