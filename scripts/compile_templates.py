"""Compile every template of the project, so that a broken tag stops the build, not a merchant."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent


def template_names() -> list[str]:
    """Return the names of the project's own Django templates (MJML and Liquid have their own)."""
    folders = [ROOT / "templates", *ROOT.glob("recovery/*/templates"), *ROOT.glob("*/templates")]
    folders += ROOT.glob("shopapp/*/templates")
    found = {
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in {".html", ".txt", ".svg"}
    }
    return sorted(found)


def broken_templates() -> list[str]:
    """Return a line for each template that does not compile."""
    broken = []
    for name in template_names():
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            broken.append(f"{name}: {error}")
    return broken


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopapp.settings")
    django.setup()
    lines = broken_templates()
    print("\n".join([*lines, f"{len(template_names())} templates, {len(lines)} broken."]))
    sys.exit(bool(lines))
