"""The 3.x admin API, as far as it is about toggles, tags and the state of everything."""

from flagstaff.openapi.client import FILTERS
from flagstaff.openapi.refusals import (
    CHANGED,
    CONFLICT,
    FLAWED,
    GONE,
    LOOKED_UP,
    MISSING,
    SENT,
    SHOWN,
)
from flagstaff.openapi.writing import (
    COUNT,
    FLAG,
    OBJECT,
    TEXT,
    Paths,
    answer,
    body_of,
    listing,
    obj,
    operation,
    query,
    ref,
)
from rest_compat.unleash3.feature_bodies import FeatureBody, NameBody
from rest_compat.unleash3.tag_types import TagTypeBody
from rest_compat.unleash3.tags import TagBody

_TOGGLES = "admin: toggles"
_TAGS = "admin: tags"
_STATE = "admin: state"
_DONE = {200: answer("Done; there is no body.")}
_TOGGLE = {200: answer("The toggle after the change.", ref("Toggle")), **CHANGED, **GONE}
_DOCUMENT = obj(
    "version",
    version=COUNT,
    features=listing(ref("Toggle")),
    strategies=listing(ref("StrategyDefinition")),
    projects=listing(ref("Project")),
    tagTypes=listing(ref("TagType")),
    tags=listing(ref("Tag")),
    featureTags=listing(OBJECT),
)
_TAG_LIST = obj("version tags", version=COUNT, tags=listing(ref("Tag")))

TOGGLES: Paths = {
    "/api/admin/features": {
        "get": operation(
            _TOGGLES,
            "All live toggles, by name.",
            {
                200: answer("The toggles.", obj("features", features=listing(ref("Toggle")))),
                **FLAWED,
                **SHOWN,
            },
            parameters=FILTERS,
        ),
        "post": operation(
            _TOGGLES,
            "Create a toggle.",
            {201: answer("The new toggle.", ref("Toggle")), **FLAWED, **CONFLICT, **SENT},
            body=body_of(NameBody, FeatureBody),
        ),
    },
    "/api/admin/features/validate": {
        "post": operation(
            _TOGGLES,
            "Whether a new toggle can have the name.",
            {200: answer("It can."), **FLAWED, **CONFLICT, **SENT},
            body=body_of(NameBody),
        )
    },
    "/api/admin/features/{name}": {
        "get": operation(
            _TOGGLES,
            "One live toggle.",
            {200: answer("The toggle.", ref("Toggle")), **SHOWN, **MISSING},
        ),
        "put": operation(
            _TOGGLES,
            "Replace a toggle; what is left out goes back to its default.",
            {**_DONE, **FLAWED, **GONE, **SENT},
            body=body_of(FeatureBody),
        ),
        "delete": operation(
            _TOGGLES, "Move a toggle to the archive.", {**_DONE, **CHANGED, **GONE}
        ),
    },
    "/api/admin/features/{name}/toggle": {
        "post": operation(_TOGGLES, "Switch a toggle the other way.", _TOGGLE)
    },
    "/api/admin/features/{name}/toggle/on": {
        "post": operation(_TOGGLES, "Switch a toggle on.", _TOGGLE)
    },
    "/api/admin/features/{name}/toggle/off": {
        "post": operation(_TOGGLES, "Switch a toggle off.", _TOGGLE)
    },
    "/api/admin/features/{name}/stale/on": {
        "post": operation(_TOGGLES, "Mark a toggle as stale.", _TOGGLE)
    },
    "/api/admin/features/{name}/stale/off": {
        "post": operation(_TOGGLES, "Take the mark stale off a toggle.", _TOGGLE)
    },
    "/api/admin/features/{name}/tags": {
        "get": operation(
            _TAGS,
            "The tags of a toggle; one that is not there has none.",
            {200: answer("The tags.", _TAG_LIST), **SHOWN},
        ),
        "post": operation(
            _TAGS,
            "Put a tag on a toggle.",
            {201: answer("The tag.", ref("Tag")), **FLAWED, **CONFLICT, **GONE, **SENT},
            body=body_of(TagBody),
        ),
    },
    "/api/admin/features/{name}/tags/{type}/{value}": {
        "delete": operation(_TAGS, "Take a tag off a toggle.", {**_DONE, **CHANGED})
    },
    "/api/admin/archive/features": {
        "get": operation(
            _TOGGLES,
            "All toggles in the archive.",
            {
                200: answer("The toggles.", obj("features", features=listing(ref("Toggle")))),
                **SHOWN,
            },
        )
    },
    "/api/admin/archive/revive/{name}": {
        "post": operation(
            _TOGGLES,
            "Take a toggle out of the archive; it comes back switched off.",
            {**_DONE, **CONFLICT, **CHANGED, **GONE},
        )
    },
}

