# Needs Python >= 3.11 and make; everything else is installed from PyPI into .venv.

PYTHON ?= python3
# Extra arguments for pytest, e.g. `make test PYTEST_ARGS="-k sqlite"`.
PYTEST_ARGS ?=
# Processes that share the tests, each with a PostgreSQL server of its own.
WORKERS ?= 2
# Extra arguments for the benchmarks, e.g. `make bench BENCH_ARGS="--rounds 1"`.
BENCH_ARGS ?=
# Which faults, and how many seconds each lasts, e.g. `make faults FAULTS="read_only failover" SECONDS="2 32 70"`.
FAULTS ?=
SECONDS ?= 2 10
# Extra arguments for the faults, e.g. `make faults FAULTS_ARGS="--logs DIR"` or `make faults FAULTS_ARGS=--list`.
FAULTS_ARGS ?=
# How many minutes random programs run under random faults, and where the random choices begin: `make faults MINUTES=10
# SEED=7`. Before them every call is made while uses of the database fail: one fault in SHARE is tried, since all take hours.
MINUTES ?= 0
SEED ?=
SHARE ?= 20

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEER_VENV := benchmarks/.venv-dbos
PEER_STAMP := $(PEER_VENV)/.installed

# Tests and benchmarks start hundreds of processes, none of which should have to compile every module anew.
export PYTHONDONTWRITEBYTECODE :=
# pytest-mypy-plugins and pyright find their tools and the interpreter through PATH.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help install demo test check lint format bench faults soak clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[gen,pydantic]" --group dev
	@# pip compiles what it installs, but not what it installs as editable.
	@$(BIN)/python -m compileall -q dbos_typed codegen mypy_plugin templates
	@touch $@

install: $(STAMP)  ## create .venv and install the project into it

demo: $(STAMP)  ## run the demonstration
	@$(BIN)/python examples/demo.py

test: check  ## lint, type-check and run every test
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

check: $(STAMP)  ## everything but the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --warnings
	$(BIN)/lint-imports

lint: check  ## the same as check

format: $(STAMP)  ## rewrite the sources in the project's format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

$(PEER_STAMP): benchmarks/requirements-dbos.txt | $(STAMP)
	$(BIN)/python -m venv $(PEER_VENV)
	$(PEER_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

bench: $(STAMP) $(PEER_STAMP)  ## compare speed with dbos and with the bare database drivers
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

faults: $(STAMP)  ## harm real servers and executors under load, and judge what is left
	@$(BIN)/python -m tests.faults --seconds $(SECONDS) --faults $(FAULTS) $(FAULTS_ARGS)
ifneq ($(MINUTES),0)
	@$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED)) --minutes $(MINUTES) --share $(SHARE)
endif

soak: $(STAMP)  ## full load on both databases, MINUTES each; fails if latency, memory, threads or sessions grow
	@$(BIN)/python -m benchmarks.soak $(if $(filter-out 0,$(MINUTES)),--minutes $(MINUTES))

clean:  ## remove the environments and every cache
	rm -rf $(VENV) $(PEER_VENV) benchmarks/results dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
