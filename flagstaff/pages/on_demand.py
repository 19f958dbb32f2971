"""Build the application for pages at its first request."""

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send


class PagesOnDemand:
    """The application of `flagstaff.pages.app`, built when the first page is requested.

    Importing FastAPI takes 0.1 seconds and 8 MB, and most servers get requests only from SDKs.
    """

    def __init__(self, *, docs: bool, demo: bool, console: bool) -> None:
        self._docs = docs
        self._console = console
        self._demo = demo
        self._app: ASGIApp | None = None
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. The first request waits for the import, which runs in a thread."""
        if self._app is None:
            async with self._building:
                if self._app is None:
                    self._app = await asyncio.to_thread(self._build)
        await self._app(scope, receive, send)

    def _build(self) -> ASGIApp:
        from flagstaff.pages.app import pages

        return pages(docs=self._docs, demo=self._demo, console=self._console)
