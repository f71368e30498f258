# Two commands do everything: `make run` and `make test`. Works from any folder with `make -C`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
PYTHON ?= python3.11
PORT ?= 8080
DATA ?= $(CURDIR)/data
BIN := .venv/bin
ENVIRONMENT := PYTHONPATH=$(CURDIR)

.PHONY: run test check unit test-peers bench clean browser

run: .venv/run.ok
	@exec env $(ENVIRONMENT) AUSRUFER_PORT=$(PORT) AUSRUFER_DATA="$(abspath $(DATA))" $(BIN)/ausrufer run

test: check browser
	@$(ENVIRONMENT) $(BIN)/python -m pytest

check: .venv/dev.ok
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .
	$(ENVIRONMENT) $(BIN)/mypy src sandbox tests bench
	$(ENVIRONMENT) $(BIN)/lint-imports

browser:
	@scripts/browser

test-peers: .venv/dev.ok
	@$(ENVIRONMENT) $(BIN)/python -m pytest tests/peers

bench: .venv/dev.ok
	@$(ENVIRONMENT) $(BIN)/python -m bench

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .import_linter_cache

# The environment is made anew only when a lock file changes.
.venv/run.ok: requirements/run.txt pyproject.toml scripts/environment
	@scripts/environment $(PYTHON) run

.venv/dev.ok: requirements/dev.txt pyproject.toml scripts/environment
	@scripts/environment $(PYTHON) dev
