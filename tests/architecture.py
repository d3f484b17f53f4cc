"""Small checks of the tree that no linter has; each docstring tells the accident behind it.

A check takes one file and yields a line for every offence. ``test_architecture`` runs them all.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 300
_NOT_OURS = {".git", ".venv", "node_modules", "var", "build", "staticfiles", "vendor", "fixtures"}
_SOURCE = {".py", ".js", ".mjs", ".php", ".css"}
_TEXTS = _SOURCE | {".html", ".txt", ".md", ".toml", ".json", ".yml", ".yaml", ".sh", ".mjml", ""}


@dataclass(frozen=True)
class File:
    """One file of the project: its path from the root, with forward slashes, and its text."""

    path: str
    text: str

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).parts

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


Check = Callable[[File], Iterator[str]]


def project_files() -> list[File]:
    """Return every text that people here wrote."""
    return [
        File(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(_paths(ROOT))
        if path.suffix in _TEXTS and not path.name.startswith(".DS")
    ]


def _paths(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith(".") and path.name != ".ci"
        if hidden or path.name in _NOT_OURS or path.name == "__pycache__" or path.is_symlink():
            continue
        if path.is_dir():
            yield from _paths(path)
        else:
            yield path


def imports_in_functions(file: File) -> Iterator[str]:
    """An import inside a function hid a circle between two apps; the first request of the day
    failed, hours after the deploy."""
    if file.suffix != ".py":
        return
    for function in ast.walk(file.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{file.at(node)} import inside a function"


def long_modules(file: File) -> Iterator[str]:
    """A file of 1,900 lines was where every change met every other; nobody had read all of it.
    Migrations, and scripts that are built from sources, are not read by people."""
    built = file.path.startswith("static/storefront/") or file.path.endswith(".min.js")
    if built or file.suffix not in _SOURCE or "migrations" in file.parts:
        return
    lines = file.text.count("\n")
    if lines > MAX_LINES:
        yield f"{file.path} has {lines} lines, more than {MAX_LINES}"


def swallowed_exceptions(file: File) -> Iterator[str]:
    """A bare catch-all answered "saved" for a week while nothing was. Only a loop that must go on
    catches everything, and says so in the log; or the exception goes on after a clean-up."""
    if file.suffix != ".py":
        return
    in_loops = {
        id(handler)
        for loop in ast.walk(file.tree)
        if isinstance(loop, ast.For | ast.AsyncFor | ast.While)
        for handler in ast.walk(loop)
        if isinstance(handler, ast.ExceptHandler)
    }
    for handler in ast.walk(file.tree):
        if not isinstance(handler, ast.ExceptHandler) or not _catches_everything(handler):
            continue
        logged = id(handler) in in_loops and any(map(_is_logged, ast.walk(handler)))
        if not logged and not _goes_on(handler):
            yield f"{file.at(handler)} catches everything outside a loop, or without a log line"


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in caught
    )


def _is_logged(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "exception"
    )


def _goes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def django_signals(file: File) -> Iterator[str]:
    """A save signal sent a mail for every row of an import: who calls whom could not be read."""
    if file.suffix != ".py":
        return
    for node in ast.walk(file.tree):
        for name in _imported_names(node):
            if name.startswith("django.") and re.search(r"\.signals\b|^django\.dispatch\b", name):
                yield f"{file.at(node)} imports {name}"


def _imported_names(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def blanket_excuses(file: File) -> Iterator[str]:
    """A silencing comment without a code hid a second, real mistake on the same line."""
    if file.suffix != ".py":
        return
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        blanket = r"#\s*(noqa(?!:\s*[A-Z]+\d)|type:\s*ignore(?!\[)|nosec(?!\s+B\d))"
        if token.type == tokenize.COMMENT and re.search(blanket, token.string):
            yield f"{file.path}:{token.start[0]} {token.string}: name the code"


def direct_tenant_reads(tenant_models: frozenset[str]) -> Check:
    """Return the check for these models."""

    def check(file: File) -> Iterator[str]:
        """A view fetched a row by the id in its URL: one shop's owner read another shop's cart.
        Views get rows of a shop through ``shopapp.shops.access`` alone."""
        if file.suffix != ".py" or "tests" in file.parts or not _is_view(file):
            return
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Call) and _reads_directly(node, tenant_models):
                yield f"{file.at(node)} fetches a shop's row around shopapp.shops.access"

    return check


def _is_view(file: File) -> bool:
    return "views" in file.parts or PurePosixPath(file.path).stem.endswith("views")


def _reads_directly(call: ast.Call, tenant_models: frozenset[str]) -> bool:
    name = ast.unparse(call.func)
    if name.split(".")[-1] in {"get_object_or_404", "aget_object_or_404"}:
        return True
    chain = re.match(r"(?:\w+\.)*(\w+)\.(?:objects|_base_manager|_default_manager)\b", name)
    single = name.split(".")[-1] in {"get", "aget", "in_bulk", "first", "last"}
    return bool(chain) and single and chain is not None and chain[1] in tenant_models


def tenant_models(files: Iterable[File]) -> frozenset[str]:
    """Return the names of all classes that stand, at any depth, on ``TenantModel``."""
    bases: dict[str, set[str]] = {}
    for file in files:
        if file.suffix != ".py":
            continue
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                # A double's Cart must not hide the product's.
                above = {ast.unparse(base).split(".")[-1] for base in node.bases}
                bases.setdefault(node.name, set()).update(above)
    found = {"TenantModel"}
    while new := {name for name, above in bases.items() if above & found} - found:
        found |= new
    return frozenset(found)


_INLINE = {
    "an inline script": r"<script(?![^>]*\bsrc\s*=)",
    "an inline style": r"<style\b|\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']|\shx-on\b|javascript:",
    "unescaped output": r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off",
}


def inline_code(file: File) -> Iterator[str]:
    """A product's name with a script in it ran in the merchant's admin. The content policy admits
    no inline code, and no template gives out what it did not escape."""
    if file.suffix != ".html" or "templates" not in file.parts:
        return
    for what, pattern in _INLINE.items():
        for found in re.finditer(pattern, file.text, re.IGNORECASE):
            line = file.text.count("\n", 0, found.start()) + 1
            yield f"{file.path}:{line} {what}: {found[0].strip()}"


def developers_paths(file: File) -> Iterator[str]:
    """A test passed on one machine alone: it read a file in its author's home."""
    home = r"(?<![\w.:/-])/(?:home|Users|root)/[\w.-]+/"
    own = f"{re.escape(ROOT.as_posix())}/" if len(ROOT.parts) > 2 else home
    for number, line in enumerate(file.text.splitlines(), start=1):
        if re.search(f"{home}|{own}", line):
            yield f"{file.path}:{number} names a folder of one machine"


