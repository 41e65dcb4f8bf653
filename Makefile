# `make local` and `make test` work in a fresh clone. They need Python 3.11 or newer. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
# `make local PORT=4600 FLAGS=--offline`
PORT ?=
FLAGS ?=
# pip shows its progress on terminals only.
QUIET := $(shell [ -t 2 ] || echo --quiet)
# Empty if .venv is missing, or if its Python is gone, too old, or not the one that its packages are for.
USABLE := $(shell $(BIN)/python -c 'import sys, pip; print("yes" * (sys.version_info >= (3, 11)))' 2>/dev/null)

.PHONY: help install local down test test-full check ci licences snapshots format bench mutants picture requirements
ifndef USABLE
.PHONY: $(INSTALLED)
endif

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "This needs Python 3.11 or newer; $(PYTHON) is " + sys.version.split()[0] + ". Try make PYTHON=python3.12 ...")'
	@$(if $(USABLE),,[ ! -d $(VENV) ] || echo "$(VENV) was made by another Python and is made again.")
	@echo "Installing into $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(if $(USABLE),,--clear) $(VENV)
	@$(BIN)/python -m pip install $(QUIET) --disable-pip-version-check --requirement requirements.txt
	@touch $@

install: $(INSTALLED) ## install the packages into .venv

local down: export CALLED_BY := make
local: $(INSTALLED) ## deploy to an embedded AWS on this machine and serve real rates; PORT=4600 FLAGS=--offline
	@$(BIN)/python -m local up --detach $(PORT:%=--port %) $(FLAGS)

down: $(INSTALLED) ## end the stack of `make local`
	@$(BIN)/python -m local down $(PORT:%=--port %)

test: $(INSTALLED) ## the tests, in three to four minutes on two cores
	@$(BIN)/pytest -n auto -rfEs -m "not full"

test-full: $(INSTALLED) ## the tests that take longer: soak, browser, clock, policies one by one
	@$(BIN)/pytest -n auto -rfEs -m full

.PHONY: test-engine install-program
test-engine: $(INSTALLED) ## the program, run by a real `pulumi` command on the embedded AWS; skipped without that command
	@$(BIN)/pytest -n 0 -m engine -rfEs tests/engine

install-program: ## install only the packages that `pulumi up` needs, on a machine that deploys and runs no tests
	@$(PYTHON) -m venv $(if $(USABLE),,--clear) $(VENV)
	@$(BIN)/python -m pip install $(QUIET) --disable-pip-version-check --constraint requirements.txt pulumi pulumi-aws

check: $(INSTALLED) ## lint, format and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@PYTHONPATH=functions:. $(BIN)/lint-imports

ci: ## everything that must pass before a change lands, from a clean clone
	@bash .ci/run

licences: $(INSTALLED) ## list the licences of the installed packages, and fail if one is not allowed
	@$(BIN)/python .ci/licences.py

snapshots: $(INSTALLED) ## rewrite tests/infra/snapshots, which the stacks are compared with; review the difference
	@$(BIN)/python -m tests.infra.snapshots

format: $(INSTALLED) ## put the code into its format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(INSTALLED) ## measure speed and DynamoDB units, about three minutes; `make bench FLAGS="-k warm"`
	@$(BIN)/python -m benchmarks $(FLAGS)

picture: $(INSTALLED) ## take the picture of the page for the README, from the running stack, with Chromium
	@chromium --headless --no-sandbox --hide-scrollbars --window-size=1120,830 --virtual-time-budget=8000 \
		--screenshot=docs/page.png "$$($(BIN)/python -m local outputs api_url)" 2>/dev/null

requirements: $(INSTALLED) ## compile requirements.txt from requirements.in; FLAGS=--upgrade takes newer versions
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make requirements" \
		$(FLAGS) --output-file requirements.txt requirements.in

mutants: $(INSTALLED) ## break the code in each small way and see whether a test notices; most of an hour
	@rm -rf mutants && mkdir mutants && cp -R functions mutants/src && cp -R tests pyproject.toml mutants
	@cd mutants && $(CURDIR)/$(BIN)/mutmut run --max-children $(or $(CHILDREN),2)
	@cd mutants && $(CURDIR)/$(BIN)/mutmut results && $(CURDIR)/$(BIN)/mutmut export-cicd-stats
	@$(BIN)/python -c 'import json, sys; found = json.load(open("mutants/mutants/mutmut-cicd-stats.json")); noticed = (found["killed"] + found["timeout"]) / found["total"]; print(f"{noticed:.1%} noticed"); sys.exit(noticed < 0.85)'
