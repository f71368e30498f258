# Two commands do everything: `make run` and `make test`. Works from any folder with `make -C`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3.11
PORT ?= $(or $(AUSRUFER_PORT),8080)
DATA ?= $(or $(AUSRUFER_DATA),data)
BIN := .venv/bin
export PYTHONPATH := $(CURDIR)

.PHONY: run test check browser test-peers bench clean runnable testable

run: runnable
	@exec env AUSRUFER_PORT="$(PORT)" AUSRUFER_DATA="$(DATA)" $(BIN)/ausrufer run

# On two cores; a file stays together, since its stories share a running system.
test: check browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: testable
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy src sandbox tests bench
	@$(BIN)/lint-imports

browser:
	@scripts/browser

test-peers: testable
	@$(BIN)/python -m pytest tests/peers

bench: testable
	@$(BIN)/python -m bench

clean:
	rm -rf .venv .cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

# Both end at once when nothing has changed.
runnable:
	@scripts/environment "$(PYTHON)" run

testable:
	@scripts/environment "$(PYTHON)" dev
