"""Serve the application below a path."""

from starlette.types import ASGIApp, Receive, Scope, Send


class BelowPath:
    """Removes a base path from the paths of requests. `outside` answers requests to other paths.

    Pages refer to each other by relative addresses, so they need not know the base path.
    """

    def __init__(self, app: ASGIApp, base_path: str, outside: ASGIApp) -> None:
        self._app = app
        self._base_path = base_path
        self._raw = base_path.encode()
        self._outside = outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        raw: bytes | None = scope.get("raw_path")
        # An encoded base path is another path, because only the decoded path would begin with it.
        is_below = path == self._base_path or path.startswith(f"{self._base_path}/")
        if not is_below or (raw is not None and not raw.startswith(self._raw)):
            await self._outside(scope, receive, send)
            return
        inner = {**scope, "path": path.removeprefix(self._base_path) or "/"}
        if raw is not None:
            inner["raw_path"] = raw.removeprefix(self._raw) or b"/"
        await self._app(inner, receive, send)
