"""The settings of access: tokens, origins, proxies, and the networks of webhooks."""

from ipaddress import ip_network
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings

from flagstaff.proxies import check_proxy
from flagstaff.setting_field import List, setting
from flagstaff.setting_values import canonical_origin
from graph.engine.http.origins import ANY_ORIGIN

# This value of an origin setting allows no origin.
NO_ORIGINS = "none"


class AccessSettings(BaseSettings):
    """The settings of access: who may do what, from which pages, and through which proxies."""

    auth: Literal["token", "none"] = setting(
        "token",
        "With `token`, requests need API tokens. With `none`, everybody may do everything "
        "without a token, for experiments. The server then listens only on loopback, and "
        "answers only requests whose `Host` is a loopback name.",
        "FLAGSTAFF_AUTH",
    )
    client_api: Literal["token", "open"] = setting(
        "token",
        "With `open`, SDKs without a token can read toggles, register and report usage in the"
        " environment `default`, as with 3.x servers.",
        "FLAGSTAFF_CLIENT_API",
    )
    init_admin_tokens: List = setting(
        (),
        "Admin tokens to create at start, comma-separated, such as `*:*.SECRET`.",
        "FLAGSTAFF_INIT_ADMIN_TOKENS",
        "INIT_ADMIN_API_TOKENS",
        secret=True,
    )
    init_client_tokens: List = setting(
        (),
        "Client tokens to create at start, comma-separated, such as `*:development.SECRET`. "
        "The server also creates the environments of these tokens if they do not exist.",
        "FLAGSTAFF_INIT_CLIENT_TOKENS",
        "INIT_CLIENT_API_TOKENS",
        "INIT_BACKEND_API_TOKENS",
        secret=True,
    )
    init_frontend_tokens: List = setting(
        (),
        "Frontend tokens to create at start, in the same form as client tokens.",
        "FLAGSTAFF_INIT_FRONTEND_TOKENS",
        "INIT_FRONTEND_API_TOKENS",
        secret=True,
    )
    allow_weak_tokens: bool = setting(
        False,
        "Whether admin tokens in settings may have random parts of less than 16 characters. "
        "Attackers can guess such tokens.",
        "FLAGSTAFF_ALLOW_WEAK_TOKENS",
    )
    cors_origins: List = setting(
        (),
        "Origins whose pages may call this server, comma-separated, such as "
        "`https://admin.example.com`; `*` allows all origins, `none` allows none.",
        "FLAGSTAFF_CORS_ORIGINS",
    )
    frontend_origins: List = setting(
        (ANY_ORIGIN,),
        "Further origins whose pages may call `/api/frontend` and `/ofrep`, in the same form "
        "as `FLAGSTAFF_CORS_ORIGINS`. With `FLAGSTAFF_AUTH=none` the default is `none`.",
        "FLAGSTAFF_FRONTEND_ORIGINS",
        "UNLEASH_FRONTEND_API_ORIGINS",
    )
    trusted_proxies: List = setting(
        (),
        "Proxies whose headers `X-Forwarded-For` and `X-Forwarded-Proto` are trusted, "
        "comma-separated: addresses, networks such as `10.0.0.0/8`, or `unix` for connections"
        " over a Unix socket. The client's address is the last address in `X-Forwarded-For` "
        "that is not a trusted proxy.",
        "FLAGSTAFF_TRUSTED_PROXIES",
    )
    webhook_networks: List = setting(
        (),
        "Networks with addresses that are not public, to which webhooks may connect, "
        "comma-separated, such as `10.1.0.0/16`. By default webhooks connect only to public "
        "addresses.",
        "FLAGSTAFF_WEBHOOK_NETWORKS",
    )

    @field_validator("cors_origins", "frontend_origins")
    @classmethod
    def _parse_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value == (NO_ORIGINS,):
            return ()
        if NO_ORIGINS in value:
            raise ValueError(f"'{NO_ORIGINS}' cannot be combined with origins")
        return tuple(canonical_origin(origin) for origin in value)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            check_proxy(name)
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"'{network}' is not a network such as 10.1.0.0/16: {error}"
                ) from None
        return value

    @property
    def effective_frontend_origins(self) -> tuple[str, ...]:
        """The value of `frontend_origins`, or its default, which depends on `auth`."""
        if self.auth == "none" and "frontend_origins" not in self.model_fields_set:
            return ()
        return self.frontend_origins
