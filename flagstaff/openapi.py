"""The OpenAPI description of the endpoints that FastAPI does not route, for speed."""

from typing import Any


def describe(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's description with the endpoints of both edges added; the same object."""
    document.setdefault("paths", {}).update(_PATHS)
    document.setdefault("components", {}).update(_COMPONENTS)
    return document


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _object(required: str, /, **properties: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return schema | ({"required": required.split()} if required else {})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: Any = None) -> dict[str, Any]:
    return {"description": description} | (_json(schema) if schema else {})


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "array", "items": {"type": "string", **schema}},
    }


_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0}
_ERROR = _ref("Error")
_REFUSED = {
    "400": _answer("The request cannot be taken as it is.", _ERROR),
    "401": _answer("No token, or none that the server knows.", _ref("Unauthenticated")),
    "403": _answer("The token is of another type.", _ref("Forbidden")),
}
_BODY_REFUSED = {
    **_REFUSED,
    "413": _answer("The body is too large.", _ERROR),
    "415": _answer("The body is not JSON.", _ERROR),
    "503": _answer("The database is away; see Retry-After.", _ERROR),
}
_SECURITY: list[dict[str, list[str]]] = [{"token": []}]

_PATHS: dict[str, Any] = {
    "/api/client/features": {
        "get": {
            "tags": ["client"],
            "summary": "All toggles of the token's environment, as SDKs evaluate them.",
            "security": _SECURITY,
            "parameters": [
                _query("project", "Only toggles of these projects."),
                _query("namePrefix", "Only toggles whose names begin so."),
                _query("tag", "Only toggles with one of these tags, as `type:value`."),
                {
                    "name": "If-None-Match",
                    "in": "header",
                    "description": "The ETag of the answer that the client holds.",
                    "schema": _TEXT,
                },
            ],
            "responses": {
                "200": _answer("The toggles; the header ETag identifies them.", _ref("Features")),
                "304": _answer("The client holds the newest toggles."),
                **_REFUSED,
            },
        }
    },
    "/api/client/features/{name}": {
        "get": {
            "tags": ["client"],
            "summary": "One toggle.",
            "security": _SECURITY,
            "parameters": [{"name": "name", "in": "path", "required": True, "schema": _TEXT}],
            "responses": {
                "200": _answer("The toggle.", _ref("Feature")),
                **_REFUSED,
                "404": _answer("No toggle has the name.", _ERROR),
            },
        }
    },
    "/api/client/register": {
        "post": {
            "tags": ["client"],
            "summary": "Tell that an instance of an application was started.",
            "security": _SECURITY,
            "requestBody": {"required": True, **_json(_ref("Registration"))},
            "responses": {"202": _answer("Stored."), **_BODY_REFUSED},
        }
    },
    "/api/client/metrics": {
        "post": {
            "tags": ["client"],
            "summary": "Report how often toggles were evaluated; what is answered 202 is stored.",
            "security": _SECURITY,
            "requestBody": {"required": True, **_json(_ref("Metrics"))},
            "responses": {"202": _answer("Stored."), **_BODY_REFUSED},
        }
    },
    "/graphql": {
        "post": {
            "tags": ["graphql"],
            "summary": "GraphQL over HTTP; /schema.graphql has the schema.",
            "security": _SECURITY,
            "requestBody": {
                "required": True,
                **_json(
                    _object(
                        "query",
                        query=_TEXT,
                        operationName=_TEXT,
                        variables={"type": "object"},
                        extensions={"type": "object"},
                    )
                ),
            },
            "responses": {
                "200": _answer(
                    "What was asked for.",
                    _object(
                        "",
                        data={"type": "object"},
                        errors={"type": "array", "items": {"type": "object"}},
                    ),
                ),
                **_REFUSED,
            },
        }
    },
    "/health": {
        "get": {
            "tags": ["server"],
            "summary": "Whether the process runs.",
            "responses": {"200": _answer("It does.", _object("health", health={"const": "GOOD"}))},
        }
    },
    "/ready": {
        "get": {
            "tags": ["server"],
            "summary": "Whether the server has toggles to serve.",
            "responses": {
                "200": _answer("It has.", _ref("Readiness")),
                "503": _answer("Not yet; see Retry-After.", _ref("Readiness")),
            },
        }
    },
}

_INSTANCE = {
    "appName": _TEXT,
    "instanceId": _TEXT,
    "connectionId": _TEXT,
    "sdkVersion": _TEXT,
    "platformName": _TEXT,
    "platformVersion": _TEXT,
    "yggdrasilVersion": {"type": ["string", "null"]},
    "specVersion": _TEXT,
}
_LIST_OF_OBJECTS = {"type": "array", "items": {"type": "object"}}

_COMPONENTS: dict[str, Any] = {
    "securitySchemes": {
        "token": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "An API token, bare or after `Bearer `.",
        }
    },
    "schemas": {
        "Error": _object(
            "",
            id=_TEXT,
            name=_TEXT,
            message=_TEXT,
            details={"type": "array", "items": _object("message", message=_TEXT, path=_TEXT)},
        ),
        "Unauthenticated": _object("type path message", type=_TEXT, path=_TEXT, message=_TEXT),
        "Forbidden": _object("message", message=_TEXT),
        "Feature": _object(
            "name enabled strategies",
            name=_TEXT,
            type=_TEXT,
            enabled={"type": "boolean"},
            project=_TEXT,
            stale={"type": "boolean"},
            strategies=_LIST_OF_OBJECTS,
            variants=_LIST_OF_OBJECTS,
            description={"type": ["string", "null"]},
            impressionData={"type": "boolean"},
            dependencies=_LIST_OF_OBJECTS,
        ),
        "Features": _object(
            "version features",
            version={"type": "integer"},
            features={"type": "array", "items": _ref("Feature")},
            segments=_LIST_OF_OBJECTS,
            query={"type": "object"},
            meta={"type": "object"},
        ),
        "Registration": _object(
            "appName",
            **_INSTANCE,
            strategies={"type": "array", "items": _TEXT},
            started=_TIME,
            interval={"type": "number", "description": "Milliseconds between reports."},
        ),
        "Metrics": _object(
            "appName",
            **_INSTANCE,
            bucket={
                "anyOf": [
                    {"type": "null"},
                    _object(
                        "start stop toggles",
                        start=_TIME,
                        stop=_TIME,
                        toggles={
                            "type": "object",
                            "additionalProperties": _object(
                                "",
                                yes=_COUNT,
                                no=_COUNT,
                                variants={"type": "object", "additionalProperties": _COUNT},
                            ),
                        },
                    ),
                ]
            },
        ),
        "Readiness": _object("ready", ready={"type": "boolean"}, revision={"type": "integer"}),
    },
}
