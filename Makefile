# The two commands a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
HOST ?= localhost
PORT ?= 8000
JOBS ?= 2
SEQUENCES ?= 10000
PY := .venv/bin/python
export HOST PORT

.PHONY: help run test setup lint messages port

help:
	@echo "make run          serves Balise on http://localhost:8000 (HOST=0.0.0.0, PORT=…, PUBLIC_URL=…)"
	@echo "make test         runs every test (DATABASE=sqlite leaves the browser out; DATABASE_URL=postgres://… uses PostgreSQL)"
	@echo "make setup        installs what both need into .venv"
	@echo "make lint         checks form: ruff, djlint, import-linter"
	@echo "make messages     brings locale/ up to date with the code"
	@echo "At length, each with a small version in the tests, a table, and figures in var/figures:"
	@echo "make audit        proves what is promised of privacy; audit-pages looks at every page as each role"
	@echo "make attack       tries to get in and to break it: the attacks as tests in full, then a real server on loopback"
	@echo "make bench        measures pages and saves; bench-peers puts Kolibri beside them; growth goes to ten million attempts"
	@echo "make bursts       a school at once; kills: workers killed, a disk full; chaos: a cluster that loses its parts"
	@echo "make drill        upgrades and goes back while classes work, and loses a PostgreSQL"

run: port .venv/.runtime
	@$(PY) config/first_run.py
	@exec $(PY) manage.py serve --host "$(HOST)" --port "$(PORT)"

test: .venv/.dev
	@JOBS="$(JOBS)" tests/run

setup: .venv/.runtime .venv/.dev
	@$(PY) config/first_run.py

lint: .venv/.dev
	$(PY) -m ruff check . && $(PY) -m ruff format --check . && .venv/bin/djlint templates --lint --quiet && .venv/bin/lint-imports

messages: .venv/.dev
	@$(PY) -m config.translations extract

port:
	@$(PYTHON) config/address.py "$(HOST)" "$(PORT)"

.venv/bin/python:
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check uv || echo "uv is not to be had: pip will do, more slowly."

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing what Balise needs to run …"
	@.venv/bin/uv pip install --quiet --python $(PY) -r requirements.txt 2>/dev/null || $(PY) -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@.venv/bin/uv pip install --quiet --python $(PY) -r requirements-dev.txt 2>/dev/null || $(PY) -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.runtime

.PHONY: audit-pages
audit-pages: .venv/.dev
	@$(PY) -m benchmarks.audit_pages

.PHONY: audit bench
audit: .venv/.dev
	@rm -rf var/figures/proof && $(PY) config/first_run.py && $(PY) manage.py prepare
	@status=0; \
	BALISE_FIGURES=var/figures/proof BALISE_SEQUENCES=$(SEQUENCES) $(PY) -m pytest -q -n "$(JOBS)" tests/privacy \
	  tests/progress/test_adversary.py tests/progress/test_adversary_class.py || status=1; \
	$(PY) manage.py privacy_audit --proof var/figures/proof --sequences $(SEQUENCES) || status=1; exit $$status

bench: .venv/.runtime
	@$(PY) -m benchmarks.bench

# Installs Kolibri from the package index into an environment of its own, once.
.PHONY: bench-peers
bench-peers: .venv/.runtime
	@$(PY) -m benchmarks.peers

# What lasts: a school at once, workers killed, a disk full, a cluster that loses its parts, ten million attempts.
# `kills` and `chaos` want root on a machine that can be spared; see docs/performance.md.
.PHONY: bursts kills chaos growth
bursts: .venv/.runtime
	@$(PY) -m benchmarks.bursts && $(PY) -m benchmarks.bursts --database postgresql

kills: .venv/.runtime
	@$(PY) -m benchmarks.kills

chaos: .venv/.runtime
	@$(PY) -m benchmarks.chaos

growth: .venv/.runtime
	@$(PY) -m benchmarks.growth

# SAML and its forgers are tried too; the second wall behind PgBouncer needs Debian's postgresql and pgbouncer.
.venv/.saml: requirements-saml.txt | .venv/.dev
	@echo "Installing what SAML needs …"
	@.venv/bin/uv pip install --quiet --python $(PY) -r requirements-saml.txt 2>/dev/null || $(PY) -m pip install --disable-pip-version-check -r requirements-saml.txt
	@touch $@

.PHONY: attack
attack: .venv/.dev .venv/.saml
	@$(PY) -m benchmarks.attack

# Upgrading and going back while classes work, and a lost PostgreSQL: see docs/operations.md.
.PHONY: drill
drill: .venv/.dev
	@$(PY) -m benchmarks.upgrade
	@$(PY) -m benchmarks.upgrade --postgresql
