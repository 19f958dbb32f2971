"""The rows of the result table: the figures that each row compares, and its goal."""

from enum import Enum

from msgspec import Struct

from tests.benchmarks.peers.laboratory import FEW, MANY, MOST
from tests.benchmarks.peers.work.pages import NAMES
from tests.benchmarks.peers.work.sizes import VARIABLES


class Form(Enum):
    """The computation of a row's result, and whether the goal is a minimum."""

    TIMES_CHEAPER = "times cheaper"  # the other figure divided by our figure: at least the goal
    TIMES_AS_MUCH = "times as much"  # our figure divided by the other figure: at most the goal
    FIGURE = "figure"  # our figure: at most the goal


class Row(Struct, frozen=True):
    """A row of the result table.

    `name` is the name on the command line. `figure` is the name of our figure, and `against` is the
    name of the other server's figure.

    `other` is the other server's name for readers.
    """

    name: str
    group: str
    title: str
    figure: str
    goal: float | None
    unit: str
    form: Form = Form.FIGURE
    against: str = ""
    other: str = ""


_PAGE_GOALS = {
    "ToggleListPage": 1,
    "ToggleDetailPage": 4,
    "EventLogPage": 6,
    "CleanUpPage": 3,
    "PlaygroundPage": 4,
    "ChangeSetsPage": 8,
}
_SDKS = "SDKs and browsers"
_LISTS = "GraphQL, lists of toggles"
_PAGES = "GraphQL, page queries"
_SIZES = "GraphQL, pages of 50 of 50,000 toggles"
_CHANGES = "Changes"
_SUBSCRIBERS = "1,000 subscribers over WebSocket"
_PROCESS = "Import, start, memory"


def _polls() -> list[Row]:
    titles = {"304": "poll without news (304)", "gzip": "poll, gzip", "plain": "poll, plain"}
    goals = {"304": 0.8, "gzip": 0.75, "plain": 0.6}
    return [
        Row(
            f"poll-{kind}",
            _SDKS,
            title,
            f"flagstaff {kind}",
            goals[kind],
            "µs",
            Form.TIMES_CHEAPER,
            f"nginx {kind}",
            "nginx, static file",
        )
        for kind, title in titles.items()
    ]


def _as_much(
    name: str, group: str, title: str, figure: str, goal: float, against: str, other: str
) -> Row:
    return Row(name, group, title, figure, goal, "µs", Form.TIMES_AS_MUCH, against, other)


def _cheaper(
    name: str, title: str, figure: str, goal: float | None, against: str, other: str
) -> Row:
    return Row(name, _LISTS, title, figure, goal, "µs", Form.TIMES_CHEAPER, against, other)


_STATIC_304 = ("nginx 304", "nginx, static 304")
_STOCK = "Strawberry with graphql-core"

