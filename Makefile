# The only entry to the project: `make` lists what there is. CI and hooks call the same targets.

PYTHON ?=
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK_TOOL := $(VENV)-lock

.DEFAULT_GOAL := help
.PHONY: help setup fmt check test thorough provision images demo serve up down bench docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

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

test: check ## Everything CI runs: check, provision, images, trainers' clients, all tests; ends the engine if it started it
	@sh scripts/provision.sh run sh -c 'sh scripts/images.sh && sh scripts/clients.sh > /dev/null && exec $(BIN)/pytest'

thorough: ## As test, with every row of the corpora in slow languages, too
	@ASSAY_THOROUGH=1 $(MAKE) test

provision: ## Get or start what is missing of a Docker engine, compose, the base image and Redis
	@sh scripts/provision.sh

images: provision ## Build the images that changed: of the sandboxes, and of Assay itself (IMAGES="python jvm" picks)
	@sh scripts/images.sh $(IMAGES)

demo: $(READY) ## Start Assay on a free port, grade the bundled batch, print a table, stop
	@$(BIN)/assay demo

serve: $(READY) ## Start queue, workers and service in the foreground, without Docker, on http://127.0.0.1:8000
	@$(BIN)/assay up

up: images ## Start the stack of docker-compose.yml in the background (WORKERS=3 starts three containers of workers)
	@sh scripts/up.sh $(if $(WORKERS),--scale workers=$(WORKERS))

down: ## End that stack; its data stays
	@sh scripts/compose.sh down
	@echo "The data stays in a volume: $$(sh scripts/compose.sh --find) -p $${COMPOSE_PROJECT_NAME:-assay} down --volumes drops it, too."
	@sh scripts/provision.sh stop

bench: $(READY) ## Measure throughput and latency against bare subprocess runs, sharing, and the ceiling of Redis
	@$(BIN)/python -m bench.throughput
	@$(BIN)/python -m bench.single_runs
	@$(BIN)/python -m bench.sandboxes
	@$(BIN)/python -m bench.sharing
	@$(BIN)/python -m bench.queue_ceiling

docs: $(READY) ## Write the generated pages of docs/ anew
	$(BIN)/assay config --markdown > docs/settings.md.new
	mv docs/settings.md.new docs/settings.md
	$(BIN)/python docs/generate_errors.py
	$(BIN)/python docs/generate_languages.py

lock: ## Write requirements.lock anew from pyproject.toml, with versions and hashes
	@PYTHON='$(PYTHON)' sh scripts/lock.sh '$(LOCK_TOOL)'

clean: ## Remove the environment, caches and local data
	rm -rf $(VENV) $(LOCK_TOOL) .assay .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/results
	find . -name __pycache__ -prune -exec rm -rf {} +
