# Every target makes the environment it needs; second runs are quick.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
# A checkout that has seen a run without installing anything is the rule: stamps, not phony targets.
PINS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test test-browser lint train evaluate ablation seeds-stats bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUN) ## Label the bundled sample reports with the shipped model
	$(BIN)/topics predict tests/data/sample --format table

test: $(DEV) ## Run all tests, examples in docstrings included
	$(BIN)/python -m pytest -q

test-browser: $(DEV) ## Look at the pages in a real Chromium; installs Debian's where it may
	command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -q && apt-get install -y -q chromium; } || true
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,browser]'
	$(BIN)/python -m pytest -q -m browser tests/browser

lint: $(DEV) ## Check style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

train: $(RUN) ## Train the shipped model anew from seeds/ and labels/
	$(BIN)/topics train

evaluate: $(BENCH) ## Measure: cross-validation by report, baselines, learning curve
	$(BIN)/python -m benchmarks.quality $(HELD_OUT)

ablation: $(BENCH) ## Measure what each part of the model brings (20 minutes)
	$(BIN)/python -m benchmarks.ablation $(HELD_OUT)

seeds-stats: $(RUN) ## Statistics of seeds/: lengths, topics, near-duplicates
	$(BIN)/python -m benchmarks.corpus

bench: $(BENCH) ## Measure speed and memory against peers
	$(BIN)/python -m benchmarks.speed

clean: ## Remove the environment and all caches
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14) and "Python 3.11 to 3.13 is needed; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(RUN): $(VENV)/bin/python $(PINS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(VENV)/bin/python $(PINS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(RUN)

$(BENCH): $(DEV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	@touch $@
