"""Serve the documentation site at `/guide`."""

import asyncio
from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from graph.engine.http.assets import MEDIA_TYPES, PAGE_POLICY, SAFETY_HEADERS
from rest_compat.http.conditional import names_etag

GUIDE_PATH = "/guide"
SITE = Path(__file__).parent / "site"
_PAGE = "index.html"
_NOT_BUILT = (
    "The guide is not built. Run `make docs` in a checkout of Flagstaff, and restart the server."
)
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": PAGE_POLICY,
    **SAFETY_HEADERS,
}
_ERROR_HEADERS = {"Cache-Control": "no-store", **SAFETY_HEADERS}


class Guide:
    """Serves the files of a folder.

    The files are listed once, so that no request path can leave the folder.

    Pages refer to each other by relative addresses, so that a proxy may add any prefix.
    """

    def __init__(self, site: Path = SITE) -> None:
        files = (path for path in site.rglob("*") if path.is_file())
        self._files = {path.relative_to(site).as_posix(): path for path in files}

    @property
    def is_built(self) -> bool:
        """Whether the site has been built."""
        return _PAGE in self._files

    async def respond(self, request: Request) -> Response:
        """Answer a GET for `/guide` or a path below it."""
        path: str = request.scope["path"]
        if not self.is_built:
            return PlainTextResponse(_NOT_BUILT, 404, _ERROR_HEADERS)
        if path == GUIDE_PATH:
            # The address is relative, because a proxy may serve the guide below a prefix.
            return Response(status_code=307, headers={**_ERROR_HEADERS, "Location": "guide/"})
        name = path.removeprefix(f"{GUIDE_PATH}/")
        if not name or name.endswith("/"):
            name += _PAGE
        content = await self._read(name)
        if content is None:
            return PlainTextResponse("The guide has no such page.", 404, _ERROR_HEADERS)
        headers = {**_HEADERS, "ETag": f'"{blake2b(content, digest_size=16).hexdigest()}"'}
        if names_etag(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        media_type = MEDIA_TYPES.get(Path(name).suffix, "application/octet-stream")
        return Response(content, headers=headers, media_type=media_type)

    async def _read(self, name: str) -> bytes | None:
        file = self._files.get(name)
        if file is None:
            return None
        try:
            return await asyncio.to_thread(file.read_bytes)
        except FileNotFoundError:  # a new build has replaced the site
            return None
