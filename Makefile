# What a person types. Every target sets up what it needs first; the second time it needs no network.
PYTHON ?= python3
export PYTHON
# The tests start the two commands hundreds of times; compiled once, each starts in half the time.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin

.PHONY: screenshots help setup setup-dev demo test drill smoke check lint requirements docs bench audit simulate

help:
	@echo "make demo          set up, then run the whole story on this machine (options: DEMO_ARGS='--once --json')"
	@echo "make test          set up, then run every gate and every test (options: PYTEST_ARGS='-k consent')"
	@echo "make drill         kill the processes of a federation 200 times (options: CRASH_SEED=... to run one again)"
	@echo "make smoke         bring the compose file up on a container engine (options: SMOKE_ROOTFS=FOLDER)"
	@echo "make check         the gates alone: format, lint, types, floors, documentation"
	@echo "make setup         make .venv with both commands; make setup-dev adds the tools of the gates"
	@echo "make audit         attack the releases of simulated programs and write docs/privacy/audit.md"
	@echo "make docs          write the reference pages anew from the code"
	@echo "make bench         measure, and write docs/benchmarks.md (options: BENCH='roster idle')"
	@echo "make screenshots   photograph the pages of the demo into docs/screenshots"
	@echo "make simulate      play federations, and write docs/simulation.md (options: SIMULATE='--programs 20 --seed 5')"
	@echo "make requirements  pin the dependencies anew (options: UV_ARGS=--upgrade)"

setup:
	@.ci/setup runtime

setup-dev:
	@.ci/setup dev

demo: setup
	$(BIN)/mentorweave demo $(DEMO_ARGS)

lint: setup-dev
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy --num-workers auto
	$(BIN)/lint-imports --no-logo

check: lint
	$(BIN)/pytest --quiet tests/architecture

test: lint
	@.ci/tools
	@.ci/tests $(PYTEST_ARGS)

drill: setup-dev
	@.ci/tools
	CRASH_KILLS=200 $(BIN)/pytest tests/crash $(PYTEST_ARGS)

smoke: setup-dev
	@SMOKE_ROOTFS="$(SMOKE_ROOTFS)" tests/smoke/run $(PYTEST_ARGS)

audit: setup-dev
	$(BIN)/python -m tests.audit $(AUDIT_ARGS)

docs: setup-dev
	$(BIN)/pytest --quiet tests/architecture --update-docs

bench: setup-dev
	@.ci/tools
	$(BIN)/python -m tests.bench $(BENCH)

simulate: setup-dev
	$(BIN)/python -m tests.simulation $(SIMULATE)

PIN := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements' --group build

screenshots: setup-dev
	@.ci/tools
	$(BIN)/python -m tests.screenshots

# Without setup-dev: after a change in pyproject.toml the old pins no longer satisfy it.
requirements:
	@test -x $(BIN)/uv || .ci/setup dev
	$(PIN) $(UV_ARGS) --output-file requirements.txt
	$(PIN) $(UV_ARGS) --constraint requirements.txt --extra dev --output-file requirements-dev.txt
