# All there is to do with this project. Needs make and a Python >= 3.11 with venv; the rest is set up on demand.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where the environment forbids bytecode, each of the many processes would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-sandbox prove mutate check format lock pictures bench

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## Start Goalkeeper: a database, a Slack to try it in, the bot
	@$(BIN)/goalkeeper run

test: $(READY) ## Run the tests of what Goalkeeper does, on a real Postgres (some: make test ARGS="-k roster")
	@$(BIN)/pytest -n 4 --dist worksteal $(ARGS)

test-sandbox: $(READY) ## Run the tests of the sandbox alone (they are part of make test)
	@$(BIN)/pytest tests/sandbox $(ARGS)

# Both at once: those who are killed mostly wait for leases to end.
prove: $(READY) ## Kill copies at every point and 500 random ones, walk every time zone through a year, inspect every picture (fewer: make prove ARGS="--kills 60")
	@$(BIN)/python -m tests.prove $(ARGS) & kills=$$!; \
	$(BIN)/pytest --prove -n 4 --dist worksteal; proofs=$$?; \
	wait $$kills && exit $$proofs

mutate: $(READY) ## Change the code one place at a time and count what no test notices (a few: make mutate ARGS="--sample 40")
	@$(BIN)/python -m tests.mutation $(ARGS)

check: $(READY) ## Lint, types, import contracts, the database's catalogue, the manifest
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -rs tests/project tests/db/test_catalogue.py

format: $(READY) ## Put the code in order
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

bench: $(READY) ## Measure the ticks against the plainest statements that could do the same
	@$(BIN)/python -m bench $(ARGS)

pictures: $(READY) ## Take the pictures of the docs anew; needs Chromium (all, four ways: make pictures ARGS=--everywhere)
	@$(BIN)/python -m docs.pictures $(ARGS)

# No index, no links: the lock says what, by hash; whoever installs says from where.
lock: $(READY) ## Pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --no-annotate --extra dev pyproject.toml -o requirements.txt

# The stamp is written last and removed first, so an install that was interrupted is begun anew. What is
# only out of date is brought up in place. Modules are compiled when they are first imported: a fifth faster.
$(READY): requirements.txt pyproject.toml
	@if [ ! -e $(READY) ]; then \
		for python in python3 python3.14 python3.13 python3.12 python3.11; do \
			$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
				&& found=$$python && break; \
		done; \
		if [ -z "$$found" ]; then \
			echo 'Goalkeeper needs Python 3.11 or newer with venv; none was found as python3 or python3.11 to python3.14.' >&2; \
			echo 'Install one (on Debian and Ubuntu: python3 and python3-venv) and try again.' >&2; \
			exit 1; \
		fi; \
		echo "Setting up with $$($$found --version): half a minute, longer when packages have to be fetched."; \
		$$found -m venv --clear $(VENV); \
	fi
	@rm -f $(READY)
	@$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)
