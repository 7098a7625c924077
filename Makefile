# Dealwire: every target sets up what it needs first. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
DEMO_HOME := $(CURDIR)/.dealwire/demo
SET_UP := .venv/.set-up

.PHONY: help setup demo up down status test lint bench eval train lock audit sbom

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(SET_UP) ## install everything into .venv, pinned by hash

$(SET_UP): requirements.lock requirements-boot.lock bin/setup
	@PYTHON=$(PYTHON) bin/setup

demo: setup ## start PostgreSQL and Airflow, read a made-up newsroom, show its deals, stay up
	@DEALWIRE_HOME=$(DEMO_HOME) $(BIN)/dealwire service demo

up: setup ## start the live service on feeds.opml
	@$(BIN)/dealwire service up

down: ## stop the demo and the live service; nothing stays running, all data stays
	@test -x $(BIN)/dealwire || { echo "nothing is installed here, so nothing runs"; exit 0; }; \
		DEALWIRE_HOME=$(DEMO_HOME) $(BIN)/dealwire service down; $(BIN)/dealwire service down

status: ## show what runs
	@test -x $(BIN)/dealwire || { echo "nothing is installed here, so nothing runs"; exit 0; }; \
		DEALWIRE_HOME=$(DEMO_HOME) $(BIN)/dealwire service status; $(BIN)/dealwire service status

lint: setup ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: setup lint ## all checks, on a real PostgreSQL, Airflow and browser
	@bin/browser >/dev/null
	@$(BIN)/pytest

bench: setup ## the published figures of speed and memory, on smaller data than docs/ names
	@export PYTHONPATH=plugins:tests; run() { echo "== bench/$$*"; $(BIN)/python "bench/$$@"; }; \
		run extract.py; run mention_recall.py; run organisation_recall.py tests/gold/*.jsonl; \
		run poll.py --feeds 200; run read.py; run near_duplicates.py; run feedparser_corpus.py; \
		run resolve.py --sizes 10000 100000; run resolve_gold.py --weights shipped --match 1; \
		run alerts.py latency; run analytics.py 10000; run page.py --deals 10000

eval: setup ## the published figures of extraction and resolution; takes about ten minutes
	@$(BIN)/dealwire eval tests/gold/newsroom.jsonl
	@PYTHONPATH=plugins:tests $(BIN)/python bench/resolve_gold.py --weights shipped --match 1
	@$(BIN)/dealwire eval --cross-validate tests/gold/dev.jsonl tests/gold/train_en.jsonl tests/gold/train_intl.jsonl \
		--learn-from tests/gold/own_en.jsonl tests/gold/own_intl.jsonl

train: setup ## learn the extractor's weights anew from tests/gold
	@$(BIN)/dealwire train tests/gold/dev.jsonl tests/gold/train_en.jsonl tests/gold/train_intl.jsonl \
		tests/gold/own_en.jsonl tests/gold/own_intl.jsonl

.venv-audit: setup requirements-audit.lock
	@$(PYTHON) -m venv .venv-audit
	@.venv-boot/bin/uv pip sync -q --require-hashes --python .venv-audit/bin/python requirements-audit.lock
	@touch .venv-audit

audit: .venv-audit ## look all locked packages up among the known vulnerabilities; needs the package index's own site
	@.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock
	@.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-celery.lock

sbom: .venv-audit ## write sbom.json: what the image holds, as CycloneDX, from its lock
	@.venv-audit/bin/cyclonedx-py requirements requirements-celery.lock --output-reproducible -o sbom.json
	@echo "sbom.json lists $$(grep -c '"purl"' sbom.json) packages"

lock: setup ## resolve requirements.in into requirements.lock, and with Celery into requirements-celery.lock
	@.venv-boot/bin/uv pip compile -q --universal --no-header --python-version 3.11 --generate-hashes \
		requirements.in -o requirements.lock
	@sed '/^# checks/,$$d' requirements.in | .venv-boot/bin/uv pip compile -q --universal --no-header --no-annotate \
		--python-version 3.11 --generate-hashes -c requirements.lock - requirements-celery.in -o requirements-celery.lock
	@.venv-boot/bin/uv pip compile -q --universal --no-header --no-annotate --python-version 3.11 --generate-hashes \
		requirements-audit.in -o requirements-audit.lock
	@echo "uv==0.13.9" | .venv-boot/bin/uv pip compile -q --universal --no-header --python-version 3.11 \
		--generate-hashes - -o requirements-boot.lock
