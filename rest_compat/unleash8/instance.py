"""The installation and the caller, for programs that check their connection or the version."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from msgspec import Struct, field

from rest_compat.http.errors import BadDataError
from rest_compat.http.models import Count, Time
from rest_compat.http.operation import Answer
from rest_compat.http.request import Request
from rest_compat.http.response import Response, json_response
from rest_compat.http.router import RouteTable
from rest_compat.unleash8.bodies import LooseString, read_body
from rest_compat.unleash8.errors import refusal_form
from rest_compat.unleash8.models import EVERYTHING
from rest_compat.unleash8.validating import Body
from rest_compat.unleash8.validating import Time as SentTime
from store.http_times import format_time
from store.model import ApiTokenType
from store.operations.limits import MAX_CONSTRAINT_VALUES, MAX_ITEMS
from store.operations.tokens import create_token

routes = RouteTable("admin: instance", refusal_form=refusal_form(renamed={"name": "description"}))

# The version of Unleash whose routes Flagstaff has. Clients use it to decide which routes exist.
API_VERSION = "8.2.0"


class TokenCountsJson(Struct, kw_only=True):
    """The numbers of tokens by type. `backend` is today's name of the type `client`."""

    admin: Count
    client: Count
    backend: Count
    frontend: Count


class InstanceStatisticsJson(Struct, kw_only=True, rename="camel"):
    """The numbers of objects. Flagstaff has no users, groups and roles, so these are 0."""

    timestamp: Time
    instance_id: str
    version_oss: str = field(name="versionOSS")
    version_enterprise: str = ""
    users: Count = 0
    service_accounts: Count = 0
    api_tokens: TokenCountsJson
    feature_toggles: Count
    archived_feature_toggles: Count
    projects: Count
    context_fields: Count
    roles: Count = 0
    groups: Count = 0
    environments: Count
    segments: Count
    strategies: Count
    max_environment_strategies: Count
    max_constraints: Count
    max_constraint_values: Count


class VersionJson(Struct, kw_only=True):
    """The version of the open source edition; the enterprise edition has none."""

    oss: str = API_VERSION
    enterprise: str = ""


class VersionInfoJson(Struct, kw_only=True, rename="camel"):
    """The version, and whether it is the latest one. Flagstaff never asks other servers."""

    current: VersionJson
    latest: dict[str, str]
    is_latest: bool = True
    instance_id: str


class UiConfigJson(Struct, kw_only=True, rename="camel"):
    """The settings that an admin frontend reads."""

    name: str = "Flagstaff"
    version: str = API_VERSION
    environment: str = "Open Source"
    unleash_url: str
    base_uri_path: str
    authentication_type: str = "none"
    disable_password_auth: bool = True
    email_enabled: bool = False
    maintenance_mode: bool = False
    # All experiments of Unleash are off.
    flags: dict[str, bool]
    frontend_api_origins: Sequence[str]
    version_info: VersionInfoJson
    resource_limits: dict[str, Count]


class PermissionJson(Struct, kw_only=True):
    """A permission."""

    permission: str


class CallerJson(Struct, kw_only=True):
    """The caller: the name of the token, its type and its scope."""

    username: str
    type: ApiTokenType
    environment: str
    projects: Sequence[str]
    permissions: Sequence[str]


class MeJson(Struct, kw_only=True):
    """The caller and the caller's permissions."""

    user: CallerJson
    permissions: Sequence[PermissionJson]
    feedback: Sequence[Any] = ()
    splash: dict[str, bool] = {}


class UsersJson(Struct, kw_only=True, rename="camel"):
    """The users and their roles. Flagstaff has neither, so both lists are empty."""

    users: Sequence[dict[str, Any]] = ()
    root_roles: Sequence[dict[str, Any]] = ()


class PersonalTokenBody(Body):
    """What a new token is for, and when it expires."""

    description: LooseString
    expires_at: SentTime


class PersonalTokenJson(Struct, kw_only=True, rename="camel"):
    """The new token. Only this response contains the token's secret."""

    id: Count
    secret: str
    description: str
    created_at: Time
    expires_at: Time | None
    seen_at: None = None


