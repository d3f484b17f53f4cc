# Everything a developer runs; `make help` explains it.
.DEFAULT_GOAL := help
.PHONY: help setup environment demo demo-check test check lint types system javascript styles schema bench clean

PY := .venv/bin/python
# The type checker's Django plugin reads the settings; no database is needed for that.
NO_DATABASE := DATABASE_URL=postgresql://a@127.0.0.1:1/none DATABASE_OWNER_URL=postgresql://o@127.0.0.1:1/none
# What a production start has, with throw-away values, for the deployment check.
PRODUCTION := PRODUCTION=1 APP_URL=https://app.example BEHIND_TLS_PROXY=1 \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(48))') \
	SEAL_KEYS=$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')
# A PostgreSQL of its own for one command, stopped and deleted afterwards.
WITH_DATABASE := $(PY) -m shopapp.embedded lend

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

environment:
	@python=$$(scripts/python) && "$$python" scripts/setup.py --environment-only

setup: ## Get everything ready: .venv, node_modules, and as root on Debian Chromium, PHP, fonts, Node
	@python=$$(scripts/python) && "$$python" scripts/setup.py

demo: environment ## Run a shop, the app and a mailbox here; its page says what to click (SHOP=shopify)
	@$(PY) -m tests.demo $(if $(SHOP),--shop $(SHOP))

demo-check: setup ## Walk the demo's whole road in a headless browser (SHOP=shopify for the other shop)
	@$(PY) -m tests.demo --check $(if $(SHOP),--shop $(SHOP))

test: setup ## Run every test
	@$(WITH_DATABASE) $(PY) -m pytest -n 2 $(ARGS)

check: setup lint types system javascript ## Run every gate: what CI runs before the tests
	@echo "All gates are green."

lint: environment ## Format, lint, layers, security lint
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/lint-imports
	$(PY) -m bandit --quiet --configfile pyproject.toml --recursive shopapp recovery widgets scripts

types: environment ## Check types, strictly
	$(NO_DATABASE) $(PY) -m mypy

system: environment ## Django's own checks, missing migrations, templates
	@$(WITH_DATABASE) $(MAKE) --no-print-directory system-with-database

.PHONY: system-with-database
system-with-database:
	$(PY) manage.py check --fail-level WARNING
	@echo "manage.py check --deploy, with a production environment"
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level ERROR
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m scripts.compile_templates

javascript: setup ## Is the served JavaScript the one built from the sources?
	npm run --silent check

styles: environment ## Write the merchant's pages' styles into the one file that is served
	$(PY) -m scripts.bundle_css

schema: environment ## Cut Shopify's official schema to what our operations ask (SCHEMA=... takes a file)
	$(PY) -m scripts.cut_shopify_schema $(SCHEMA)

bench: setup ## Measure what the bounds are about (see benchmarks/)
	@$(WITH_DATABASE) $(PY) -m benchmarks

clean: ## Stop the database and remove what was built; DATA=1 deletes the local database too
	-@if [ -x $(PY) ]; then $(PY) -m shopapp.embedded $(if $(DATA),remove,stop); fi
	rm -rf .venv node_modules build var/staticfiles var/broker .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