TAGS: Paths = {
    "/api/admin/tags": {
        "get": operation(_TAGS, "All tags.", {200: answer("The tags.", _TAG_LIST), **SHOWN}),
        "post": operation(
            _TAGS,
            "Create a tag that no toggle carries yet.",
            {
                201: answer("The tag.", obj("version tag", version=COUNT, tag=ref("Tag"))),
                **FLAWED,
                **CONFLICT,
                **SENT,
            },
            body=body_of(TagBody),
        ),
    },
    "/api/admin/tags/{type}": {
        "get": operation(
            _TAGS, "All tags of a type.", {200: answer("The tags.", _TAG_LIST), **SHOWN}
        )
    },
    "/api/admin/tags/{type}/{value}": {
        "get": operation(
            _TAGS,
            "One tag.",
            {200: answer("The tag.", obj("version tag", version=COUNT, tag=ref("Tag")))}
            | SHOWN
            | GONE,
        ),
        "delete": operation(_TAGS, "Delete a tag, off all toggles, too.", {**_DONE, **CHANGED}),
    },
    "/api/admin/tag-types": {
        "get": operation(
            _TAGS,
            "All types of tags.",
            {200: answer("The types.", obj("tagTypes", tagTypes=listing(ref("TagType")))), **SHOWN},
        ),
        "post": operation(
            _TAGS,
            "Create a type of tags.",
            {201: answer("The type.", ref("TagType")), **FLAWED, **CONFLICT, **SENT},
            body=body_of(TagTypeBody),
        ),
    },
    "/api/admin/tag-types/validate": {
        "post": operation(
            _TAGS,
            "Whether there can be such a type of tags.",
            {200: answer("There can."), **FLAWED, **CONFLICT, **SENT},
            body=body_of(TagTypeBody),
        )
    },
    "/api/admin/tag-types/{name}": {
        "get": operation(
            _TAGS,
            "One type of tags.",
            {200: answer("The type.", obj(tagType=ref("TagType"))), **SHOWN, **GONE},
        ),
        "put": operation(
            _TAGS,
            "Change a type of tags.",
            {**_DONE, **FLAWED, **GONE, **SENT},
            body=body_of(TagTypeBody),
        ),
        "delete": operation(_TAGS, "Delete a type of tags.", {**_DONE, **CONFLICT, **CHANGED}),
    },
}

STATE: Paths = {
    "/api/admin/events": {
        "get": operation(
            _STATE,
            "The newest hundred changes in all environments, newest first.",
            {
                200: answer(
                    "The changes.", obj("version", version=COUNT, events=listing(ref("Event")))
                ),
                **LOOKED_UP,
            },
        )
    },
    "/api/admin/events/{name}": {
        "get": operation(
            _STATE,
            "The newest hundred changes of what has a name.",
            {
                200: answer("The changes.", obj(toggleName=TEXT, events=listing(ref("Event")))),
                **LOOKED_UP,
            },
        )
    },
    "/api/admin/state/export": {
        "get": operation(
            _STATE,
            "Everything that 3.x knows, as one document.",
            {200: answer("The document, as JSON or YAML.", _DOCUMENT), **SHOWN},
            parameters=(
                query("format", "`yaml`, or else JSON.", TEXT),
                query("download", "Whether browsers save it as a file.", FLAG),
                *(
                    query(part, "Whether this part is in it.", FLAG | {"default": True})
                    for part in ("featureToggles", "strategies", "projects", "tags")
                ),
            ),
        )
    },
    "/api/admin/state/import": {
        "post": operation(
            _STATE,
            "Take over a document, all of it or nothing.",
            {
                202: answer("All of it was stored; the body is the text Accepted."),
                **FLAWED,
                **SENT,
            },
            content={
                "application/json": _DOCUMENT,
                "application/yaml": TEXT,
                "multipart/form-data": obj("file", file={"type": "string", "format": "binary"}),
            },
            parameters=(
                query("drop", "Whether each part that is in the document is emptied first.", FLAG),
                query("keep", "Whether what is there already stays as it is.", FLAG),
            ),
        )
    },
}
