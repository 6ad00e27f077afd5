# `make` alone lists the targets. Each target builds the environment it needs, unless it is already up to date.
PYTHON ?= python3.11
PORT ?= 8501
BIN := .venv/bin
RUN := $(BIN)/python
PIP := $(RUN) -m pip --disable-pip-version-check --quiet install --no-deps
CODE := app.py core pages tests bench
AREAS := test-rules test-desk test-store test-web test-pages test-papers test-evidence test-media test-sandbox test-jobs test-live test-cli test-project

.DEFAULT_GOAL := help
.PHONY: help env env-dev machine run check test $(AREAS) test-long lint audit bench bench-quick screenshots words verifier-page licences clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

env: .venv/.ready
env-dev: .venv/.ready-dev

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.ready: requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	$(PIP) -r requirements-dev.txt
	@touch $@

run: env ## serve the desk with a demo contest on http://localhost:8501 (PORT=… for another, STAGE=screening for the first round)
	@$(RUN) -m core demo --if-missing --port $(PORT) $(if $(STAGE),--stage $(STAGE))
	@trap 'exit 0' INT; $(BIN)/streamlit run app.py --server.port $(PORT)

machine: # installs the programs that tests drive
	@bash tests/machine.sh

test: env-dev machine lint audit ## format, lint, types, packages, then every test, with coverage of the rules
	@mkdir -p .cache
	$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest tests/rules
	@$(RUN) -m coverage report > .cache/rules-covered.txt || { cat .cache/rules-covered.txt; exit 1; }
	$(RUN) -m pytest --ignore tests/rules -m "not timed" -n 6 --dist loadfile
	$(RUN) -m pytest --ignore tests/rules -m timed

check: env-dev ## in under a minute: format, lint, types, and the tests of the rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(RUN) -m pytest tests/rules -n 2 --dist loadfile

$(AREAS): test-%: env-dev machine # one area: make test-desk
	$(RUN) -m pytest tests/$* -n 2 --dist loadfile

test-long: env-dev machine ## the tests that try many chances try more of them: ten minutes, for every night
	$(RUN) -m pytest --long -n 2 --dist load tests/fault tests/store/replay/test_columns.py

lint: env-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(CODE)
	$(BIN)/vulture
	@mkdir -p .cache
	@sed '/^# what those need/,$$d' requirements.txt > .cache/asked-for.txt
	@sed '/^# what those need/,$$d' requirements-dev.txt > .cache/asked-for-dev.txt
	$(BIN)/deptry .

audit: env-dev
	@bash tests/audit.sh $(BIN)

bench: env-dev ## the figures of the README, each beside the plain way
	$(RUN) -m bench

bench-quick: env-dev ## the same at small sizes, in under two minutes
	$(RUN) -m bench --quick

screenshots: env-dev machine ## docs/screenshots, from a running demo
	$(RUN) -m tests.screenshots

words: env-dev ## collect every sentence of the screens into data/locale
	$(RUN) -m tests.words

verifier-page: env-dev ## build data/evidence/verify.html from data/evidence/page
	$(RUN) -m tests.verifier_page

licences: env-dev ## write the tables of docs/licences.md from the installed packages
	$(RUN) -m tests.licences

clean: ## remove the environment and what tests leave; data/var stays
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis tests/browser/shots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
