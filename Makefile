# For a newcomer two commands: `make run` and `make test`. `make` alone lists the rest.
#
# Set-up needs Python 3.11+ and make, nothing else: the standard library's venv and its pip (or
# uv, where it is on PATH), from a lock in which every file has its hash. It is done again only
# when a lock or pyproject.toml changes.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

# One shell for a whole recipe, stopping at its first failure.
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo test deploy-check onion clients-check bench bench-inbox drill flood slow fuzz fuzz-parsers contract power storm lint types shape cover mutants lock sbom audit wheel clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 21

run: .venv/.ready-to-run ## start the service (evaluation keys, embedded PostgreSQL) on loopback
	@exec $(BIN)/mustshare serve $(ARGS)

demo: .venv/.ready-to-run ## play a tip from photo to answer, in under a minute
	@exec $(BIN)/mustshare demo --photo tests/data/road.jpg $(ARGS)

test: .venv/.ready-to-test ## every test; ARGS="-k receipt" for some
	@exec $(BIN)/python -m pytest $(ARGS)

deploy-check: .venv/.ready-to-test .venv-tools/.ready ## the shipped deployment, against the real programs of Debian
	@missing=""
	for pair in haproxy:haproxy nginx:nginx-light tor:tor slowhttptest:slowhttptest systemd-analyze:systemd; do
		PATH=$$PATH:/usr/sbin command -v $${pair%%:*} >/dev/null || missing="$$missing $${pair#*:}"
	done
	[ -z "$$missing" ] || { echo "make deploy-check also wants: apt-get install$$missing" >&2; exit 1; }
	exec $(BIN)/python -m pytest tests/deploy $(ARGS)

onion: .venv/.ready-to-test ## the onion service by Tor, in a Tor network of its own on loopback; two minutes
	@for program in tor:tor tor-gencert:tor haproxy:haproxy; do
		PATH=$$PATH:/usr/sbin command -v $${program%%:*} >/dev/null || { echo "make onion also wants: apt-get install $${program#*:}" >&2; exit 1; }
	done
	exec $(BIN)/python -m pytest tests/onion $(ARGS)

clients-check: .venv/.ready-to-test .venv-tools/.ready ## the guide for front ends, line by line, and clients made from the contract
	@for program in node:nodejs npm:npm; do
		command -v $${program%%:*} >/dev/null || { echo "make clients-check also wants: apt-get install $${program#*:}" >&2; exit 1; }
	done
	exec $(BIN)/python -m pytest tests/clients $(ARGS)

bench: .venv/.ready-to-test ## what an accepted tip costs, beside its floor
	@exec $(BIN)/python -m tests.bench $(ARGS)

bench-inbox: .venv/.ready-to-test ## a staff tool's pages at 1,000 and 100,000 tips; ARGS="--tips 1000 1000000": ten minutes and 6 GB
	@exec $(BIN)/python -m tests.bench.inbox_bench $(ARGS)

drill: .venv/.ready-to-test ## retire a key with 10,000 objects, killed half-way; some minutes
	@exec $(BIN)/python -m tests.bench.retiring $(ARGS)

flood: .venv/.ready-to-test ## 200 attackers against 20 reporters in virtual time; ARGS="--http": against a real service, three minutes
	@exec $(BIN)/python -m tests.flood $(ARGS)

slow: .venv/.ready-to-test ## slowhttptest and attackers of our own, 1,000 connections each, with honest clients; half an hour; ARGS="--front haproxy": through a shipped front
	@exec $(BIN)/python -m tests.bench.slow $(ARGS)

fuzz: .venv/.ready-to-test ## the properties, the simulation and damaged pictures again, for far longer
	@MUTATIONS=$${MUTATIONS:-10000} exec $(BIN)/python -m pytest -p tests.long_runs \
		--hypothesis-profile=long tests/property tests/simulation tests/media/test_fuzz.py $(ARGS)

fuzz-parsers: .venv/.ready-to-test .venv-tools/.ready ## atheris on every parser of ours; SECONDS_EACH=60 TARGETS="names"
	@exec nice -n 19 $(BIN)/python -m tests.fuzz.campaign

contract: .venv/.ready-to-test ## hold the doors to their contract for longer; CONTRACT_EXAMPLES=100 SEED=
	@CONTRACT_EXAMPLES=$${CONTRACT_EXAMPLES:-100} exec $(BIN)/python -m pytest tests/api/test_contract_run.py $(ARGS)

