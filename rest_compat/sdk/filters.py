"""Determine the scope of a request: the toggles that its query, headers and token select."""

import re

from msgspec import structs

from rest_compat.http.errors import BadDataError, Detail, FilterError
from rest_compat.http.operation import Parameter
from rest_compat.http.request import Request
from rest_compat.sdk.scopes import PayloadScope
from store.errors import Problems
from store.operations.names import check_name
from store.roles import Role

FILTERS = (
    Parameter("project", "Return only toggles of these projects.", example=["default"]),
    Parameter(
        "namePrefix",
        "Return only toggles whose names begin with this prefix.",
        str,
        example="checkout",
    ),
    Parameter(
        "tag",
        "Return only toggles with one of these tags, written `type:value`.",
        example=["simple:checkout"],
    ),
)
# Segments exist from this version of the client specification on.
FIRST_SPEC_WITH_SEGMENTS = (4, 2, 0)

_TAG = re.compile(r"\w+:.+", re.DOTALL)
_VERSION = re.compile(
    r"[v=]*(\d{1,15})\.(\d{1,15})\.(\d{1,15})(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII
)


def scope_of(request: Request) -> PayloadScope:
    """Return the scope of a request. The scope contains selected toggles that the token may read.

    Raises: FilterError, BadDataError: a filter or the version is invalid.
    """
    principal = request.principal
    inline = not supports_segments(request.header("unleash-client-spec"))
    scope = PayloadScope(principal.environment, principal.projects, inline)
    return apply_filters(scope, request) if request.scope["query_string"] else scope


def apply_filters(scope: PayloadScope, request: Request) -> PayloadScope:
    """Restrict a scope by the filters in the query.

    Raises: FilterError: a filter is invalid.
    """
    values = request.query_lists("tag", "project", "namePrefix")
    if values["tag"] and request.store.role is Role.READER:
        # SDKs get toggles without tags, and so do readers.
        raise FilterError(Detail("A reader does not know the tags of toggles.", "tag"), type="any")
    return structs.replace(
        scope,
        projects=_projects(values["project"]),
        tags=_tags(values["tag"]),
        name_prefix=_name_prefix(values["namePrefix"]),
    )


def supports_segments(spec: str | None) -> bool:
    """Whether clients with this version of the client specification support segments.

    Raises: BadDataError: the string is not a semantic version.
    """
    if not spec:
        return False
    version = _VERSION.fullmatch(spec.strip())
    if version is None:
        raise BadDataError(
            "The Unleash-Client-Spec header must be a semantic version such as 5.2.0."
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
        details = [Detail(error.message, "/".join(error.path)) for error in problems.errors]
        raise FilterError(*details, type="isUrlFriendly.base")
    return tuple(sorted(set(names)))


def _tags(tags: list[str]) -> tuple[tuple[str, str], ...]:
    malformed = [
        Detail("A tag must look like type:value.", f"tag/{index}")
        for index, tag in enumerate(tags)
        if not _TAG.search(tag)
    ]
    if malformed:
        raise FilterError(*malformed, type="string.pattern.name")
    parts = (tag.partition(":") for tag in tags)
    return tuple(sorted({(kind, value) for kind, _, value in parts}))


def _name_prefix(prefixes: list[str]) -> str:
    if len(prefixes) > 1:
        detail = Detail("Only one namePrefix is allowed.", "namePrefix")
        raise FilterError(detail, type="string.base")
    return prefixes[0] if prefixes else ""
