"""Reading the databases of Unleash servers: old and new tables, and databases that are neither."""

import asyncpg
import pytest

from store import Store
from store.errors import Refusal
from store.model import SYSTEM, ApiTokenType
from store.operations.tokens import hash_secret
from store.transfer.unleash.checking import unleash_document_of
from store.transfer.unleash.importing import import_unleash
from store.transfer.unleash.server_database import ServerContent, read_server_database
from store.transfer.unleash.server_tokens import TokenResult, import_tokens
from tests.store.transfer.unleash.documents import configured, names

pytestmark = pytest.mark.postgres

# The columns that all supported versions have.
COMMON = """
CREATE TABLE migrations (id serial, name text, run_on timestamp);
CREATE TABLE strategies (name text, description text, parameters json, built_in int, title text);
INSERT INTO strategies VALUES ('default', '', '[]', 1), ('country', 'By country',
  '[{"name": "countries", "type": "list"}]', 0);
CREATE TABLE projects (id text, name text, description text, created_at timestamp);
INSERT INTO projects VALUES ('default', 'Default'), ('web', 'Web shop');
CREATE TABLE tag_types (name text, description text, icon text);
INSERT INTO tag_types VALUES ('team');
CREATE TABLE tags (type text, value text);
INSERT INTO tags VALUES ('team', 'web');
CREATE TABLE feature_tag (feature_name text, tag_type text, tag_value text);
INSERT INTO feature_tag VALUES ('a', 'team', 'web');
CREATE TABLE users (id int);
INSERT INTO users VALUES (1), (2);
CREATE TABLE events (id int PRIMARY KEY, created_at timestamptz, type text, created_by text,
  data json);
CREATE TABLE client_applications (app_name text, created_at timestamp, updated_at timestamp,
  seen_at timestamp, strategies json, description text, icon text, url text, color text);
CREATE TABLE client_instances (app_name text, instance_id text, client_ip text, sdk_version text,
  last_seen timestamptz, created_at timestamptz);
"""
OLD = """
INSERT INTO migrations (name) VALUES ('/20141020151056-a'), ('/20210421135405-b');
CREATE TABLE features (name text, description text, enabled int, archived int, strategies json,
  variants json, type text, stale bool, project text, created_at timestamptz);
INSERT INTO features VALUES
  ('a', 'First', 1, 0, '[{"name": "country", "parameters": {"countries": "NO"}},
    {"name": "default", "constraints":
      [{"contextName": "plan", "operator": "IN", "values": ["pro"]}]}]',
    '[{"name": "blue", "weight": 1000, "weightType": "variable", "stickiness": "default"}]',
    'release', false, 'web', '2020-01-02T03:04:05Z'),
  ('gone', null, 0, 1, '[]', '[]', 'kill-switch', true, 'default', '2020-01-01T00:00:00Z');
CREATE TABLE context_fields (name text, description text, sort_order int, legal_values text);
INSERT INTO context_fields VALUES ('plan', '', 3, 'free, pro');
CREATE TABLE api_tokens (secret text, username text, type text, created_at timestamptz,
  expires_at timestamptz);
INSERT INTO api_tokens VALUES
  ('5bf1d0a1c7', 'sdk', 'client', '2021-01-01', null),
  ('77a0c1d2e3', 'deploy', 'admin', '2021-01-01', null),
  ('0000000000', 'late', 'client', '2021-01-01', '2021-02-01');
"""
NEW = """
INSERT INTO migrations (name) VALUES ('/20260902120000-b');
CREATE TABLE features (name text, description text, type text, stale bool, project text,
  created_at timestamptz, archived_at timestamptz, impression_data bool);
INSERT INTO features VALUES
  ('a', 'First', 'release', false, 'web', '2020-01-02T03:04:05Z', null, true),
  ('gone', null, 'kill-switch', true, 'default', '2020-01-01Z', '2024-05-06T07:08:09Z', false);
CREATE TABLE environments (name text, type text, enabled bool, sort_order int);
INSERT INTO environments VALUES ('development', 'development', true, 1),
  ('production', 'production', true, 2);
CREATE TABLE feature_environments (feature_name text, environment text, enabled bool,
  variants jsonb);
INSERT INTO feature_environments VALUES ('a', 'development', true, '[]'),
  ('a', 'production', false,
    '[{"name": "blue", "weight": 1000, "weightType": "variable", "stickiness": "default"}]');
CREATE TABLE feature_strategies (id text, feature_name text, environment text, strategy_name text,
  parameters jsonb, constraints jsonb, sort_order int, created_at timestamptz, title text,
  disabled bool, variants jsonb);
INSERT INTO feature_strategies VALUES
  ('s2', 'a', 'production', 'default', '{}', '[]', 2, now(), 'Last', true, '[]'),
  ('s1', 'a', 'production', 'country', '{"countries": "NO"}', '[]', 1, now(), null, false, null);
CREATE TABLE segments (id int, name text, description text, constraints jsonb);
INSERT INTO segments VALUES
  (7, 'pro', null, '[{"contextName": "plan", "operator": "IN", "values": ["pro"]}]');
CREATE TABLE feature_strategy_segment (feature_strategy_id text, segment_id int,
  created_at timestamptz);
INSERT INTO feature_strategy_segment VALUES ('s1', 7, now());
CREATE TABLE dependent_features (parent text, child text, enabled bool, variants jsonb);
INSERT INTO features VALUES ('p', null, 'release', false, 'web', now(), null, false);
INSERT INTO dependent_features VALUES ('p', 'a', false, '[]');
CREATE TABLE context_fields (name text, description text, sort_order int, legal_values json,
  stickiness bool);
INSERT INTO context_fields VALUES ('plan', '', 3, '[{"value": "free"}, {"value": "pro"}]', true);
CREATE TABLE api_tokens (secret text, username text, token_name text, type text, environment text,
  created_at timestamptz, expires_at timestamptz, alias text);
CREATE TABLE api_token_project (secret text, project text);
INSERT INTO api_tokens VALUES
  ('web:production.5bf1d0a1c7', 'x', 'sdk', 'backend', 'production', '2025-01-01', null, null),
  ('*:staging.5bf1d0a1c7', 'x', 'elsewhere', 'frontend', 'staging', '2025-01-01', null, null);
INSERT INTO api_token_project VALUES ('web:production.5bf1d0a1c7', 'web');
"""


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def take(store: Store, content: ServerContent) -> TokenResult:
    async with store.write(SYSTEM) as work:
        await import_unleash(work, unleash_document_of(content.state))
    async with store.write(SYSTEM) as work:
        return await import_tokens(work, content.tokens)


