# ssmtui's commands. Everything is installed into .venv, with the exact versions of constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The constraints hold for what builds the wheel, too.
PIP := PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip --disable-pip-version-check -q
# One more than there are processors: tests of programs in terminals wait a part of their time.
JOBS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench screenshots docs wheel snapshots clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "ssmtui needs Python 3.11 to 3.13, this is %d.%d: call make with PYTHON=python3.12, say." % v)'
	@echo "Setting up $(VENV) (once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@$(PIP) install -e '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	@$(PIP) install -e '.[dev,bench]'
	@touch $@

demo: $(VENV)/.runtime ## the explorer on a simulated fleet, without an AWS account
	@$(BIN)/ssmtui --demo

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest -n $(JOBS)

check: $(VENV)/.dev ## lint, format, types, floors, generated pages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python docs/generate.py --check

format: $(VENV)/.dev ## put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.bench ## ratios against the rivals, written to docs/benchmarks.md
	@$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev ## draw screenshots/ from the demo
	@$(BIN)/python screenshots/draw.py

docs: $(VENV)/.dev ## write docs/keys.md and docs/resources.md from the code
	@$(BIN)/python docs/generate.py

wheel: $(VENV)/.dev ## build the wheel into dist/
	@$(PIP) wheel --no-deps -w dist .

snapshots: $(VENV)/.dev ## accept the present look of the screens
	@$(BIN)/python -m pytest -n $(JOBS) tests/ui --snapshot-update

clean: ## remove what was made here
	rm -rf $(VENV) dist build .hypothesis snapshot_report.html
