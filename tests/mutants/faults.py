"""Small faults that can be put into source code. Each fault edits the text of one node."""

import ast
import re

from msgspec import Struct

# Reports show at most this many characters of the original text, and of its replacement.
MAX_CHARACTERS = 60

# Each operator has a token between its operands, which a fault replaces with another token.
_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
_FUNCTIONS = {"all": "any", "any": "all", "min": "max", "max": "min"}
# These comparisons have an opposite operator. Negating the condition would be the same fault.
_OPPOSITES = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
# No code works without these decorators, so their removal reveals nothing about the tests.
_NEEDED_DECORATORS = frozenset(
    "property setter staticmethod classmethod overload abstractmethod override "
    "contextmanager asynccontextmanager fixture".split()
)
# The arguments of these functions are types or names, or have no fixed order.
_UNSWAPPED = frozenset("min max cast TypeVar isinstance issubclass getattr hasattr setattr".split())
_TYPES = frozenset("str int float bool bytes dict list tuple set frozenset object".split())


class Fault(Struct, frozen=True):
    """An edit that replaces the bytes from `start` to `end` of a file.

    `line` and `last_line` are the lines of the node. `statement` is the first line of the statement
    that contains the node. If `within_function` is false, the code runs when its module is
    imported.
    """

    path: str
    start: int
    end: int
    old: str
    new: str
    line: int
    last_line: int
    statement: int
    within_function: bool

    @property
    def words(self) -> str:
        """The fault as displayed in reports."""
        old, new = (_short(text) or "(nothing)" for text in (self.old, self.new))
        return f"{old} → {new}"

    def put_into(self, source: bytes) -> bytes:
        """Return the source with the fault in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def faults_in(path: str, source: bytes) -> list[Fault]:
    """Return all faults that can be put into a file, sorted by position."""
    found = _Finder(path, source).faults
    return sorted(found, key=lambda fault: (fault.start, fault.end, fault.new))


class _Finder(ast.NodeVisitor):
    """Visits all code except annotations, assertions, docstrings and f-strings.

    Python 3.11 does not report the positions of nodes in f-strings.
    """

    def __init__(self, path: str, source: bytes) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._statement = 1
        self._within_function = False
        self.visit(ast.parse(source))

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            around, self._statement = self._statement, node.lineno
            super().visit(node)
            self._statement = around
        else:
            super().visit(node)

    # ------------------------------------------------------------------ skipped nodes

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pass

    def visit_Assert(self, node: ast.Assert) -> None:
        pass

    def visit_arg(self, node: ast.arg) -> None:
        pass

    # ------------------------------------------------------------------ statements

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self._decorator(decorator)
        defaults = [
            *node.args.defaults,
            *(default for default in node.args.kw_defaults if default is not None),
        ]
        for part in (*node.decorator_list, *defaults):
            self.visit(part)
        around, self._within_function = self._within_function, True
        for part in node.body:
            self.visit(part)
        self._within_function = around

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        # Options of a class, such as `frozen=True`, only prevent misuse.
        for part in (*node.decorator_list, *node.body):
            self.visit(part)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            return
        self._condition(node.test)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            if ast.unparse(call.func).startswith("_log."):
                return
            self._remove(node)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            return
        if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            self._remove(node)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None or ast.unparse(node.annotation) == "TypeAlias":
            return
        if isinstance(node.target, ast.Attribute) and ast.unparse(node.value) != "None":
            self._edit(node.value, "None")
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._remove(node)
        self._operator(node.target, node.op, node.value, suffix="=")
        self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._remove(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        self._remove(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._remove(node)

    def visit_Break(self, node: ast.Break) -> None:
        self._remove(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            self._remove(node)
        else:
            self.visit(node.value)

    # ------------------------------------------------------------------ expressions

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._condition(test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            old, new = _COMPARISONS[type(operator)]
            self._between(left, right, old, new)
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between(left, right, old, new)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.BitOr) and (_is_type(node.left) or _is_type(node.right)):
            return
        if not (isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant)):
            self._operator(node.left, node.op, node.right)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            start = self._start(node)
            self._add(node, start, start + len("not"), "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self._edit(node, str(not node.value))
            case int():
                self._edit(node, str(node.value + 1))
            case float():
                self._edit(node, str(node.value * 2 or 1.0))
            case _:
                pass

    def visit_Subscript(self, node: ast.Subscript) -> None:
        # Subscripts of types, such as `dict[str, int]`, have no faults.
        if not _is_type(node):
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).rpartition(".")[2]
        if isinstance(node.func, ast.Name) and name in _FUNCTIONS:
            self._edit(node.func, _FUNCTIONS[name])
        if name not in _UNSWAPPED and len(node.args) > 1:
            one, other = (self._text(arg) for arg in node.args[:2])
            starred = any(isinstance(arg, ast.Starred) for arg in node.args[:2])
            if one != other and not starred:
                between = self._source[self._end(node.args[0]) : self._start(node.args[1])]
                start, end = self._start(node.args[0]), self._end(node.args[1])
                self._add(node, start, end, other + between.decode() + one)
        self.generic_visit(node)

    # ------------------------------------------------------------------ edits

    def _decorator(self, node: ast.expr) -> None:
        called = node.func if isinstance(node, ast.Call) else node
        if ast.unparse(called).rpartition(".")[2] in _NEEDED_DECORATORS:
            return
        start = self._source.rindex(b"@", 0, self._start(node))
        self._add(node, start, self._end(node), "")

    def _condition(self, node: ast.expr) -> None:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], _OPPOSITES):
            return
        self._edit(node, f"not ({self._text(node)})")

    def _operator(
        self, left: ast.expr, operator: ast.operator, right: ast.expr, *, suffix: str = ""
    ) -> None:
        if type(operator) in _OPERATORS:
            old, new = _OPERATORS[type(operator)]
            self._between(left, right, old + suffix, new + suffix)

    def _between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> None:
        """Replace an operator, which may be next to parentheses."""
        start = self._end(left)
        words = r"\s+".join(map(re.escape, old.split()))
        edge = r"\b" if old[0].isalpha() else ""
        between = self._source[start : self._start(right)].decode()
        found = re.search(f"{edge}{words}{edge}", between)
        if found is not None:
            # Between operands, only comments contain characters beyond ASCII.
            at = start + len(between[: found.start()].encode())
            self._add(right, at, at + len(found[0]), new)

    def _remove(self, node: ast.stmt) -> None:
        self._edit(node, "pass")

    def _edit(self, node: ast.stmt | ast.expr, new: str) -> None:
        self._add(node, self._start(node), self._end(node), new)

    def _add(self, node: ast.stmt | ast.expr, start: int, end: int, new: str) -> None:
        old = self._source[start:end].decode()
        line = 1 + self._source.count(b"\n", 0, start)
        last_line = max(line, node.end_lineno or line)
        position = line, last_line, self._statement, self._within_function
        self.faults.append(Fault(self._path, start, end, old, new, *position))

    def _start(self, node: ast.stmt | ast.expr) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.stmt | ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def _text(self, node: ast.expr) -> str:
        return self._source[self._start(node) : self._end(node)].decode()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def _is_type(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Name(id=name):
            return name in _TYPES or (name.lstrip("_")[:1].isupper() and not name.isupper())
        case ast.Attribute(attr=name):
            return name[:1].isupper() and not name.isupper()
        case ast.Subscript(value=value):
            return _is_type(value)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_type(left) or _is_type(right)
        case _:
            return False
