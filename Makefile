# make run    set everything up and serve on http://127.0.0.1:8000 (PORT= to change)
# make test   set everything up and pass all tests
# make test-postgres  the tests that touch the database, on PostgreSQL
# make bench  measure, beside the goals (docs/performance.md)
# make check  the linters alone

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
export PYTHONDONTWRITEBYTECODE :=

# Tests write many small databases; where there is memory to put them, no disk waits for each commit.
MEMORY := $(shell if [ -w /dev/shm ]; then echo /dev/shm; else echo "$${TMPDIR:-/tmp}"; fi)

.PHONY: run test test-postgres bench check words lock clean

# The environment is as fresh as its lock file.
$(VENV)/.run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Yetkin runs on …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run
	@exec $(FLASK) start

test: $(VENV)/.dev check
	@$(FLASK) assets
	@$(BIN)/python tests/chromium.py
	@TMPDIR=$(MEMORY) $(BIN)/python -m pytest -n 2 --dist loadgroup

# What touches the database once more, on PostgreSQL; the rest has passed, or is SQLite's own. CHOICE= takes less of it.
test-postgres: $(VENV)/.dev
	@$(FLASK) assets
	@TMPDIR=$(MEMORY) $(BIN)/python -m tests.postgres -n 2 --dist loadgroup $(CHOICE)

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint app --lint --quiet

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

words: $(VENV)/.run
	@$(FLASK) words

# Needs uv (https://docs.astral.sh/uv/); writes no registry address into the files.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -c requirements-dev.txt -o requirements.txt

clean:
	rm -rf $(VENV) instance app/built app/compiled .mypy_cache .ruff_cache .pytest_cache .hypothesis