power: .venv/.ready-to-test ## cut the power under the database again and again; CUTS=100 SEED=
	@CUTS=$${CUTS:-100} exec $(BIN)/python -m pytest tests/faults/power $(ARGS)

storm: .venv/.ready-to-test ## legal and rude clients on a door of few turns, again and again; ROUNDS=50 SEED=
	@ROUNDS=$${ROUNDS:-50} SEED=$${SEED:-$$(date +%s)} exec $(BIN)/python -m pytest tests/unit/app/test_storm.py $(ARGS)

lint: .venv/.ready-to-test ## ruff: rules and format
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.ready-to-test ## mypy strict over src and tests, pyright strict over src
	@$(BIN)/mypy
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python

shape: .venv/.ready-to-test ## the import floors, and what the tree promises about itself
	@$(BIN)/lint-imports
	exec $(BIN)/python -m pytest tests/shape $(ARGS)

cover: .venv/.ready-to-test ## which lines and branches no test runs
	@$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage report

mutants: .venv/.ready-to-test ## change the code in small ways and see whether a test notices
	@exec $(BIN)/mutmut run $(ARGS)

lock: ## make the locks again (needs uv); ARGS=--upgrade for newer versions
	@command -v uv >/dev/null || { echo "make lock needs uv on PATH." >&2; exit 1; }
	compile() { uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --no-emit-find-links $(ARGS) "$$@"; }
	compile --group build pyproject.toml -o requirements.lock
	compile --group build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	compile --group tools -o requirements-tools.lock

sbom: .venv/.ready-to-test .venv-tools/.ready ## the bill of materials (CycloneDX), into build/
	@exec $(BIN)/python -m tests.supply.bill

audit: .venv/.ready-to-test .venv-tools/.ready ## known holes in what is locked; fails where it could not ask
	@exec $(BIN)/python -m tests.supply.audit

wheel: .venv/.ready-to-test ## the wheel, the same bytes for everyone, into dist/
	@exec $(BIN)/python -m tests.supply.wheel

clean: ## forget the virtual environment and every cache; var/ (your data) stays
	@rm -rf .venv .venv-tools build dist .coverage .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .benchmarks mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf src/*.egg-info

# The test lock holds everything the run-time lock holds, so one environment serves both.
.venv/.ready-to-run: requirements.lock pyproject.toml
	@lock=requirements.lock; $(set-up)
	touch $@

.venv/.ready-to-test: requirements-test.lock pyproject.toml
	@lock=requirements-test.lock; $(set-up)
	touch .venv/.ready-to-run $@

.venv-tools/.ready: requirements-tools.lock
	@$(set-up-tools)
	touch $@

# A virtual environment left behind by an interrupted set-up, or by uv (it has no pip), is made
# afresh. Ctrl-C during a set-up leaves no stamp, so the next run goes on with it.
define set-up
stop() { echo "mustshare: $$*" >&2; exit 1; }
command -v $(PYTHON) >/dev/null || stop "$(PYTHON) is not installed; install Python 3.11 or later, or say make PYTHON=<its path>."
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$$($(PYTHON) -V) is too old; install Python 3.11 or later, or say make PYTHON=<its path>."
count=$$(grep -c == $$lock)
echo "Setting up .venv from $$lock ($$count packages, each checked against its hash; once)"
progress() {
	[ -t 1 ] || { cat >/dev/null; return; }
	awk -v all=$$count '/^Collecting/ { printf "\r  %d of %d", ++n, all; fflush() }
		/^Installing/ { printf "\r  putting them in place"; fflush() }
		END { if (n) print "" }'
}
if command -v uv >/dev/null; then
	[ -x $(BIN)/python ] || uv venv --quiet --clear --python $(PYTHON) .venv
	install="uv pip install --quiet --python $(BIN)/python"
else
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || stop "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv"
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	install="$(BIN)/python -m pip install --disable-pip-version-check --no-input"
fi
$$install --require-hashes --requirement $$lock | progress
$$install --no-deps --no-build-isolation --editable . >/dev/null
endef

# Programs that the checks start. They share nothing with what serves, so they live apart.
define set-up-tools
echo "Setting up .venv-tools from requirements-tools.lock (programs for the checks; once)"
if command -v uv >/dev/null; then
	uv venv --quiet --clear --python $(PYTHON) .venv-tools
	uv pip install --quiet --python .venv-tools/bin/python --require-hashes --requirement requirements-tools.lock
else
	$(PYTHON) -m venv --clear .venv-tools
	.venv-tools/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --requirement requirements-tools.lock
fi
endef
