"""The part of the toggles that a client requests, by its query and headers."""

import re

from msgspec import structs

from rest_compat.http.errors import BadDataError, Detail, FilterError
from rest_compat.http.operation import Parameter
from rest_compat.http.request import Request
from rest_compat.sdk.payload import PayloadScope
from store.errors import Problems
from store.operations.names import check_name

FILTERS = (
    Parameter("project", "Only toggles of these projects."),
    Parameter("namePrefix", "Only toggles whose names begin with this.", str),
    Parameter("tag", "Only toggles with one of these tags, written `type:value`."),
)
# Clients that follow this version of the client specification know segments.
FIRST_SPEC_WITH_SEGMENTS = (4, 2, 0)

_TAG = re.compile(r"\w+:.+", re.DOTALL)
_VERSION = re.compile(
    r"[v=]*(\d{1,15})\.(\d{1,15})\.(\d{1,15})(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII
)


def scope_of(request: Request) -> PayloadScope:
    """The part of the toggles that a request asks for and its token may see.

    Raises: FilterError, BadDataError: a filter or a version cannot be read.
    """
    principal = request.principal
    inline = not knows_segments(request.header("unleash-client-spec"))
    return narrowed(PayloadScope(principal.environment, principal.projects, inline), request)


def narrowed(scope: PayloadScope, request: Request) -> PayloadScope:
    """The scope, narrowed by the filters in the query.

    Raises: FilterError: a filter cannot be read.
    """
    if not request.scope["query_string"]:
        return scope
    values = request.query_lists("tag", "project", "namePrefix")
    return structs.replace(
        scope,
        projects=_projects(values["project"]),
        tags=_tags(values["tag"]),
        name_prefix=_name_prefix(values["namePrefix"]),
    )


def knows_segments(spec: str | None) -> bool:
    """Whether a client that announces this version of the client specification reads segments.

    Raises: BadDataError: if the text is no semantic version.
    """
    if not spec:
        return False
    version = _VERSION.fullmatch(spec.strip())
    if version is None:
        raise BadDataError(
            "The header Unleash-Client-Spec must be a semantic version such as 5.2.0."
        )
    major, minor, patch, preview = version.groups()
    numbers = (int(major), int(minor), int(patch))
    return numbers > FIRST_SPEC_WITH_SEGMENTS or (
        numbers == FIRST_SPEC_WITH_SEGMENTS and preview is None
    )


def _projects(names: list[str]) -> tuple[str, ...]:
    problems = Problems()
    for index, name in enumerate(names):
        check_name(name, kind="project", path=("project", str(index)), problems=problems)
    if problems.errors:
        details = [Detail(it.message, "/".join(it.path)) for it in problems.errors]
        raise FilterError(*details, type="isUrlFriendly.base")
    return tuple(sorted(set(names)))


def _tags(tags: list[str]) -> tuple[tuple[str, str], ...]:
    malformed = [
        Detail("A tag must look like type:value.", f"tag/{index}")
        for index, it in enumerate(tags)
        if not _TAG.search(it)
    ]
    if malformed:
        raise FilterError(*malformed, type="string.pattern.name")
    parts = (it.partition(":") for it in tags)
    return tuple(sorted({(kind, value) for kind, _, value in parts}))


def _name_prefix(prefixes: list[str]) -> str:
    if len(prefixes) > 1:
        detail = Detail("There can be only one namePrefix.", "namePrefix")
        raise FilterError(detail, type="string.base")
    return prefixes[0] if prefixes else ""
