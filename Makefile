# 账房 Zhangfang. Each target works on a fresh clone; what is done already is not done again.
PYTHON ?= python3
PORT ?= 8000
DIR ?= ../shared/suites
BIN := .venv/bin
PREPARE := $(PYTHON) tools/prepare.py

# Compiled modules are kept, whatever the machine says: every process of the tests would compile all of them anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run check format test bench bench-feel suites demo tables lock clean

help: ## Tell what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

setup: ## Install all that running and testing need
	@$(PREPARE) dev frontend

run: ## Start the product with the demo firm on http://127.0.0.1:$(PORT)
	@$(PREPARE) runtime frontend
	@$(BIN)/zhangfang serve --demo --port $(PORT)

check: setup ## Style, types, layers, front end, migrations, settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(PREPARE) types
	$(BIN)/zhangfang check --migrations
	$(BIN)/zhangfang check processes
	$(BIN)/pytest -q -p no:randomly tests/docs

format: setup ## Lay out the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup ## All tests
	@$(PREPARE) browser
	$(BIN)/pytest -n 2 --dist worksteal

bench: setup ## Measure ours and its peers; WORKS=a,c PEERS=spiff,postgresql QUICK=1 measure less
	@$(BIN)/python -m benchmarks $(if $(WORKS),--works $(WORKS)) $(if $(PEERS),--peers $(PEERS)) $(if $(QUICK),--quick)

bench-feel: setup ## Measure our FEEL and feelin on the same expressions in the same run
	@$(BIN)/python -m benchmarks.feel

suites: setup ## Run the conformance suites in DIR; OUT= writes what became of each case
	@$(BIN)/python -m tests.conformance.suites $(DIR) $(if $(OUT),--out $(OUT))

demo: setup ## Drive two clients through three months; INPUTS= a folder of invoices and bank exports for August
	@$(BIN)/zhangfang demo --headless $(if $(INPUTS),--inputs $(INPUTS))

tables: setup ## Write the tables of settings and topics in docs/ anew
	@$(BIN)/python tools/tables.py

lock: setup ## Pin the packages anew, with hashes
	@tools/lock

clean: ## Remove what was built; keeps var/ with the database
	rm -rf .venv webui/frontend/node_modules webui/static/built build dist *.egg-info