async def test_a_database_of_3_x_is_read(database_url: str, store: Store):
    await run(database_url, COMMON, OLD)
    # Names that differ only in case belong to two toggles.
    await run(
        database_url,
        "CREATE TABLE other AS SELECT * FROM features WHERE name = 'a'",
        "UPDATE other SET name = 'A', project = 'default'",
        "INSERT INTO features SELECT * FROM other; DROP TABLE other",
    )

    content = await read_server_database(database_url)
    tokens = await take(store, content)

    toggle = store.snapshot.toggles["a"]
    assert (toggle.project, toggle.description) == ("web", "First")
    assert store.snapshot.toggles["A"].project == "default"
    assert [tag.value for tag in toggle.tags] == ["web"]
    assert names(store, "a", "default") == ["country", "default"]
    found = configured(store, "a", "default")
    assert found.enabled
    assert [variant.name for variant in found.variants or ()] == ["blue"]
    gone = store.snapshot.toggles["gone"]
    assert (gone.archived, gone.stale) == (True, True)
    assert store.snapshot.strategies["country"].parameters[0].name == "countries"
    legal = store.snapshot.context_fields["plan"].legal_values
    assert [value.value for value in legal] == ["free", "pro"]
    assert content.not_taken == {"user": 2}
    client = store.snapshot.tokens_by_hash[hash_secret("5bf1d0a1c7")]
    assert (client.type, client.environment) == (ApiTokenType.CLIENT, "default")
    assert store.snapshot.tokens_by_hash[hash_secret("77a0c1d2e3")].type is ApiTokenType.ADMIN
    assert tokens == TokenResult(2, ["The token 'late' is left out: it has expired."])


