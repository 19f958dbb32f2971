"""Name the variables of Unleash that have no effect here, and say what to do instead."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple


class Advice(NamedTuple):
    """What to do instead of setting variables, whose names match one of the `patterns`."""

    instead: str
    patterns: tuple[str, ...]


# Names that Unleash 3.x to 8.2 reads, without names that many programs read, such as NODE_ENV. A
# name belongs to the first row that matches it.
ADVICE = (
    Advice("set FLAGSTAFF_LOG_LEVEL", ("LOG_LEVEL",)),
    Advice("set FLAGSTAFF_ACCESS_LOG", ("REQUEST_LOGGER_ENABLE",)),
    Advice("set FLAGSTAFF_READY=writes", ("CHECK_DB_ON_READY",)),
    Advice("set FLAGSTAFF_DRAIN_S", ("GRACEFUL_SHUTDOWN_*",)),
    Advice("set FLAGSTAFF_DOCS", ("ENABLE_OAS",)),
    Advice("set FLAGSTAFF_KEEP_DAYS_DAYS", ("DAILY_METRICS_STORAGE_DAYS",)),
    Advice("set FLAGSTAFF_INIT_FRONTEND_TOKENS", ("UNLEASH_FRONTEND_TOKEN",)),
    Advice(
        "set sslmode, sslrootcert, sslcert and sslkey in FLAGSTAFF_DATABASE_URL",
        ("DATABASE_SSL_*",),
    ),
    Advice(
        "the database's options belong into FLAGSTAFF_DATABASE_URL, and connections need none",
        (
            "DATABASE_POOL_*",
            "DATABASE_APPLICATION_NAME",
            "DATABASE_STATEMENT_TIMEOUT_MS",
            "DATABASE_VERSION",
            "ALLOW_NON_STANDARD_DB_DATES",
        ),
    ),
    Advice(
        "the server migrates its database at start, as does `flagstaff migrate`",
        ("DATABASE_DISABLE_MIGRATION", "MIGRATION_LOCK"),
    ),
    Advice(
        "use `flagstaff import` with --drop or --keep",
        ("IMPORT_DROP_BEFORE_IMPORT", "IMPORT_KEEP_EXISTING"),
    ),
    Advice(
        "there are no users: create tokens with `flagstaff token create`",
        (
            "AUTH_TYPE",
            "AUTH_ENABLE_API_TOKEN",
            "AUTH_DEMO_ALLOW_ADMIN_LOGIN",
            "SESSION_TTL_HOURS",
            "SESSION_CLEAR_SITE_DATA_ON_LOGOUT",
            "MAX_PARALLEL_SESSIONS",
            "UNLEASH_DEFAULT_ADMIN_*",
            "UNLEASH_SECRET",
            "UNLEASH_ENCRYPTION_*",
            "USER_INACTIVITY_THRESHOLD_IN_DAYS",
            "TOKEN_EXPIRY_NOTIFICATION_DAYS",
            *(f"EMAIL_{part}" for part in ("HOST", "PORT", "SECURE", "SENDER", "USER", "PASSWORD")),
            "EMAIL_OPTIONAL_HEADERS",
        ),
    ),
    Advice(
        "limit the rate of requests in your proxy",
        ("*_RATE_LIMIT_PER_MINUTE", "*_LIMIT_PER_MINUTE", "*_RATE_LIMIT_PER_SECOND"),
    ),
    Advice("switch environments on in the console", ("ENABLED_ENVIRONMENTS",)),
    Advice("the metrics are at /metrics", ("*PROMETHEUS_*API",)),
    Advice(
        "unnecessary: answers are never older than the configuration",
        ("CLIENT_FEATURE_CACHING_*", "FRONTEND_API_REFRESH_INTERVAL_MS"),
    ),
    Advice(
        "unnecessary: Flagstaff reports nothing to other servers",
        ("SEND_TELEMETRY", "CHECK_VERSION", "UNLEASH_VERSION_URL"),
    ),
    Advice(
        "unnecessary: pages and answers have strict headers",
        ("SECURE_HEADERS", "CSP_ALLOWED_*", "CDN_PREFIX"),
    ),
    Advice("limits are fixed", ("UNLEASH_*_LIMIT",)),
    Advice(
        "no counterpart",
        (
            "ACCESS_CONTROL_MAX_AGE",
            "SERVER_DISABLE_COMPRESSION",
            "FILTER_INVALID_CLIENT_METRICS",
            "ENABLE_HEAP_SNAPSHOT_ENPOINT",
            "ENABLE_SCHEDULED_CREATED_BY_MIGRATION",
            "ENABLE_STORIES_PAGE",
            "EDGE_CLIENT_SECRET",
            "EDGE_MASTER_KEY",
            "EDGE_URL",
            "EXPERIMENTAL_CONSUMPTION_MODEL",
            "FEEDBACK_URI_PATH",
            "HUBSPOT_PORTAL_ID",
            "LOGROCKET_APP_ID",
            "UNLEASH_ALLOW_*_INTEGRATION",
            "UNLEASH_DEMO",
            "UNLEASH_DISABLE_CUSTOM_STRATEGY_*",
            "UNLEASH_EXPERIMENTAL_*",
            "UNLEASH_EXPERIMENT_*",
            "UNLEASH_INTERACTIVE_DEMO_KILL_SWITCH",
            "UNLEASH_ONBOARDING_*",
            "UNLEASH_PAT_KILL_SWITCH",
            "UNLEASH_RESPONSE_TIME_WITH_APP_NAME_KILL_SWITCH",
            "UNLEASH_STRICT_SCHEMA_VALIDTION",
        ),
    ),
)


def variables_without_effect(environ: Mapping[str, str]) -> str | None:
    """Return a sentence with the variables of Unleash that have no effect; None without any."""
    found: dict[str, list[str]] = {}
    for name in sorted(environ):
        advice = next((row for row in ADVICE if _matches(name, row.patterns)), None)
        if advice is not None and environ[name]:
            found.setdefault(advice.instead, []).append(name)
    if not found:
        return None
    parts = (f"{', '.join(names)} ({instead})" for instead, names in found.items())
    return f"These variables of Unleash have no effect: {'; '.join(parts)}."


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
