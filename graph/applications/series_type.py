"""Usage counts over time."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.context import Context, Info
from graph.engine.run.fields import contextual, plain, resolved
from graph.environments.type import Environment, reported_environment
from graph.node import shows
from graph.scalars import BigInt
from store import model
from store.metrics import applications, series

if TYPE_CHECKING:
    from graph.applications.application import Application


def _environment(root: series.MetricsSeries, context: Context) -> model.Environment | None:
    if root.environment is None:
        return None
    return reported_environment(context, root.environment)


def _application(
    root: series.MetricsSeries, info: Info
) -> Awaitable[applications.Application | None] | None:
    if root.app_name is None:
        return None
    return info.context.loaders.applications.load(root.app_name)


@strawberry.type(description="How often one variant was handed out.")
@shows(series.VariantCount)
class VariantCount:
    name: str = plain("The name of the variant.")
    count: BigInt = plain("The number of times.")


@strawberry.type(description="Usage counts of one interval.")
@shows(series.MetricsBucket)
class MetricsBucket:
    start: datetime = plain("When the interval begins.")
    end: datetime = plain("When the interval ends.")
    yes: BigInt = plain("How many evaluations answered yes.")
    no: BigInt = plain("How many evaluations answered no.")
    variants: list[VariantCount] = plain("How often each variant was handed out.")


@strawberry.type(description="Usage counts over time for one combination of the chosen dimensions.")
@shows(series.MetricsSeries)
class MetricsSeries:
    environment: Environment | None = contextual(
        _environment, "The environment, null unless the counts are split by environment."
    )
    application: (
        Annotated["Application", strawberry.lazy("graph.applications.application")] | None
    ) = resolved(_application, "The application, null unless the counts are split by application.")
    yes: BigInt = plain("How many evaluations answered yes in the whole span.")
    no: BigInt = plain("How many evaluations answered no in the whole span.")
    variants: list[VariantCount] = plain("How often each variant was handed out in the whole span.")
    buckets: list[MetricsBucket] = plain(
        "The counts per interval, oldest first, with empty intervals filled in."
    )
