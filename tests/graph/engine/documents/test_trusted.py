"""Requests name trusted documents by ID. With a setting, the server refuses all other documents."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from flagstaff.app import compose
from flagstaff.settings import Settings
from flagstaff.settings_loading import SettingsError, load_settings
from graph.engine.documents.limits import Limits
from graph.engine.documents.persisted import digest_of
from graph.engine.documents.preparing import Documents
from graph.engine.documents.trusted import ManifestError, read_built_in, read_trusted
from graph.schema import schema
from store import Store
from tests.graph.gateway import Gateway, gateway_over

VIEWER = "query Viewer { viewer { canWrite } }"
PAGE = "query Page($first: Int) { toggles(first: $first) { totalCount } }"
ANSWER = {"data": {"viewer": {"canWrite": True}}}


on_the_shared_loop = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """The manifest that a frontend's build has written."""
    file = tmp_path / "persisted-documents.json"
    file.write_text(json.dumps({"one": VIEWER, "two": PAGE}))
    return file


async def post(gateway: Gateway, **body: Any) -> httpx.Response:
    return await gateway.client.post("/graphql", json=body, headers=gateway.headers("admin"))


def refusal(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return response.status_code, error["extensions"]["code"]


def persisted(source: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(source)}}


@on_the_shared_loop
async def test_a_document_is_named_by_its_id_or_its_digest(
    shared_store: Store, manifest: Path
) -> None:
    async with gateway_over(shared_store, trusted_documents=manifest) as gateway:
        answers = [
            await post(gateway, documentId="one"),
            await post(gateway, documentId=f"sha256:{digest_of(VIEWER)}"),
            await post(gateway, extensions=persisted(VIEWER)),
            await gateway.client.get(
                "/graphql", params={"documentId": "one"}, headers=gateway.headers("admin")
            ),
        ]
        page = await post(gateway, documentId="two", variables={"first": 3}, operationName="Page")
        other = await post(gateway, query="{ viewer { canWrite } }")

    assert [answer.json() for answer in answers] == [ANSWER] * 4
    assert page.json() == {"data": {"toggles": {"totalCount": 0}}}
    assert other.json() == ANSWER


@on_the_shared_loop
async def test_a_hash_may_be_an_id_of_the_manifest(shared_store: Store, manifest: Path) -> None:
    # A build may hash a text that differs from the document, such as a text without comments.
    id = digest_of("another text")
    manifest.write_text(json.dumps({id: VIEWER}))
    async with gateway_over(shared_store, trusted_documents=manifest, trusted_only=True) as gateway:
        by_hash = await post(gateway, extensions=persisted("another text"))
        by_id = await post(gateway, documentId=id)

    assert by_hash.json() == by_id.json() == ANSWER


@on_the_shared_loop
@pytest.mark.parametrize("id", ["three", "sha256:abc", "One"])
async def test_an_unknown_id_is_refused(shared_store: Store, manifest: Path, id: str) -> None:
    async with gateway_over(shared_store, trusted_documents=manifest) as gateway:
        response = await post(gateway, documentId=id)

    assert refusal(response) == (400, "DOCUMENT_NOT_FOUND")
    assert id in response.json()["errors"][0]["message"]


@on_the_shared_loop
async def test_without_a_manifest_no_id_is_known(shared_gateway: Gateway) -> None:
    assert refusal(await post(shared_gateway, documentId="one")) == (400, "DOCUMENT_NOT_FOUND")


@on_the_shared_loop
async def test_only_trusted_documents_run_where_it_is_so_set(
    shared_store: Store, manifest: Path
) -> None:
    async with gateway_over(shared_store, trusted_documents=manifest, trusted_only=True) as gateway:
        by_id = await post(gateway, documentId="one")
        same_text = await post(gateway, query=VIEWER, extensions=persisted(VIEWER))
        text = await post(gateway, query="{ viewer { canWrite } }")
        introspection = await post(gateway, query="{ __schema { description } }")
        digest = await post(gateway, extensions=persisted("{ viewer { canWrite } }"))
        again = await post(gateway, query="{ a }", extensions=persisted("{ a }"))

    assert by_id.json() == same_text.json() == ANSWER
    assert (
        refusal(text) == refusal(introspection) == refusal(again) == (403, "DOCUMENT_NOT_TRUSTED")
    )
    assert refusal(digest) == (400, "PERSISTED_QUERY_NOT_SUPPORTED")
    assert digest.json()["errors"][0]["message"] == "PersistedQueryNotSupported"


