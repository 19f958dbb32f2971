"""Arguments that several fields share, with their descriptions."""

from typing import Annotated, TypeAlias

import strawberry

from graph.enums import MetricsInterval
from graph.events.filter import EventFilter
from graph.toggles.filter import ToggleFilter
from graph.toggles.list import ToggleOrder

HOURS_BACK = 24

InEnvironment: TypeAlias = Annotated[
    str, strawberry.argument(description="The environment to read.")
]
FromEnvironment: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only reports from this environment.")
]
SeenWithinHours: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Only reports of the last so many hours.")
]
HoursBack: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description="How many hours to look back, in whole intervals of which the present one is "
        "the last."
    ),
]
BucketWidth: TypeAlias = Annotated[
    MetricsInterval, strawberry.argument(description="The width of a bucket.")
]
WhichToggles: TypeAlias = Annotated[
    ToggleFilter | None,
    strawberry.argument(description="Which of them to return, active ones when left out."),
]
ToggleSort: TypeAlias = Annotated[
    ToggleOrder | None, strawberry.argument(description="How to sort them, by name when left out.")
]
WhichEvents: TypeAlias = Annotated[
    EventFilter | None, strawberry.argument(description="Which events to return.")
]
