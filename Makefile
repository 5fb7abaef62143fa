# The only entry to the project: `make` lists what there is. CI and hooks call the same targets.

PYTHON ?=
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK_TOOL := $(VENV)-lock

.DEFAULT_GOAL := help
.PHONY: help setup fmt check test demo serve up bench docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Install everything into .venv from requirements.lock (PYTHON=… picks the interpreter)

$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON='$(PYTHON)' sh scripts/setup.sh '$(VENV)'
	@touch $@

fmt: $(READY) ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(READY) ## Lint, format check, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## Everything CI runs: check, then all tests
	$(BIN)/pytest

demo: $(READY) ## Start Assay on a free port, grade the bundled batch, print a table, stop
	@$(BIN)/assay demo

up: $(READY) ## Start queue, workers and service in the foreground, on http://127.0.0.1:8000
	@$(BIN)/assay up

serve: up ## The same as up

bench: $(READY) ## Measure throughput and latency against bare subprocess runs
	@$(BIN)/python -m bench.throughput

docs: $(READY) ## Write the generated pages of docs/ anew
	$(BIN)/assay config --markdown > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md
	$(BIN)/python docs/generate_errors.py

lock: ## Write requirements.lock anew from pyproject.toml, with versions and hashes
	@PYTHON='$(PYTHON)' sh scripts/lock.sh '$(LOCK_TOOL)'

clean: ## Remove the environment, caches and local data
	rm -rf $(VENV) $(LOCK_TOOL) .assay .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/results
	find . -name __pycache__ -prune -exec rm -rf {} +
