"""Draws the diagrams of the documentation into `docs/images/`.

python -m tests.documentation.diagrams
"""

from tests.documentation.drawing import Drawing, column
from tests.documentation.pages import DOCS

IMAGES = DOCS / "images"
# The layers that a request passes, with the class and the effect of each layer. A test compares the
# classes with the application.
LAYERS = {
    "ProxyHeaders": "takes the address from trusted proxies",
    "CountRequests": "counts the request",
    "RequestIds": "gives an ID and the safe headers",
    "AccessLog": "logs the request, if that is on",
    "HeadAsGet": "turns HEAD into GET",
    "LoopbackNamesOnly": "without tokens: loopback names only",
    "CrossOrigin": "checks the origin of web pages",
    "LastResort": "masks unexpected errors",
    "Compression": "gzips the answer",
}
# The mutations that change the state of a toggle. A test looks the mutations up in the schema.
CREATE, MARK, ARCHIVE, REVIVE, DELETE = (
    *("toggleCreate", "toggleUpdate", "toggleArchive", "toggleRevive", "toggleDelete"),
)


def layers() -> Drawing:
    """Draw the packages. An arrow leads from a package to a package that it uses."""
    drawing = Drawing(760, 420, "The layers of Flagstaff: two edges on one store.")
    drawing.box((60, 20), (280, 44), "Admin frontends, GraphiQL")
    drawing.box((420, 20), (280, 44), "SDKs, OpenFeature, scripts")
    drawing.frame((30, 104), (700, 146))
    drawing.text((380, 125), "flagstaff: settings, server, pages", style="title")
    drawing.box(
        (60, 140),
        (280, 88),
        "graph",
        "GraphQL: schema, limits,",
        "access, subscriptions",
        kind="strong",
    )
    drawing.box(
        (420, 140),
        (280, 88),
        "rest_compat",
        "REST: bodies for SDKs,",
        "ETags, reports, OFREP",
        kind="strong",
    )
    drawing.box(
        (60, 280),
        (640, 66),
        "store",
        "operations, snapshot, audit log, usage, evaluation; knows no web library",
        kind="strong",
    )
    drawing.box((260, 376), (240, 34), "SQLite or PostgreSQL")
    drawing.arrow((200, 64), (200, 139), label="/graphql", at=(238, 90))
    drawing.arrow((560, 64), (560, 139), label="/api, /ofrep", at=(608, 90))
    drawing.arrow((200, 228), (200, 279))
    drawing.arrow((560, 228), (560, 279))
    drawing.arrow((380, 346), (380, 375))
    return drawing


def request() -> Drawing:
    """Draw the path of a request through the middleware to one of the three applications."""
    drawing = Drawing(760, 608, "The way of a request from the connection to an application.")
    steps = ["uvicorn's protocol: checks the head", *LAYERS.values()]
    column(drawing, (220, 20), (320, 32), 16, steps)
    bottom = 20 + len(steps) * 48 - 16
    for x, title, *lines in (
        (20, "rest_compat", "/health, /ready,", "/api, /ofrep"),
        (270, "graph", "/graphql,", "/schema.graphql"),
        (520, "pages", "/, /docs, /redoc, /sample,", "/guide, other paths"),
    ):
        drawing.arrow(
            (380, bottom), (380, bottom + 14), (x + 110, bottom + 14), (x + 110, bottom + 33)
        )
        drawing.box((x, bottom + 34), (220, 72), title, *lines, kind="strong")
    return drawing


def scopes() -> Drawing:
    """Draw the data that SDK tokens can read. Rows are projects, and columns are environments."""
    drawing = Drawing(760, 300, "Environments, projects and tokens decide what an SDK sees.")
    tokens = ("*:production.…", "shop:production.…", "shop:default.…")
    for number, token in enumerate(tokens, start=1):
        drawing.box((20, number * 84 - 34), (190, 64), f"token {number}", token)
    drawing.text((425, 36), "environment default", style="title")
    drawing.text((640, 36), "environment production", style="title")
    rows = (
        (50, "shop", "basket", "seen by token 3", "seen by tokens 1 and 2"),
        (170, "default", "banner", "seen by none of these", "seen by token 1"),
    )
    for y, project, toggle, elsewhere, production in rows:
        drawing.text((265, y + 48), "project", style="note")
        drawing.text((265, y + 68), project, style="title")
        drawing.box((325, y), (200, 110), toggle, "off", elsewhere)
        drawing.box((540, y), (200, 110), toggle, "on", production, kind="strong")
    return drawing


def life() -> Drawing:
    """Draw the states of a toggle, and the data that SDKs get in each state."""
    drawing = Drawing(760, 300, "The life of a toggle: active, stale, archived, revived, deleted.")
    drawing.box((150, 40), (180, 70), "active", "SDKs get it", kind="strong")
    drawing.box((520, 40), (180, 70), "stale", "SDKs get it, marked", kind="strong")
    drawing.box((335, 190), (180, 70), "archived", "SDKs do not get it")
    drawing.box((20, 190), (150, 70), "deleted", "its name is free")
    drawing.arrow((30, 75), (149, 75), label=CREATE, at=(80, 66))
    drawing.arrow((330, 62), (519, 62), label=f"{MARK}: stale", at=(425, 54))
    drawing.arrow((520, 90), (331, 90), label=f"{MARK}: not stale", at=(425, 108))
    drawing.arrow((610, 110), (610, 215), (516, 215), label=ARCHIVE, at=(668, 170))
    drawing.arrow((290, 110), (290, 150), (400, 150), (400, 189), label=ARCHIVE, at=(460, 172))
    drawing.arrow((335, 215), (220, 215), (220, 111), label=f"{REVIVE}: off", at=(272, 234))
    drawing.arrow((335, 245), (171, 245), label=DELETE, at=(252, 262))
    return drawing


DIAGRAMS = {"layers": layers, "request": request, "scopes": scopes, "life": life}


def main() -> None:
    """Write all diagrams."""
    for name, draw in DIAGRAMS.items():
        (IMAGES / f"{name}.svg").write_text(draw().svg(), encoding="utf-8")


if __name__ == "__main__":
    main()