ROWS: tuple[Row, ...] = (
    *_polls(),
    _as_much("metrics-nginx", _SDKS, "metrics, 20 toggles", "flagstaff metrics", 18, *_STATIC_304),
    Row(
        "metrics-unleash",
        _SDKS,
        "metrics, 20 toggles",
        "flagstaff metrics",
        22,
        "µs",
        Form.TIMES_CHEAPER,
        "unleash metrics",
        "Unleash",
    ),
    _as_much("frontend", _SDKS, "/api/frontend", f"frontend {FEW}", 50, *_STATIC_304),
    _as_much(
        "ofrep", _SDKS, "OFREP bulk", f"ofrep {FEW}", 1.5, f"frontend {FEW}", "our /api/frontend"
    ),
    *(
        _as_much(
            f"{name}-5000",
            _SDKS,
            f"{title}, {MANY:,} toggles",
            f"{name} {MANY}",
            14,
            f"{name} {FEW}",
            f"the same with {FEW}",
        )
        for name, title in (("frontend", "/api/frontend"), ("ofrep", "OFREP bulk"))
    ),
    _cheaper(
        "list-postgraphile",
        "list of 100, warm",
        "flagstaff list",
        60,
        "postgraphile list",
        "PostGraphile",
    ),
    _cheaper(
        "list-mercurius",
        "list of 100, warm",
        "flagstaff list",
        3.5,
        "mercurius list",
        "mercurius with JIT, in memory",
    ),
    _cheaper("list-stock", "list of 100, warm", "flagstaff list", 120, "stock list", _STOCK),
    _cheaper(
        "list-changed",
        "list of 100, right after a change",
        "flagstaff list after a change",
        8,
        "postgraphile list",
        "PostGraphile",
    ),
    _cheaper(
        "new-document-1",
        "list of 1, new document",
        "flagstaff new document 1",
        1.5,
        "stock new document 1",
        _STOCK,
    ),
    _cheaper(
        "new-document-100",
        "list of 100, new document",
        "flagstaff new document 100",
        None,
        "stock new document 100",
        _STOCK,
    ),
    *(Row(f"page-{name}", _PAGES, name, name, goal, "ms") for name, goal in _PAGE_GOALS.items()),
    *(
        _as_much(
            f"size-{name.replace(' ', '-')}",
            _SIZES,
            name,
            f"{name} {MOST}",
            4 if name == "search" else 1.5,
            f"{name} {FEW}",
            f"the same with {FEW}",
        )
        for name in VARIABLES
    ),
    Row("switch", _CHANGES, "toggleSetEnabled, CPU", "toggleSetEnabled", 2, "ms"),
    Row("trips", _CHANGES, "its trips to SQLite's thread", "trips to SQLite", 6, ""),
    Row(
        "two-writers",
        _CHANGES,
        "two processes on PostgreSQL, time per change",
        "writes of two",
        1.0,
        "ms",
        Form.TIMES_AS_MUCH,
        "writes of one",
        "one process",
    ),
    *(
        Row(
            f"payload-{toggles}",
            _CHANGES,
            f"change and new features body, {toggles:,} toggles",
            f"new payload {toggles}",
            goal,
            "ms",
        )
        for toggles, goal in ((MANY, 15), (MOST, 60))
    ),
    *(
        Row(
            f"health-{toggles}",
            _CHANGES,
            f"longest /health meanwhile, {toggles:,} toggles",
            f"health {toggles}",
            40,
            "ms",
        )
        for toggles in (MANY, MOST)
    ),
    *(
        Row(
            f"other-process-{database.lower()}",
            _CHANGES,
            f"until another process serves a change, {database}",
            f"other process {database.lower()}",
            goal,
            "ms",
        )
        for database, goal in (("PostgreSQL", 6), ("SQLite", 8))
    ),
    Row(
        "subscribers-last",
        _SUBSCRIBERS,
        "until the last subscriber has a change",
        "flagstaff last subscriber",
        30,
        "ms",
        Form.TIMES_CHEAPER,
        "stock last subscriber",
        _STOCK,
    ),
    Row(
        "subscribers-memory",
        _SUBSCRIBERS,
        "memory for each subscriber",
        "flagstaff subscriber memory",
        35,
        "KB",
    ),
    Row("import-cpu", _PROCESS, f"import of {MOST:,} by the command, CPU", "import CPU", 20, "s"),
    Row("import-memory", _PROCESS, "its highest memory", "import memory", 600, "MB"),
    Row("version", _PROCESS, "flagstaff --version, CPU", "version", 0.1, "s"),
    Row(
        "memory",
        _PROCESS,
        f"memory with {FEW} toggles",
        "flagstaff memory",
        0.6,
        "MB",
        Form.TIMES_AS_MUCH,
        "unleash memory",
        "Unleash",
    ),
    Row("idle", _PROCESS, f"an idle server with {FEW} toggles, of a core", "idle", 0.4, "%"),
    Row("ready", _PROCESS, f"ready with {MANY:,} toggles, CPU", "ready", 1.4, "s"),
)
assert _PAGE_GOALS.keys() == set(NAMES)


def rows_named(names: list[str]) -> list[Row]:
    """Return the rows whose names equal or begin with a given name.

    Without names, return all rows.

    Raises: ValueError: a name selects no row.
    """
    known = {row.name for row in ROWS}
    for name in names:
        if not any(row.startswith(name) for row in known):
            listed = ", ".join(row.name for row in ROWS)
            raise ValueError(f"no row begins with {name!r}; the rows are {listed}")
    # A whole name such as `payload-5000` must not select `payload-50000`.
    prefixes = tuple(name for name in names if name not in known)
    return [
        row
        for row in ROWS
        if not names or row.name in names or (prefixes and row.name.startswith(prefixes))
    ]
