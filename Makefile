# `make run` and `make test` set up what they need; `make help` lists the rest.
DATASET ?= ml-100k
PORT ?= 5000
# for `make serve`, as SERVE='--port 8080 --rate 600/minute'
SERVE ?=
SIZES ?= 100k 1M
# for `make run`, beside the data set's own: VARS='accept_drift: true'
export VARS
export USER_ID

BIN := .venv/bin
# a system upgrade, or a move of this folder, leaves .venv broken: set it up again then
BROKEN := $(shell $(BIN)/python -c 'import cinespark' 2>&1 || rm -f .venv/.runtime)

# the database in the profile's state folder, for the one command that is not ours
TRACKING = $(shell $(BIN)/python -c 'from shlex import quote; \
	from cinespark.paths import state_dir; print(quote(f"sqlite:///{state_dir()}/mlflow.db"))')

# processes of tests, each with a JVM of its own
IN_TWO := -n 2

.PHONY: help run serve stream-demo build report docs pictures quality bench fuzz test test-quick lint format setup jars data mlflow lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: jars data  ## everything: environment, jars, data, dbt build, report, a user's list
	vars=$$($(BIN)/cinespark vars "$$VARS") && \
		$(BIN)/dbt build --exclude-resource-type unit_test --vars "$$vars"
	$(BIN)/cinespark report
	$(BIN)/cinespark show $(if $(USER_ID),--user "$$USER_ID")

# a version there is served as it is, and followed by the next one
VERSION = $(shell $(BIN)/python -c 'from cinespark.paths import exports_of, state_dir; \
	print(*exports_of(state_dir()).glob("current"))')

serve: setup  ## lists over HTTP, at http://127.0.0.1:8000; builds first where nothing is published
	@$(if $(VERSION),,$(MAKE) run)
	$(BIN)/cinespark serve $(SERVE)

stream-demo: setup  ## a list that follows ratings: broker, stream, service and feed; builds first
	@$(if $(VERSION),,$(MAKE) run)
	@$(BIN)/python scripts/stream_demo.py

jars: setup  ## the jars Spark needs, into var/jars
	@$(BIN)/cinespark jars

data: setup  ## the data set DATASET (a name or a folder), into var/data
	@$(BIN)/cinespark data "$(DATASET)"

mlflow: setup  ## the runs of all builds in a browser, at http://127.0.0.1:$(PORT)
	@echo "MLflow: http://127.0.0.1:$(PORT)/#/experiments/1/runs?workflowType=machine_learning (Ctrl-C ends it)"
	@$(BIN)/python -c 'from cinespark.paths import state_dir; \
		from cinespark.track.client import open_tracking; open_tracking(state_dir())'
	@MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=1 \
		MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false $(BIN)/mlflow server \
		--backend-store-uri $(TRACKING) \
		--host 127.0.0.1 --port $(PORT) --workers 1

report: setup  ## what was built last, as one page: var/report/index.html
	$(BIN)/cinespark report

docs: jars  ## the docs site as one file: target/static_index.html
	$(BIN)/dbt docs generate --static
	@$(BIN)/python scripts/mend_docs_site.py target/static_index.html

pictures: .venv/.dev  ## the pictures in the docs, from what was built last (needs Chromium)
	$(BIN)/cinespark report --pictures var/report/pictures
	cp var/report/pictures/genres.png var/report/pictures/rankers.png docs/pictures
	$(BIN)/python scripts/picture_of_report.py var/report/index.html docs/pictures/report.png

quality: jars  ## how good it is on hidden ratings, next to established libraries
	$(BIN)/python benchmarks/quality.py

bench: jars  ## what a build costs, at SIZES, next to a notebook: docs/performance.md
	$(BIN)/python benchmarks/bench.py --sizes $(SIZES) $(BENCH)

fuzz: .venv/.dev  ## a thousand requests of each kind to each address, by its description
	CINESPARK_FUZZ=1000 $(BIN)/pytest -n 0 tests/python/serve/test_schemathesis.py

test: .venv/.dev jars  ## all tests, and how long each folder took
	$(BIN)/pytest $(IN_TWO)

test-quick: .venv/.dev jars  ## the quick core of them, for daily work
	$(BIN)/pytest $(IN_TWO) -m "not slow"

# what is not Python's own takes as long as the types: each on a core of its own
LINTS := lint-python lint-project
.PHONY: $(LINTS)

lint: .venv/.dev  ## format, lint, types, SQL lint, rules of the dbt project, sizes
	@$(MAKE) --no-print-directory --output-sync=target --jobs=2 $(LINTS)

lint-python:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/check_sizes.py
	$(BIN)/mypy

lint-project:
	$(BIN)/python scripts/write_docs_tables.py --check
	$(BIN)/python scripts/check_project.py
	$(BIN)/sqlfluff lint --disable-progress-bar models tests macros

format: .venv/.dev  ## put the code in form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python scripts/write_docs_tables.py
	$(BIN)/sqlfluff fix --disable-progress-bar models tests macros

setup: .venv/.runtime  ## the Python environment, .venv

.venv/.runtime: requirements.lock pyproject.toml dbt-sparksession/pyproject.toml scripts/install.sh
	@scripts/install.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	@scripts/install.sh requirements-dev.lock
	@touch $@

# the adapter is a folder here, so it has no hash: install.sh puts it in by itself
COMPILE := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-annotate --no-emit-package dbt-sparksession

lock:  ## resolve the locks anew from pyproject.toml, the adapter's too (needs uv)
	$(COMPILE) --extra build pyproject.toml --output-file requirements.lock
	$(COMPILE) --extra build --extra dev \
		--constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:  ## delete everything that was made, data and tables too
	-@[ ! -d var/kafka ] || $(BIN)/cinespark kafka stop
	rm -rf var target logs .venv
