"""The code samples of all operations run. Samples in some languages are only compiled or parsed."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_ruby

from flagstaff.openapi.code_samples import LANGUAGES
from flagstaff.openapi.code_samples.request import SampleRequest
from flagstaff.openapi.document import build_document
from tests.openapi.requests import examples, operations
from tests.openapi.sample_programs import RUNNERS, Sample
from tests.openapi.seed import TOKENS
from tests.openapi.servers import prepare_database, seeded_server

PARSERS = {
    "go": tree_sitter_go,
    "java": tree_sitter_java,
    "ruby": tree_sitter_ruby,
    "csharp": tree_sitter_c_sharp,
}
GO_PACKAGES = ("bufio", "fmt", "io", "os", "strings")
# If not all rows run, one of this many operations is called.
STEP = 9
# These characters must be escaped in the strings of some languages.
ODD = '\'it\'\'s\' """ \\n \\u0041 ` ${x} #{y} $HOME $(z) \t \n BODY\nBODY é 🏁 \u2028 @"" {{b}} %s'


@cache
def samples_of(lang: str) -> list[Sample]:
    """The samples of all operations in a language."""
    document = build_document()
    sources = {
        operation["operationId"]: sample["source"]
        for _, _, operation in operations(document)
        for sample in operation["x-codeSamples"]
        if sample["lang"] == lang
    }
    return [
        Sample(example.id, sources[example.id], TOKENS.get(example.scheme or "", ""))
        for example in examples(document)
    ]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the installation of the examples."""
    return prepare_database(tmp_path_factory.mktemp("prepared"))


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("lang", RUNNERS)
def test_samples_run_and_succeed(
    prepared: Path, tmp_path: Path, request: pytest.FixtureRequest, lang: str
) -> None:
    if lang == "javascript" and shutil.which("node") is None:
        pytest.skip("Node is not installed")
    samples = samples_of(lang)[:: 1 if request.config.getoption("--every-row") else STEP]

    with seeded_server(prepared, tmp_path) as server:
        failed = RUNNERS[lang](samples, server.url, tmp_path)

    assert failed == {}
    print(f"{len(samples)} samples ran")


@pytest.mark.parametrize("lang", [language.lang for language in LANGUAGES])
def test_every_operation_has_a_sample(lang: str) -> None:
    samples = samples_of(lang)

    assert len(samples) == len({sample.source for sample in samples}) > 100


@pytest.mark.parametrize("lang", PARSERS)
def test_samples_parse(lang: str) -> None:
    assert [sample.id for sample in samples_of(lang) if not parses(lang, sample.source)] == []


def parses(lang: str, source: str) -> bool:
    language = tree_sitter.Language(PARSERS[lang].language())
    return not tree_sitter.Parser(language).parse(source.encode()).root_node.has_error


def test_samples_send_the_example_of_a_body() -> None:
    for _, _, operation in operations(build_document()):
        content = operation.get("requestBody", {}).get("content", {})
        go = next(item for item in operation["x-codeSamples"] if item["lang"] == "go")

        has_body = "example" in content.get("application/json", {})
        assert ("strings.NewReader(" in go["source"]) is has_body, operation["operationId"]


def test_samples_for_go_import_the_packages_that_they_use() -> None:
    """Go's compiler refuses programs with unused imports, but the compiler is seldom installed."""
    for sample in samples_of("go"):
        imports, code = sample.source.split(")", 1)
        imported = {path.rpartition("/")[2] for path in re.findall(r'^\t"(.+)"$', imports, re.M)}
        used = {name for name in GO_PACKAGES if re.search(rf"\b{name}\.[A-Z]\w+\(", code)}

        assert imported == used | {"http"}, sample.id


@pytest.mark.thorough
@pytest.mark.slow
def test_samples_for_java_compile(tmp_path: Path) -> None:
    if shutil.which("javac") is None:
        pytest.skip("no JDK is installed")
    for sample in samples_of("java"):
        name = sample.id[0].upper() + sample.id[1:]
        (tmp_path / f"{name}.java").write_text(sample.source, encoding="utf-8")

    compile_all(
        ["javac", "-encoding", "UTF-8", *(file.name for file in tmp_path.iterdir())], tmp_path
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "ending", "command"),
    [
        ("go", "go", ["gofmt", "-l"]),
        ("ruby", "rb", ["ruby", "-c"]),
        ("csharp", "cs", ["mcs", "-langversion:latest", "-target:library", "-r:System.Net.Http"]),
    ],
)
def test_samples_compile_where_a_toolchain_is(
    tmp_path: Path, lang: str, ending: str, command: list[str]
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    files: list[str] = []
    for sample in samples_of(lang):
        files.append(f"{sample.id}.{ending}")
        (tmp_path / files[-1]).write_text(sample.source, encoding="utf-8")

    compile_all([*command, *files], tmp_path)


def compile_all(command: list[str], folder: Path) -> None:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.fixture
def odd_request() -> SampleRequest:
    """A request whose keys and values have every character that some language must escape."""
    return SampleRequest(
        id="sendOdd",
        method="POST",
        path="/api/x%27%22%60%24?a=%7B%7D",
        token="an admin token",
        has_body=True,
        body={ODD: [ODD, None, True, 1.5, {}, []]},
        is_stream=False,
    )


def source_of(lang: str, request: SampleRequest) -> str:
    return next(language.write(request) for language in LANGUAGES if language.lang == lang)


@pytest.mark.parametrize("lang", PARSERS)
def test_what_must_be_escaped_still_parses(odd_request: SampleRequest, lang: str) -> None:
    assert parses(lang, source_of(lang, odd_request))


def test_the_shell_sends_the_body_unchanged(odd_request: SampleRequest) -> None:
    program = 'curl() { printf "%s\\0" "$@"; }\n' + source_of("shell", odd_request)

    ended = subprocess.run(
        ["bash", "-c", program],
        env={"FLAGSTAFF_URL": "http://server", "FLAGSTAFF_TOKEN": "t"},
        capture_output=True,
        text=True,
        check=True,
    )

    words = ended.stdout.split("\0")
    assert json.loads(words[words.index("-d") + 1]) == odd_request.body
    assert "http://server" + odd_request.path in words


def test_python_sends_the_body_unchanged(
    odd_request: SampleRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, Any] = {}

    class Answer:
        text = ""

        def raise_for_status(self) -> None:
            pass

    def post(address: str, **content: Any) -> Answer:
        sent.update(content, address=address)
        return Answer()

    monkeypatch.setattr("httpx.post", post)
    monkeypatch.setenv("FLAGSTAFF_URL", "http://server")
    monkeypatch.setenv("FLAGSTAFF_TOKEN", "t")

    exec(source_of("python", odd_request), {})

    assert sent["json"] == odd_request.body
    assert sent["address"] == "http://server" + odd_request.path


def test_node_sends_the_body_unchanged(odd_request: SampleRequest, tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    stub = (
        "globalThis.fetch = async (address, options) =>\n"
        "  ({ ok: true, text: async () => JSON.stringify([address, options.body]) });\n"
    )
    (tmp_path / "odd.mjs").write_text(stub + source_of("javascript", odd_request), "utf-8")

    ended = subprocess.run(
        ["node", "odd.mjs"],
        cwd=tmp_path,
        env={
            "FLAGSTAFF_URL": "http://server",
            "PATH": str(Path(shutil.which("node") or "").parent),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    address, body = json.loads(ended.stdout)
    assert (address, json.loads(body)) == ("http://server" + odd_request.path, odd_request.body)
