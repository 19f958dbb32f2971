"""The settings of requests and event streams."""

from pydantic_settings import BaseSettings

from flagstaff.setting_field import setting
from rest_compat.sdk.open_streams import MAX_STREAMS, MAX_STREAMS_PER_TOKEN
from store.spreading import DEFAULT_MAX_STREAM_AGE_S


class RequestSettings(BaseSettings):
    """The settings of requests and event streams: sizes, numbers and lifetimes."""

    keep_alive_s: int = setting(
        75,
        "How long a connection may stay idle between requests, in seconds. The value should "
        "be greater than the polling interval of clients and the idle timeout of load "
        "balancers.",
        "FLAGSTAFF_KEEP_ALIVE_S",
        "SERVER_KEEPALIVE_TIMEOUT",
        ge=1,
        le=86_400,
    )
    max_head_bytes: int = setting(
        32_768,
        "The maximum size of a request's head (request line and headers), in bytes.",
        "FLAGSTAFF_MAX_HEAD_BYTES",
        ge=1_000,
    )
    max_body_bytes: int = setting(
        1_000_000,
        "The maximum size of a request's body, in bytes, after decompression.",
        "FLAGSTAFF_MAX_BODY_BYTES",
        ge=1_000,
    )
    max_admin_body_bytes: int = setting(
        10_000_000,
        "The maximum size in bytes of a GraphQL request's body with an admin token, and of an"
        " import over REST.",
        "FLAGSTAFF_MAX_ADMIN_BODY_BYTES",
        ge=1_000,
    )
    max_streams: int = setting(
        MAX_STREAMS,
        "The maximum number of event streams that a process keeps open for SDKs and "
        "OpenFeature providers. Further streams are refused (429), and their clients can poll"
        " instead. Each stream needs a file descriptor.",
        "FLAGSTAFF_MAX_STREAMS",
        ge=0,
    )
    max_streams_per_token: int = setting(
        MAX_STREAMS_PER_TOKEN,
        "The maximum number of event streams per token. All instances of an application may share "
        "one token.",
        "FLAGSTAFF_MAX_STREAMS_PER_TOKEN",
        ge=0,
    )
    max_stream_age_s: float = setting(
        DEFAULT_MAX_STREAM_AGE_S,
        "The maximum lifetime of an event stream, a streamed GraphQL response or a WebSocket,"
        " in seconds. Each of them ends after a random time between half of this value and "
        "all of it. Therefore clients are distributed over all processes again some time "
        "after a restart.",
        "FLAGSTAFF_MAX_STREAM_AGE_S",
        gt=0,
    )