async def test_a_database_with_environments_is_read(database_url: str, store: Store):
    await run(database_url, COMMON, NEW)

    content = await read_server_database(database_url)
    tokens = await take(store, content)

    toggle = store.snapshot.toggles["a"]
    assert toggle.impression_data
    assert [(d.toggle, d.enabled) for d in toggle.dependencies] == [("p", False)]
    assert configured(store, "a", "development").enabled
    production = configured(store, "a", "production")
    assert not production.enabled
    assert names(store, "a", "production") == ["country", "default"]
    assert [strategy.disabled for strategy in production.strategies] == [False, True]
    assert [variant.name for variant in production.variants or ()] == ["blue"]
    (segment,) = production.strategies[0].segments
    assert store.snapshot.segments[segment].name == "pro"
    archived_at = store.snapshot.toggles["gone"].archived_at
    assert archived_at is not None
    assert archived_at.isoformat() == "2024-05-06T07:08:09+00:00"
    client = store.snapshot.tokens_by_hash[hash_secret("web:production.5bf1d0a1c7")]
    assert (client.name, client.environment, client.projects) == ("sdk", "production", ("web",))
    assert tokens.imported == 1
    assert tokens.left_out == [
        "The token 'elsewhere' is left out: No environment is named 'staging'."
    ]


async def test_importing_again_changes_nothing(database_url: str, store: Store):
    await run(database_url, COMMON, NEW)
    content = await read_server_database(database_url)
    await take(store, content)
    before = store.snapshot

    again = await take(store, await read_server_database(database_url))

    assert again.imported == 0
    assert store.snapshot.toggles == before.toggles
    assert store.snapshot.tokens == before.tokens


async def test_tables_in_a_schema_are_read(database_url: str):
    await run(database_url, "CREATE SCHEMA toggles; SET search_path = toggles;" + COMMON + OLD)

    content = await read_server_database(database_url, schema="toggles")

    assert len(content.state["features"]) == 2
    with pytest.raises(Refusal, match="name it with --schema"):
        await read_server_database(database_url)


async def test_an_earlier_schema_of_the_search_path_does_not_hide_the_tables(database_url: str):
    await run(database_url, COMMON, OLD, "CREATE SCHEMA flagstaff")

    content = await read_server_database(database_url)

    assert len(content.state["features"]) == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE migrations SET name = '/20200101000000-a'", "older than Unleash 3.17"),
        ("UPDATE migrations SET name = '/20990101000000-a'", "20990101000000-a, which is newer"),
        ("UPDATE migrations SET name = 'other'", "'other' of the database is not one"),
        ("ALTER TABLE feature_strategies DROP COLUMN environment", "no column 'environment'"),
        ("DROP TABLE feature_environments", "no table 'feature_environments'"),
        ("DROP TABLE migrations", "is not that of an Unleash server"),
    ],
)
async def test_other_databases_are_refused_with_what_was_found(
    database_url: str, statement: str, said: str
):
    await run(database_url, COMMON, NEW, statement)

    with pytest.raises(Refusal, match=said):
        await read_server_database(database_url)


async def test_a_table_without_permission_is_named(database_url: str):
    await run(
        database_url,
        COMMON + NEW,
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
        "REVOKE SELECT ON api_tokens FROM reader; GRANT INSERT ON api_tokens TO reader",
    )

    with pytest.raises(Refusal, match="may not read the table 'api_tokens'"):
        await read_server_database(database_url.replace("flagstaff@", "reader@"))
