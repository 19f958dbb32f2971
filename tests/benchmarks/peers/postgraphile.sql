CREATE TABLE toggle_type (name text PRIMARY KEY, description text NOT NULL);
CREATE TABLE project (name text PRIMARY KEY, title text NOT NULL);
CREATE TABLE environment (name text PRIMARY KEY, type text NOT NULL);
CREATE TABLE toggle (
  id integer PRIMARY KEY,
  name text NOT NULL UNIQUE,
  description text NOT NULL,
  stale boolean NOT NULL,
  archived boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  type_name text NOT NULL REFERENCES toggle_type,
  project_name text NOT NULL REFERENCES project
);
CREATE TABLE tag (
  id serial PRIMARY KEY,
  toggle_id integer NOT NULL REFERENCES toggle,
  value text NOT NULL
);
CREATE TABLE toggle_environment (
  id serial PRIMARY KEY,
  toggle_id integer NOT NULL REFERENCES toggle,
  environment_name text NOT NULL REFERENCES environment,
  enabled boolean NOT NULL,
  revision integer NOT NULL
);
CREATE TABLE strategy (
  id serial PRIMARY KEY,
  toggle_environment_id integer NOT NULL REFERENCES toggle_environment,
  name text NOT NULL,
  sort_order integer NOT NULL
);
CREATE TABLE strategy_constraint (
  id serial PRIMARY KEY,
  strategy_id integer NOT NULL REFERENCES strategy,
  context_name text NOT NULL,
  values text[] NOT NULL
);
CREATE TABLE variant (
  id serial PRIMARY KEY,
  toggle_environment_id integer NOT NULL REFERENCES toggle_environment,
  name text NOT NULL,
  weight integer NOT NULL
);

-- $1 is a JSON list of toggles. Each has one environment, and its number in the list is its key.
CREATE FUNCTION pg_temp.fill(toggles jsonb) RETURNS void LANGUAGE sql AS $$
  INSERT INTO toggle_type
    SELECT DISTINCT t->'type'->>'name', t->'type'->>'description'
    FROM jsonb_array_elements(toggles) t;
  INSERT INTO project
    SELECT DISTINCT t->'project'->>'name', t->'project'->>'title'
    FROM jsonb_array_elements(toggles) t;
  INSERT INTO environment
    SELECT DISTINCT t#>>'{environments,0,environment,name}', t#>>'{environments,0,environment,type}'
    FROM jsonb_array_elements(toggles) t;
  INSERT INTO toggle
    SELECT (t->>'id')::integer, t->>'name', t->>'description', (t->>'stale')::boolean,
      (t->>'archived')::boolean, (t->>'createdAt')::timestamptz, (t->>'updatedAt')::timestamptz,
      t->'type'->>'name', t->'project'->>'name'
    FROM jsonb_array_elements(toggles) t;
  INSERT INTO tag (toggle_id, value)
    SELECT (t->>'id')::integer, tag->>'value'
    FROM jsonb_array_elements(toggles) t, jsonb_array_elements(t->'tags') tag;
  INSERT INTO toggle_environment (id, toggle_id, environment_name, enabled, revision)
    SELECT (t->>'id')::integer, (t->>'id')::integer, e->'environment'->>'name',
      (e->>'enabled')::boolean, (e->>'revision')::integer
    FROM jsonb_array_elements(toggles) t, jsonb_array_elements(t->'environments') e;
  INSERT INTO strategy (id, toggle_environment_id, name, sort_order)
    SELECT (t->>'id')::integer, (t->>'id')::integer, s->>'name', (s->>'sortOrder')::integer
    FROM jsonb_array_elements(toggles) t, jsonb_array_elements(t#>'{environments,0,strategies}') s;
  INSERT INTO strategy_constraint (strategy_id, context_name, values)
    SELECT (t->>'id')::integer, c->>'contextName',
      ARRAY(SELECT jsonb_array_elements_text(c->'values'))
    FROM jsonb_array_elements(toggles) t,
      jsonb_array_elements(t#>'{environments,0,strategies,0,constraints}') c;
  INSERT INTO variant (toggle_environment_id, name, weight)
    SELECT (t->>'id')::integer, v->>'name', (v->>'weight')::integer
    FROM jsonb_array_elements(toggles) t, jsonb_array_elements(t#>'{environments,0,variants}') v;
$$;

CREATE INDEX ON tag (toggle_id);
CREATE INDEX ON toggle_environment (toggle_id);
CREATE INDEX ON strategy (toggle_environment_id);
CREATE INDEX ON strategy_constraint (strategy_id);
CREATE INDEX ON variant (toggle_environment_id);