@pytest.fixture
def built_in(tmp_path: Path) -> Path:
    """The manifest of a page that the server ships."""
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({f"sha256:{digest_of(PAGE)}": PAGE}))
    return file


@on_the_shared_loop
async def test_the_documents_of_own_pages_run_beside_those_of_the_manifest(
    shared_store: Store, manifest: Path, built_in: Path
) -> None:
    manifest.write_text(json.dumps({"one": VIEWER}))
    config = {"trusted_documents": manifest, "built_in_documents": built_in}
    async with gateway_over(shared_store, trusted_only=True, **config) as gateway:
        answers = [
            await post(gateway, documentId=f"sha256:{digest_of(PAGE)}"),
            await post(gateway, query=PAGE),
            await post(gateway, extensions=persisted(PAGE)),
        ]
        by_id = await post(gateway, documentId="one")
        other = await post(gateway, query="{ viewer { canWrite } }")
        unknown = await post(gateway, documentId=digest_of(PAGE))

    assert [answer.json() for answer in answers] == [{"data": {"toggles": {"totalCount": 0}}}] * 3
    assert by_id.json() == ANSWER
    assert refusal(other) == (403, "DOCUMENT_NOT_TRUSTED")
    assert refusal(unknown) == (400, "DOCUMENT_NOT_FOUND")


@on_the_shared_loop
async def test_a_server_without_trusted_documents_knows_those_of_its_own_pages(
    shared_store: Store, built_in: Path
) -> None:
    async with gateway_over(shared_store, built_in_documents=built_in) as gateway:
        by_id = await post(gateway, documentId=f"sha256:{digest_of(PAGE)}", variables={"first": 1})
        other = await post(gateway, query="{ viewer { canWrite } }")

    assert by_id.json() == {"data": {"toggles": {"totalCount": 0}}}
    assert other.json() == ANSWER


@on_the_shared_loop
async def test_documents_of_own_pages_are_held_to_the_limits(
    shared_store: Store, built_in: Path
) -> None:
    config = {"built_in_documents": built_in, "limits": Limits(tokens=5)}
    async with gateway_over(shared_store, **config) as gateway:
        response = await post(gateway, documentId=f"sha256:{digest_of(PAGE)}")

    (error,) = response.json()["errors"]
    assert error["extensions"]["limit"] == "tokens"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is not JSON"),
        (json.dumps({f"sha256:{digest_of(PAGE)}": VIEWER}), "1 of the documents"),
        (json.dumps({"one": VIEWER}), "such as 'one'"),
    ],
)
def test_defects_of_the_own_manifest_are_logged_and_trust_nothing(
    built_in: Path, caplog: pytest.LogCaptureFixture, content: str, problem: str
) -> None:
    built_in.write_text(content)

    assert read_built_in(built_in) == {}
    assert problem in caplog.text


def test_a_page_that_is_not_built_has_no_documents(tmp_path: Path) -> None:
    assert read_built_in(tmp_path / "documents.json") == {}


@on_the_shared_loop
async def test_a_trusted_document_is_held_to_its_cost(shared_store: Store, manifest: Path) -> None:
    manifest.write_text(
        json.dumps(
            {
                "x": "query($n: Int) { toggles(first: $n) "
                "{ nodes { events(first: 500) { totalCount } } } }"
            }
        )
    )
    async with gateway_over(shared_store, trusted_documents=manifest) as gateway:
        response = await post(gateway, documentId="x", variables={"n": 11})

    assert refusal(response) == (422, "COST_LIMIT")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be a JSON object"),
        ('{"a": 5}', "The entry 'a'"),
        ('{"": "{ viewer { canWrite } }"}', "The entry ''"),
        ('{"a": "{ nothing }"}', "The document 'a'"),
        ('{"a": "{ viewer"}', "The document 'a'"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    tmp_path: Path, content: str | None, problem: str
) -> None:
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(ManifestError, match=problem):
        read_trusted(file, Documents(schema.graphql))


@on_the_shared_loop
async def test_a_server_does_not_start_on_such_a_manifest(
    shared_store: Store, tmp_path: Path
) -> None:
    settings = Settings(trusted_documents=tmp_path / "missing.json")

    with pytest.raises(SettingsError, match=r"FLAGSTAFF_TRUSTED_DOCUMENTS: .* cannot be read"):
        compose(shared_store, settings)


def test_trusting_only_documents_that_nobody_named_is_refused() -> None:
    with pytest.raises(SettingsError, match="needs FLAGSTAFF_TRUSTED_DOCUMENTS"):
        load_settings(trusted_documents_only=True)