_PLATFORM = re.compile(r"\b(shopify|woocommerce)\b", re.IGNORECASE)
_KNOW_PLATFORMS = (
    "shopapp/platforms/",
    "shopapp/install/",
    "widgets/wordpress/",
    "widgets/shopify/",
)


def branches_on_platforms(file: File) -> Iterator[str]:
    """A page asked for one platform by name; the next platform could do the same and was not asked.
    Above the connectors only the install knows them; everything else asks what a store can do."""
    if file.parts[0] not in {"recovery", "widgets", "shopapp", "templates"}:
        return
    if file.path.startswith(_KNOW_PLATFORMS):
        return
    for place, asked in _asked(file):
        if _PLATFORM.search(asked):
            yield f"{place} {asked} asks for a platform by name"


def _asked(file: File) -> Iterator[tuple[str, str]]:
    """Yield what this file decides by: a template's conditions, a module's comparisons, imports."""
    if file.suffix == ".html":
        for tag in re.findall(r"\{%-?\s*(?:el)?if\b.*?%\}", file.text):
            yield file.path, tag
    if file.suffix != ".py":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom):
            yield file.at(node), node.module or ""
        elif isinstance(node, ast.Compare):
            yield file.at(node), ast.unparse(node)
        elif isinstance(node, ast.match_case):
            yield file.at(node.pattern), ast.unparse(node.pattern)
