"""Cut from Shopify's Admin schema what our operations need, and write down the access it asks for.

    python -m scripts.cut_shopify_schema                  takes the npm package @shopify/dev-mcp
    python -m scripts.cut_shopify_schema schema.json[.gz] takes an introspection with its access
    python -m scripts.cut_shopify_schema schema.graphql   takes a schema's text; access stays as is

Needs npm for the first; nothing of the package is run or installed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema, build_schema, parse

from scripts.schema_cut import cut, field_coordinates
from shopapp.platforms.shopify import graph

PACKAGE = "@shopify/dev-mcp@1.16.0"
SHA512 = "tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw=="
MEMBER = "package/dist/data/admin_2026-10.json.gz"
FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "shopify"
CUT = FIXTURES / "admin-2026-10.cut.graphql"
ACCESS = FIXTURES / "admin-2026-10.access.json"
_TOPICS = "WebhookSubscriptionTopic"
_SCOPE = re.compile(r"\b(?:read|write)_[a-z_]+\b")


class BadPackage(Exception):
    """What npm handed out is not the package that we know."""


def main(arguments: list[str]) -> int:
    """Write the cut, and the access where the source tells it; return the exit status."""
    introspection, schema = _source(Path(arguments[0])) if arguments else _read(_from_npm())
    document = parse("\n".join(graph.operation(name).text for name in graph.names()))
    CUT.write_text(cut(schema, document, keep=(_TOPICS,)), encoding="utf-8")
    if introspection is not None:
        access = _access(introspection, field_coordinates(schema, document))
        ACCESS.write_text(json.dumps(access, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{CUT.name}: {len(CUT.read_text(encoding='utf-8').splitlines())} lines")
    return 0


def _source(path: Path) -> tuple[dict[str, Any] | None, GraphQLSchema]:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    if ".graphql" in path.name:
        return None, build_schema(text.decode(), assume_valid=True)
    return _read(text)


def _read(text: bytes) -> tuple[dict[str, Any], GraphQLSchema]:
    introspection = json.loads(text)["data"]
    return introspection, build_client_schema(introspection, assume_valid=True)


def _from_npm() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", PACKAGE, "--ignore-scripts", "--silent"], cwd=folder, check=True
        )
        (archive,) = Path(folder).glob("*.tgz")
        raw = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(raw).digest()).decode() != SHA512:
        raise BadPackage(f"{PACKAGE} is not what it was")
    with tarfile.open(fileobj=io.BytesIO(raw)) as package:
        member = package.extractfile(MEMBER)
        if member is None:
            raise BadPackage(f"{PACKAGE} has no {MEMBER}")
        return gzip.decompress(member.read())


def _access(introspection: dict[str, Any], used: set[str]) -> dict[str, dict[str, Any]]:
    """Return Shopify's own words on who may ask for the types and fields that we use, and the
    scopes (one of them is enough) of each webhook topic."""
    kinds = {kind["name"]: kind for kind in introspection["__schema"]["types"]}
    fields = {
        f"{kind['name']}.{field['name']}": field.get("requiredAccess")
        for kind in kinds.values()
        for field in kind["fields"] or ()
    }
    return {
        "types": {
            name: kinds[name]["requiredAccess"].strip()
            for name in {coordinate.partition(".")[0] for coordinate in used}
            if kinds[name].get("requiredAccess")
        },
        "fields": {name: fields[name].strip() for name in used if fields.get(name)},
        "topics": {
            value["name"]: _SCOPE.findall(value["description"].partition("Requires")[2])
            for value in kinds[_TOPICS]["enumValues"]
        },
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
