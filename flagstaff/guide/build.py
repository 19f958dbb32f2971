"""Build the documentation site into `flagstaff/guide/site`.

    python -m flagstaff.guide.build

The command needs the extra `docs` and a checkout of the repository. Pages load nothing from other
origins and have no inline scripts, so the server can send a strict Content-Security-Policy.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flagstaff.guide.serving import SITE

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("zensical.toml")
# These files outside of `docs` also become pages of the site.
ADDED_PAGES = {"CHANGELOG.md": "changelog.md", "SECURITY.md": "vulnerabilities.md"}
# The site does not need these files. The theme's 404 page works only at the root of a server.
_REMOVED = ("404.html", "sitemap.xml", "sitemap.xml.gz", "objects.inv")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)")
_NESTED_ITEM = re.compile(r"^(?: {2})+(?=[-*] )", re.MULTILINE)
_INLINE_SCRIPT = re.compile(r"<script>(?P<code>.*?)</script>", re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class SiteError(Exception):
    """The site cannot be built, or a page breaks a rule of the site."""


def build(root: Path = ROOT, site: Path = SITE) -> None:
    """Build the site from a checkout of the repository, and replace the previous site.

    Raises:
        SiteError: the documentation has broken links, or a page would load from another origin.
    """
    with tempfile.TemporaryDirectory(prefix="flagstaff-guide-") as temporary:
        folder = Path(temporary)
        copy_sources(root, folder)
        _run_generator(folder)
        built = folder / "site"
        for name in _REMOVED:
            (built / name).unlink(missing_ok=True)
        for page in sorted(built.rglob("*.html")):
            move_scripts_to_files(page, built)
            check_page(page)
        # Renaming is atomic only within a file system.
        staged = site.with_name(f"site-{os.getpid()}")
        shutil.move(built, staged)
    shutil.rmtree(site, ignore_errors=True)
    staged.rename(site)


def copy_sources(root: Path, folder: Path) -> None:
    """Copy the generator's configuration and the pages of a checkout to a folder."""
    shutil.copy(CONFIGURATION, folder)
    docs = folder / "docs"
    shutil.copytree(root / "docs", docs)
    sources = {path: root / "docs" / path.relative_to(docs) for path in docs.rglob("*.md")}
    for name, page in ADDED_PAGES.items():
        shutil.copy(root / name, docs / page)
        sources[docs / page] = root / name
    for page, source in sources.items():
        depth = len(page.relative_to(docs).parts) - 1
        markdown = page.read_text(encoding="utf-8")
        page.write_text(page_markdown(markdown, source, root, depth), encoding="utf-8")


def page_markdown(markdown: str, source: Path, root: Path, depth: int) -> str:
    """Return the Markdown of a page that is `depth` folders below the root of the site.

    Links to pages of the site remain links. Links to other files of the repository become plain
    text. Nested items of lists are indented by four spaces.
    """

    def replace(link: re.Match[str]) -> str:
        parts = urlsplit(link["target"])
        if parts.scheme or not parts.path:
            return link[0]
        path = (source.parent / parts.path).resolve().relative_to(root.resolve())
        if path.as_posix() in ADDED_PAGES:
            page = ADDED_PAGES[path.as_posix()]
        elif path.parts[0] == "docs":
            page = path.relative_to("docs").as_posix()
        else:
            return link["text"]
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"[{link['text']}]({'../' * depth}{page}{fragment})"

    return _NESTED_ITEM.sub(lambda indent: indent[0] * 2, _LINK.sub(replace, markdown))


def move_scripts_to_files(page: Path, site: Path) -> None:
    """Replace the inline scripts of a page by files whose names depend on their content."""
    root = "../" * len(page.relative_to(site).parts[:-1])

    def replace(script: re.Match[str]) -> str:
        code = script["code"].encode()
        name = f"assets/javascripts/inline.{sha256(code).hexdigest()[:8]}.js"
        (site / name).write_bytes(code)
        return f'<script src="{root}{name}"></script>'

    page.write_text(_INLINE_SCRIPT.sub(replace, page.read_text("utf-8")), encoding="utf-8")


def check_page(page: Path) -> None:
    """Check that a page loads nothing from other origins and that its scripts are files.

    Raises:
        SiteError: the page loads from another origin, has an inline script, or refers to a missing
            file.
    """
    checker = _Checker(page)
    checker.feed(page.read_text("utf-8"))
    if checker.faults:
        raise SiteError(f"{page.name}: {'; '.join(checker.faults)}")


class _Checker(HTMLParser):
    def __init__(self, page: Path) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.faults.append("has an inline script")
        for name, value in attrs:
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has the inline script {name}")
            elif name in ("src", "href", "data") and value:
                self._check_address(tag, value)

    def _check_address(self, tag: str, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            if tag != "a" and parts.scheme != "data":
                self.faults.append(f"<{tag}> loads {address}")
        elif parts.path and not (self._page.parent / unquote(parts.path)).exists():
            self.faults.append(f"<{tag}> refers to {address}, which does not exist")


def _run_generator(folder: Path) -> None:
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if ran.returncode != 0:
        output = _COLOUR.sub("", f"{ran.stdout}{ran.stderr}").partition("Traceback")[0]
        raise SiteError(f"The generator of the site failed:\n{output or ran.stderr}")


if __name__ == "__main__":
    try:
        build()
    except SiteError as error:
        sys.exit(str(error))
