# Every command a person or a machine needs; `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER_READY := $(VENV)/.browser-ready
BENCH_READY := $(VENV)/.bench-ready
# Not ?=: many systems have a variable of this name that means something else.
LANGUAGE = en

.DEFAULT_GOAL := help
.PHONY: help setup chaos chaos-points simulate mutants fuzz tables demo pictures screenshots sandbox test test-browser
.PHONY: answers bench bench-quick lint run format lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## install what is needed into .venv

$(READY): requirements-dev.lock
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BROWSER_READY): requirements-browser.lock $(READY)
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	@touch $@

$(BENCH_READY): requirements-bench.lock $(READY)
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

demo: setup ## play the whole conversation against the sandbox, no token needed; LANGUAGE=ru for Russian
	@$(BIN)/python -m sandbox --demo --language $(LANGUAGE)

pictures: setup ## draw the pictures of docs/groups.md anew, from the same sandbox, and those of a result
	@$(BIN)/python -m sandbox --pictures docs/pictures
	@$(BIN)/python -m tests.pictures docs

screenshots: $(BROWSER_READY) ## take the pictures of the chat page and of every card anew, in the same browser as test-browser
	@$(BIN)/python -m pytest tests/browser -q -n 2 -o "python_files=test_*.py cards.py" --pictures docs/pictures

sandbox: setup ## a chat page in the browser: a local Telegram, a local checking API and the bot; LANGUAGE=ru for Russian
	@$(BIN)/python -m sandbox --language $(LANGUAGE)

test: setup ## run all tests; three at a time keep two cores busy, since much of it is waiting
	@$(BIN)/python -m pytest -n 3 --dist worksteal

test-browser: $(BROWSER_READY) ## play the chat page by clicks; needs Chromium or Chrome on the machine
	@$(BIN)/python -m pytest tests/browser -n 2

chaos: setup ## kill the bot again and again while lists come in and answers are faulty; KILLS=40 is short, SEED= repeats one
	@$(BIN)/python -m tests.chaos

chaos-points: setup ## kill the bot at every effect and every commit, and again in the recovery; ALL=1 tries every second kill
	@$(BIN)/python -m tests.chaos points

simulate: setup ## let hypothesis choose what happens to the bot, in simulated time; SEEDS=200 runs, SEED= begins with one, SHRINK=1 shortens it
	@$(BIN)/python -m tests.simulation

mutants: setup ## make each known mistake in a copy of the program; the tests must notice every one
	@$(BIN)/python -m tests.mutants

fuzz: setup ## throw whatever there is at the readers; SECONDS=60, SEED=... begins with a known round
	@$(BIN)/python -m tests.fuzz

tables: setup ## what the API and Telegram may answer, row by row, with the tests that show it
	@$(BIN)/python -m tests.tables

bench: $(BENCH_READY) ## measure what this program does beside what one would write or pick instead; ONLY=lists runs some of it
	@$(BIN)/python -m tests.bench $(ONLY)

bench-quick: $(BENCH_READY) ## the same with small inputs: shows that it runs, and measures nothing
	@$(BIN)/python -m tests.bench --quick $(ONLY)

answers: setup ## write down anew how phonenumbers reads a few thousand numbers, after an update of it; look at the difference
	@$(BIN)/python -m tests.bot.adversarial

lint: setup ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

run: setup ## run the bot for real; needs BOT_TOKEN and CHECKER_API_KEY
	@$(BIN)/python -m bot

format: setup ## put the code into its one format
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

lock: ## resolve the dependencies again and pin them with hashes
	@$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" --group dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" --constraint requirements-dev.lock --group browser -o requirements-browser.lock
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" --constraint requirements-dev.lock --group bench -o requirements-bench.lock

clean: ## remove what the targets above made
	@rm -rf $(VENV) demo .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