@routes.route(
    "GET",
    "/api/admin/instance-admin/statistics",
    id="getInstanceAdminStats",
    answers={200: InstanceStatisticsJson},
)
async def get_statistics(request: Request) -> Response:
    """Count the objects of the installation.

    Programs such as operators of Kubernetes use this request to check their connection and their
    token. `versionOSS` is the version of Unleash whose API the server has.
    """
    snapshot, store = request.snapshot, request.store
    tokens = Counter(token.type for token in snapshot.tokens.values())
    strategies = [
        (*configured.strategies,)
        for toggle in snapshot.live_toggles
        for configured in toggle.environments.values()
    ]
    constraints = [
        strategy.constraints or () for configured in strategies for strategy in configured
    ]
    statistics = InstanceStatisticsJson(
        timestamp=format_time(store.clock()),
        instance_id=store.installation_id,
        version_oss=API_VERSION,
        api_tokens=TokenCountsJson(
            admin=tokens[ApiTokenType.ADMIN],
            client=tokens[ApiTokenType.CLIENT],
            backend=tokens[ApiTokenType.CLIENT],
            frontend=tokens[ApiTokenType.FRONTEND],
        ),
        feature_toggles=len(snapshot.live_toggles),
        archived_feature_toggles=len(snapshot.archived_toggles),
        projects=sum(project.declared for project in snapshot.projects.values()),
        context_fields=len(snapshot.context_fields),
        environments=len(snapshot.environments),
        segments=len(snapshot.segments),
        strategies=len(snapshot.strategies),
        max_environment_strategies=max(map(len, strategies), default=0),
        max_constraints=max(map(len, constraints), default=0),
        max_constraint_values=max(
            (len(constraint.values or ()) for listed in constraints for constraint in listed),
            default=0,
        ),
    )
    return json_response(statistics)


@routes.route("GET", "/api/admin/ui-config", id="getUiConfig", answers={200: UiConfigJson})
async def get_ui_config(request: Request) -> Response:
    """Read the version and the settings for admin frontends.

    `version` is the version of Unleash whose API the server has. All experimental `flags` are
    absent, which means that they are off.
    """
    config = UiConfigJson(
        unleash_url=request.public_url,
        base_uri_path=request.base_path,
        flags={},
        frontend_api_origins=(EVERYTHING,),
        version_info=VersionInfoJson(
            current=VersionJson(), latest={}, instance_id=request.store.installation_id
        ),
        resource_limits={
            "constraints": MAX_ITEMS,
            "constraintValues": MAX_CONSTRAINT_VALUES,
            "featureEnvironmentStrategies": MAX_ITEMS,
            "segmentValues": MAX_CONSTRAINT_VALUES,
            "strategySegments": MAX_ITEMS,
        },
    )
    return json_response(config)


@routes.route("GET", "/api/admin/user", id="getMe", answers={200: MeJson})
async def get_caller(request: Request) -> Response:
    """Read who the caller is.

    An admin token has the permission `ADMIN`. A viewer token has no permissions.
    """
    principal = request.principal
    permissions = ["ADMIN"] if principal.can_write else []
    return json_response(
        MeJson(
            user=CallerJson(
                username=principal.actor.name,
                type=principal.type,
                environment=EVERYTHING,
                projects=principal.projects or (EVERYTHING,),
                permissions=permissions,
            ),
            permissions=[PermissionJson(permission=name) for name in permissions],
        )
    )


@routes.route("GET", "/api/admin/user-admin", id="getUsers", answers={200: UsersJson})
async def list_users(_: Request) -> Response:
    """List the users.

    The list is always empty, because tokens take the place of users.
    """
    return json_response(UsersJson())


@routes.route(
    "GET",
    "/api/admin/user-admin/search",
    id="searchUsers",
    answers={200: Answer("The users; always an empty list.", list[dict[str, Any]])},
)
async def search_users(_: Request) -> Response:
    """Search for users.

    The list is always empty, because tokens take the place of users.
    """
    return json_response([])


@routes.route(
    "POST",
    "/api/admin/user/tokens",
    id="createPat",
    body=PersonalTokenBody,
    example={"description": "nightly clean-up", "expiresAt": "2030-01-31T12:00:00Z"},
    answers={201: PersonalTokenJson},
    errors=(BadDataError,),
)
async def create_personal_token(request: Request) -> Response:
    """Create an admin token for a script of the caller.

    The name of the token consists of the name of the caller and the description.
    """
    body = await read_body(request, PersonalTokenBody)
    async with request.store.write(request.principal.actor) as work:
        token, secret = await create_token(
            work,
            name=f"{request.principal.actor.name}: {body.description}",
            type=ApiTokenType.ADMIN,
            expires_at=body.expires_at,
        )
    created = PersonalTokenJson(
        # The IDs of tokens are strings, but clients of this route expect an integer.
        id=token.revision,
        secret=secret,
        description=body.description,
        created_at=format_time(token.created_at),
        expires_at=format_time(token.expires_at),
    )
    return json_response(created, status=HTTPStatus.CREATED)
