"""The types of values in JSON bodies, with the constraints that the OpenAPI document shows."""

from typing import Annotated

from msgspec import Meta

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]
