"""Read all pages of an Unleash server's admin API that show its configuration."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, cast
from urllib.parse import quote

from msgspec import Struct

from flagstaff.unleash_server.client import ApiClient
from flagstaff.unleash_server.errors import ServerReadError
from flagstaff.unleash_server.spool import Spool
from store.operations.strings import display
from store.transfer.unleash.server_answers import (
    Answer,
    ServedConfiguration,
    ServedToggle,
    state_of_answers,
    toggle_of_3x,
)

_ADMIN = "/api/admin"
_VERSION = re.compile(r"(\d+)\.(\d+)")
# Earlier servers have one environment, and do not show tokens.
_FIRST_WITH_ENVIRONMENTS = (4, 19)
# Later servers have the search for toggles, which shows archived toggles, too.
_FIRST_WITH_SEARCH = (6, 0)
_NEWEST = (8, 2)
_OLDEST = (3, 17)
_PAGE = 100
# Unleash 3.x shows projects only in its state export.
_PROJECTS_OF_3X = "/state/export?featureToggles=false&strategies=false&tags=false&projects=true"


class Progress(Protocol):
    """Receives the progress of reading toggles."""

    def begin(self, count: int) -> None:
        """Announce the number of toggles."""
        ...

    def advance(self) -> None:
        """Report one completed toggle."""
        ...


class ServerAnswers(Struct, frozen=True):
    """What a server shows. `state` is a state document with this number of `toggles`.

    `tokens` is None if the token may not read API tokens. `applications` is the number of
    applications.
    """

    version: str
    state: dict[str, Any]
    toggles: int
    tokens: Sequence[Answer] | None
    applications: int


class ServerReader:
    """Reads a server. Answers go into the spool, except those with secrets."""

    def __init__(self, client: ApiClient, spool: Spool, progress: Progress) -> None:
        self._client = client
        self._spool = spool
        self._progress = progress

    def read(self) -> ServerAnswers:
        """Read everything.

        Raises: ServerReadError: also for a version of Unleash that is not supported.
        """
        try:
            return self._read()
        except (AttributeError, KeyError, TypeError) as error:
            raise ServerReadError(
                f"{self._client.url} answers in another form than Unleash servers ({error!r})."
            ) from error

    def _read(self) -> ServerAnswers:
        version, numbers = self._version()
        has_environments = numbers >= _FIRST_WITH_ENVIRONMENTS
        projects = "/projects" if has_environments else _PROJECTS_OF_3X
        sections = {
            "projects": self._list(projects, "projects"),
            "strategies": [
                strategy
                for strategy in self._list("/strategies", "strategies")
                if strategy.get("editable")
            ],
            "tagTypes": self._list("/tag-types", "tagTypes"),
            "tags": self._list("/tags", "tags"),
        }
        if has_environments:
            sections["environments"] = self._list("/environments", "environments")
            # Some editions of Unleash 4.x have no segments.
            sections["segments"] = self._list("/segments", "segments", optional=True)
        context_fields = self._list("/context", None)
        if numbers >= _FIRST_WITH_SEARCH:
            toggles = list(self._found_toggles())
        elif has_environments:
            toggles = list(self._toggles(sections["environments"]))
        else:
            toggles = list(self._toggles_of_3x())
        configuration = ServedConfiguration(sections, context_fields, toggles)
        return ServerAnswers(
            version,
            state_of_answers(configuration),
            len(toggles),
            self._tokens() if has_environments else (),
            len(self._list("/metrics/applications", "applications", optional=True)),
        )

    def _version(self) -> tuple[str, tuple[int, int]]:
        """Return the version as the server writes it, and the first two numbers.

        Raises: ServerReadError: the version is not supported.
        """
        body = self._get("/ui-config")
        version = cast("dict[str, Any]", body).get("version") if isinstance(body, dict) else None
        found = _VERSION.match(version) if isinstance(version, str) else None
        if found is None:
            raise ServerReadError(
                f"{self._client.url} is not an Unleash server: it does not say its version."
            )
        numbers = (int(found[1]), int(found[2]))
        if not _OLDEST <= numbers <= _NEWEST or (4, 0) <= numbers < _FIRST_WITH_ENVIRONMENTS:
            raise ServerReadError(
                f"The server runs Unleash {display(str(version))}; the versions 3.17 and 4.19 to "
                f"8.2 are supported. Import its state export ({self._client.url}{_ADMIN}"
                "/state/export) or its database instead."
            )
        return str(version), numbers

    def _toggles(self, environments: Sequence[Answer]) -> Iterator[ServedToggle]:
        """Yield the toggles of Unleash 4.x and 5.x, whose lists show no environments and tags."""
        live = self._list("/features", "features")
        names = [{"name": environment["name"]} for environment in environments]
        archived = [
            {**entry, "environments": names}
            for entry in self._list("/archive/features", "features")
        ]
        return self._in_detail(live, archived, self._tags)

    def _found_toggles(self) -> Iterator[ServedToggle]:
        live, archived = self._search(""), self._search("archived=IS:true&")
        return self._in_detail(live, archived, lambda entry: entry.get("tags") or ())

    def _in_detail(
        self,
        live: Sequence[Answer],
        archived: Sequence[Answer],
        tags_of: Callable[[Answer], Sequence[Answer]],
    ) -> Iterator[ServedToggle]:
        self._progress.begin(len(live) + len(archived))
        for entry in live:
            feature = self._get(
                f"{_path_of(entry)}?variantEnvironments=true",
                optional=True,
            )
            self._progress.advance()
            # Somebody may have deleted or archived the toggle in the meantime.
            if feature is not None:
                fields = {**feature, "archived": False}
                yield ServedToggle(fields, feature["environments"], tags_of(entry))
        for entry in archived:
            environments = [
                self._archived_environment(entry, environment)
                for environment in entry.get("environments") or ()
            ]
            self._progress.advance()
            yield ServedToggle({**entry, "archived": True}, environments, tags_of(entry))

    def _archived_environment(self, entry: Answer, environment: Answer) -> Answer:
        path = f"{_path_of(entry)}/environments/{quote(environment['name'], safe='')}"
        variants: Answer = self._get(f"{path}/variants", optional=True) or {}
        return {
            "name": environment["name"],
            "enabled": environment.get("enabled", False),
            "strategies": self._get(f"{path}/strategies", optional=True) or [],
            "variants": variants.get("variants") or [],
        }

    def _search(self, query: str) -> Sequence[Answer]:
        """Return the entries of all toggles. The order is stable while others change toggles."""
        found: dict[str, Answer] = {}
        offset = 0
        while True:
            page = self._get(
                f"/search/features?{query}sortBy=name&sortOrder=asc&offset={offset}&limit={_PAGE}"
            )
            entries = self._checked(page, "features", "/search/features")
            found.update((entry["name"], entry) for entry in entries)
            offset += len(entries)
            if len(entries) < _PAGE:
                return list(found.values())

    def _toggles_of_3x(self) -> Iterator[ServedToggle]:
        features = [
            (feature, archived)
            for path, archived in (("/features", False), ("/archive/features", True))
            for feature in self._list(path, "features")
        ]
        self._progress.begin(len(features))
        for feature, archived in features:
            self._progress.advance()
            yield toggle_of_3x(feature, self._tags(feature), archived=archived)

    def _tags(self, entry: Answer) -> Sequence[Answer]:
        path = f"/features/{quote(entry['name'], safe='')}/tags"
        return self._list(path, "tags")

    def _tokens(self) -> Sequence[Answer] | None:
        """Return the API tokens. They are not spooled, because they contain secrets."""
        path = "/api-tokens"
        body = self._client.get(f"{_ADMIN}{path}", absent=(403, 404))
        return None if body is None else self._checked(body, "tokens", path)

    def _list(self, path: str, key: str | None, *, optional: bool = False) -> Sequence[Answer]:
        body = self._get(path, optional=optional)
        return () if body is None else self._checked(body, key, path)

    def _get(self, path: str, *, optional: bool = False) -> Any:
        path = f"{_ADMIN}{path}"
        if path not in self._spool:
            self._spool.add(path, self._client.get(path, absent=(404,) if optional else ()))
        return self._spool[path]

    def _checked(self, body: Any, key: str | None, path: str) -> Sequence[Answer]:
        """Return the list of objects at a key of an answer.

        Raises: ServerReadError: the answer has another form.
        """
        items: Any = body
        if key is not None and isinstance(body, dict):
            items = cast("dict[str, Any]", body).get(key)
        if not isinstance(items, list) or not all(
            isinstance(item, dict) for item in cast("list[Any]", items)
        ):
            raise ServerReadError(
                f"{self._client.url}{_ADMIN}{path} answers without a list of "
                f"{key or 'objects'}, as an Unleash server would."
            )
        return cast("list[Answer]", items)


def _path_of(entry: Answer) -> str:
    project, name = (quote(str(entry[key]), safe="") for key in ("project", "name"))
    return f"/projects/{project}/features/{name}"
