# make alone says what there is to make.
PYTHON ?= python3.11
PORT ?= 8501
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps

.PHONY: help env env-dev
help:
	@echo "make run          serve the desk with a demo contest on http://localhost:$(PORT)"

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
