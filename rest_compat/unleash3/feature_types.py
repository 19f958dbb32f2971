"""Toggle types in the 3.x admin API."""

from typing import Any

from rest_compat.http.request import Answer, Request, json_answer
from rest_compat.http.router import Route, Routes
from store.model import ToggleType


async def _list(request: Request) -> Answer:
    """Types that only a toggle has named are left out."""
    types = sorted(
        request.snapshot.toggle_types.values(), key=lambda type: (type.sort_order, type.name)
    )
    return json_answer({"version": 1, "types": [type_document(it) for it in types if it.declared]})


def type_document(type: ToggleType) -> dict[str, Any]:
    """A toggle type."""
    return {
        "id": type.name,
        "name": type.title,
        "description": type.description,
        "lifetimeDays": type.lifetime_days,
    }


ROUTES: Routes = {"/api/admin/feature-types": {"GET": Route(_list)}}
