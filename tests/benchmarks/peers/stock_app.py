"""The application of the peer `stock`: a schema of plain Strawberry types, with a subscription."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import strawberry
from strawberry.asgi import GraphQL

from tests.benchmarks.peers.data import listed

COUNT = 500


@strawberry.type
class ToggleType:
    name: str
    description: str


@strawberry.type
class Project:
    name: str
    title: str


@strawberry.type
class Tag:
    value: str


@strawberry.type
class Environment:
    name: str
    type: str


@strawberry.type
class Constraint:
    context_name: str
    values: list[str]


@strawberry.type
class Strategy:
    name: str
    sort_order: int
    constraints: list[Constraint]


@strawberry.type
class Variant:
    name: str
    weight: int


@strawberry.type
class ToggleEnvironment:
    id: strawberry.ID
    enabled: bool
    revision: int
    environment: Environment
    strategies: list[Strategy]
    variants: list[Variant]


@strawberry.type
class Toggle:
    id: strawberry.ID
    name: str
    description: str
    stale: bool
    archived: bool
    created_at: str
    updated_at: str
    revision: int
    type: ToggleType
    project: Project
    tags: list[Tag]
    environments: list[ToggleEnvironment]


@strawberry.type
class ToggleConnection:
    nodes: list[Toggle]


@strawberry.type
class ToggleChange:
    toggle_id: strawberry.ID
    toggle: Toggle


@strawberry.type
class UserError:
    message: str


@strawberry.type
class Payload:
    errors: list[UserError]


@strawberry.input
class ToggleCreateInput:
    name: str


def _toggle(data: dict[str, Any]) -> Toggle:
    environments = [
        ToggleEnvironment(
            id=strawberry.ID(f"{data['id']}-{number}"),
            enabled=each["enabled"],
            revision=each["revision"],
            environment=Environment(**each["environment"]),
            strategies=[
                Strategy(
                    name=strategy["name"],
                    sort_order=strategy["sortOrder"],
                    constraints=[
                        Constraint(context_name=item["contextName"], values=item["values"])
                        for item in strategy["constraints"]
                    ],
                )
                for strategy in each["strategies"]
            ],
            variants=[Variant(**variant) for variant in each["variants"]],
        )
        for number, each in enumerate(data["environments"])
    ]
    return Toggle(
        id=strawberry.ID(data["id"]),
        name=data["name"],
        description=data["description"],
        stale=data["stale"],
        archived=data["archived"],
        created_at=data["createdAt"],
        updated_at=data["updatedAt"],
        revision=1,
        type=ToggleType(**data["type"]),
        project=Project(**data["project"]),
        tags=[Tag(**tag) for tag in data["tags"]],
        environments=environments,
    )


_toggles = [_toggle(data) for data in listed(COUNT)]
_subscribers: set[asyncio.Queue[Toggle]] = set()


@strawberry.type
class Query:
    @strawberry.field
    def toggles(self, first: int) -> ToggleConnection:
        return ToggleConnection(nodes=_toggles[:first])


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def toggle_create(self, input: ToggleCreateInput) -> Payload:
        created = replace(_toggles[0], name=input.name, id=strawberry.ID(str(len(_toggles))))
        _toggles.append(created)
        for subscriber in _subscribers:
            subscriber.put_nowait(created)
        return Payload(errors=[])


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def toggle_changed(self) -> AsyncGenerator[ToggleChange, None]:
        received: asyncio.Queue[Toggle] = asyncio.Queue()
        _subscribers.add(received)
        try:
            while True:
                toggle = await received.get()
                yield ToggleChange(toggle_id=toggle.id, toggle=toggle)
        finally:
            _subscribers.discard(received)


app = GraphQL[None, None](
    strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
)
