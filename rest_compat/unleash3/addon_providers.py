"""The kinds of addons that the addons API offers."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType

from store.model import WebhookFormat

URL = "url"
WEBHOOK, SLACK, TEAMS = "webhook", "slack", "teams"

_EVENTS = (
    "feature-created",
    "feature-updated",
    "feature-archived",
    "feature-revived",
    "feature-stale-on",
    "feature-stale-off",
)


class ParameterJson(Struct, kw_only=True, rename="camel"):
    """A parameter of an addon, for a form."""

    name: str
    display_name: str
    type: str
    description: str | UnsetType = UNSET
    placeholder: str | UnsetType = UNSET
    required: bool
    sensitive: bool = False


class ProviderJson(Struct, kw_only=True, rename="camel"):
    """A kind of addon: its parameters, and the types of events that forms offer."""

    name: str
    display_name: str
    description: str
    documentation_url: str
    parameters: Sequence[ParameterJson]
    events: Sequence[str] = _EVENTS


PROVIDERS: Sequence[ProviderJson] = (
    ProviderJson(
        name=WEBHOOK,
        display_name="Webhook",
        description="Sends each event to a URL.",
        documentation_url="https://docs.getunleash.io/reference/integrations/webhook",
        parameters=(
            ParameterJson(
                name=URL,
                display_name="URL",
                type="url",
                description="The URL to which events are sent with POST.",
                required=True,
                sensitive=True,
            ),
            ParameterJson(
                name="contentType",
                display_name="Content-Type",
                type="text",
                description="The media type of the body.",
                placeholder="application/json",
                required=False,
            ),
            ParameterJson(
                name="bodyTemplate",
                display_name="Template of the body",
                type="textfield",
                description="A body with names such as {{event.data.name}} in it.",
                placeholder='{"event": "{{event.type}}", "toggle": "{{event.data.name}}"}',
                required=False,
            ),
        ),
    ),
    ProviderJson(
        name=SLACK,
        display_name="Slack",
        description="Posts a message about each event to Slack.",
        documentation_url="https://docs.getunleash.io/reference/integrations/slack",
        parameters=(
            ParameterJson(
                name=URL,
                display_name="URL of the incoming webhook",
                type="url",
                required=True,
                sensitive=True,
            ),
            ParameterJson(
                name="username",
                display_name="Name of the sender",
                type="text",
                placeholder="Flagstaff",
                required=False,
            ),
            ParameterJson(
                name="emojiIcon",
                display_name="Icon of the sender",
                type="text",
                placeholder=":triangular_flag_on_post:",
                required=False,
            ),
            ParameterJson(
                name="defaultChannel",
                display_name="Channel",
                type="text",
                description="The channel to which messages are posted.",
                required=True,
            ),
        ),
    ),
)

# Teams is newer than 3.x, whose clients expect exactly two providers. The API accepts the name.
FORMATS: Mapping[str, WebhookFormat] = {
    WEBHOOK: WebhookFormat.UNLEASH,
    SLACK: WebhookFormat.SLACK,
    TEAMS: WebhookFormat.TEAMS,
}
PROVIDER_OF: Mapping[WebhookFormat, str] = {
    WebhookFormat.GENERIC: WEBHOOK,
    **{format: name for name, format in FORMATS.items()},
}
REQUIRED: Mapping[str, Sequence[str]] = {
    TEAMS: (URL,),
    **{each.name: [item.name for item in each.parameters if item.required] for each in PROVIDERS},
}
