"""Pages of the documentation site beside docs/: README and its like, the reference of the commands (an mkdocs hook)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parent.parent
#: Files of the project that are pages of the site too.
PAGES = {
    "README.md": "index.md",
    "ansible/README.md": "collection.md",
    "bench/README.md": "bench.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "SECURITY.md": "security.md",
}
#: A link's target, but for addresses and places on the same page.
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand elsewhere, and those that are made."""
    for source, page in PAGES.items():
        path = ROOT / source
        if path.is_file():
            files.append(File.generated(config, page, content=_linked(path.read_text(encoding="utf-8"), source)))
    files.append(File.generated(config, "reference/commands.md", content="\n".join(_commands())))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - mkdocs names them
    """Turn links out of docs/ into links to the site's pages, or into plain names of files."""
    if page.file.src_uri in PAGES.values() or page.file.src_uri == "reference/commands.md":
        return markdown
    return _linked(markdown, f"docs/{page.file.src_uri}")


def _linked(text: str, source: str) -> str:
    """Return a file's text with its links as the site has them; a link to a file that is no page becomes its name."""
    here = (ROOT / source).parent
    page = PAGES.get(source) or source.removeprefix("docs/")
    up = "../" * page.count("/")

    def there(match: re.Match[str]) -> str:
        target = (here / match[1]).resolve()
        if not target.exists() or not target.is_relative_to(ROOT):
            return match[0]  # mkdocs says that it is broken
        name = target.relative_to(ROOT).as_posix()
        if name in PAGES:
            return f"]({up}{PAGES[name]}{match[2] or ''})"
        if name.startswith("docs/") and target.is_file():
            return f"]({up}{name.removeprefix('docs/')}{match[2] or ''})"
        return f'](# "{name}")'

    return LINK.sub(there, text)


def _commands() -> Iterator[str]:
    """Yield the lines of the reference of the commands, from the command tree itself."""
    import typer.main  # noqa: PLC0415 - only the site needs the command tree

    from psnet.cli.app import app  # noqa: PLC0415

    yield "# Commands"
    yield ""
    yield "Made from the command tree: what `psnet COMMAND --help` says."
    yield from _command(typer.main.get_command(app), ("psnet",))


def _command(command: Any, path: tuple[str, ...]) -> Iterator[str]:
    children = getattr(command, "commands", None)
    if len(path) > 1:
        yield from ("", f"{'#' * min(len(path), 4)} {' '.join(path)}", "", _plain(command.help))
    if children:
        for name, child in children.items():
            if not child.hidden:
                yield from _command(child, (*path, name))
        return
    parameters = [one for one in command.params if not one.hidden and one.name != "help"]
    if parameters:
        yield from ("", "| parameter | says |", "|---|---|")
    for one in parameters:
        names = [*one.opts, *one.secondary_opts] if one.opts[0].startswith("-") else [one.metavar or one.name.upper()]
        yield f"| `{'`, `'.join(names)}` | {_plain(one.help).replace('|', chr(92) + '|').replace(chr(10), ' ')} |"


def _plain(text: str | None) -> str:
    """Return a help text without rich's marks, for Markdown."""
    bare = re.sub(r"\[/?(?:bold|italic|dim|cyan|green|red|yellow)?\]", "", text or "")
    return bare.replace("<", "&lt;").replace("{", "&#123;")
