"""The expected faults are found in source code, and code with a fault is still valid."""

import ast

import pytest

from tests.mutants.faults import faults_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("x = (a) is not (b)", ["(a) is (b)"]),
        ("x = a not in b", ["a in b"]),
        ("x = 'é' if not(a or b) else c", ["if (a or b)", "not(a and b)"]),
        ("x = 64", ["65"]),
        ("x = -0.0", ["-1.0"]),
        ("x = True", ["False"]),
        ("x = all(a)", ["any(a)"]),
        ("x = f(a, b, c)", ["f(b, a, c)"]),
        ("x = f(a, *b)", []),
        ("x = min(a, b)", ["max(a, b)"]),
        ("x = [a for a in b if a > 'c']", ["not (a > 'c')", "a >= 'c'"]),
        ("x: int | None = 1", ["2"]),
        ("x = isinstance(a, int | str)", []),
        ("x = dict[str, list[int]]()", []),
        ("x = f'{a + 1}'", []),
        ("assert a > 1", []),
        ("'Text.'", []),
        ("_log.debug('text')", []),
        ("self.a = b", ["pass"]),
        ("a = b", []),
        ("a += b", ["pass", "a -= b"]),
        ("await f()", ["pass"]),
        ("del a", ["pass"]),
        ("def f(a: int = 1) -> None: return", ["a: int = 2", ": pass"]),
        ("@cache\ndef f(): pass", ["\ndef f(): pass"]),
        ("@property\ndef f(): pass", []),
        ("if TYPE_CHECKING: a()", []),
        ("if a: raise B", ["if not (a): raise B", "if a: pass"]),
    ],
)
def test_a_text_has_faults(text: str, expected: list[str]) -> None:
    source = text.encode()

    changed = [fault.put_into(source).decode() for fault in faults_in("a.py", source)]

    assert len(changed) == len(expected)
    assert all(one in other for one, other in zip(expected, changed, strict=True)), changed
    for item in changed:
        assert ast.dump(ast.parse(item)) != ast.dump(ast.parse(text))


def test_a_fault_knows_its_lines() -> None:
    source = b"A = 1\ndef f():\n    return g(\n        2,\n    )\n"

    first, second = faults_in("a.py", source)

    assert (first.line, first.statement, first.within_function) == (1, 1, False)
    assert (second.line, second.last_line, second.statement) == (4, 4, 3)
    assert second.within_function
    assert second.words == "2 → 3"
