# One command each; `make help` lists them. Everything is installed below this folder:
# .tools (the installer), .venv (the program), .well (data of the demo).
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench bench-matching bench-documents mutation fuzz fmt lock clean
PY := .venv/bin/python
ARGS ?=

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.tools/bin/uv:
	@python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore --target .tools uv 2>/dev/null \
	  || { echo "Well needs python3 (3.11 or newer) with pip: apt-get install python3-pip"; exit 1; }

.venv/ready: .tools/bin/uv pyproject.toml requirements/main.txt
	@test -x $(PY) || .tools/bin/uv venv --quiet .venv
	@.tools/bin/uv pip install --quiet --python $(PY) --require-hashes --no-deps -r requirements/main.txt
	@.tools/bin/uv pip install --quiet --python $(PY) --no-deps --editable .
	@touch .venv/ready

.venv/ready-dev: .venv/ready requirements/dev.txt
	@.tools/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	@touch .venv/ready-dev

setup: .venv/ready ## install; leaves the command at .venv/bin/well
	@echo "The command is at .venv/bin/well"

demo: .venv/ready ## run the main job against stand-ins and open the pages (ARGS="--once --bills 600 --json")
	@exec .venv/bin/well demo $(ARGS)

test: .venv/ready-dev ## install what the tests need and run all of them
	@$(PY) tests/prepare.py
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: .venv/ready-dev ## format, lint, types, layers, house tests, fast tests
	@.venv/bin/ruff format --check --quiet src tests benchmarks && .venv/bin/ruff check --quiet src tests benchmarks
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo > .venv/lint-imports.txt || { cat .venv/lint-imports.txt; exit 1; }
	@$(PY) -m pytest -n 2 --dist worksteal -m "not slow" $(ARGS)

fmt: .venv/ready-dev ## format the code
	@.venv/bin/ruff format --quiet src tests benchmarks && .venv/bin/ruff check --quiet --fix src tests benchmarks

bench: .venv/ready-dev ## measure the main job, the parts and the pages; prints figures
	@$(PY) -m benchmarks $(ARGS)

.venv-bench/ready: .tools/bin/uv requirements/bench.txt requirements/bench-names.txt
	@for f in links names; do test -x .venv-bench/$$f/bin/python || .tools/bin/uv venv --quiet --python $(PY) .venv-bench/$$f; done
	@.tools/bin/uv pip install --quiet --python .venv-bench/links/bin/python --require-hashes -r requirements/bench.txt \
	  || echo "The rivals for links could not be installed; they will be shown as not measured."
	@.tools/bin/uv pip install --quiet --python .venv-bench/names/bin/python --require-hashes -r requirements/bench-names.txt \
	  || echo "The rival for names could not be installed; it will be shown as not measured."
	@touch .venv-bench/ready

bench-matching: .venv/ready-dev .venv-bench/ready ## measure matching beside its rivals (ARGS="ledger --quick --write")
	@$(PY) -m benchmarks.matching $(ARGS)

mutation: .venv/ready-dev ## how many small changes of matching and policy the tests notice (ARGS="--modules policy --sample 40 --write")
	@OPENBLAS_NUM_THREADS=1 nice -n 10 $(PY) -m benchmarks.mutation $(ARGS)

.venv-bench/documents/ready: .tools/bin/uv requirements/bench-documents.txt
	@test -x .venv-bench/documents/bin/python || .tools/bin/uv venv --quiet --python $(PY) .venv-bench/documents
	@.tools/bin/uv pip install --quiet --python .venv-bench/documents/bin/python --require-hashes -r requirements/bench-documents.txt \
	  || echo "The peers could not be installed; they will be shown as not measured."
	@touch .venv-bench/documents/ready

bench-documents: .venv/ready-dev .venv-bench/documents/ready ## measure reading and writing documents beside its peers (ARGS="--write")
	@$(PY) -m benchmarks.document_bench $(ARGS)

.venv-bench/fuzz/ready: .tools/bin/uv requirements/fuzz.txt
	@.tools/bin/uv pip install --quiet --python $(PY) --target .venv-bench/fuzz --require-hashes -r requirements/fuzz.txt
	@touch .venv-bench/fuzz/ready

fuzz: .venv/ready-dev .venv-bench/fuzz/ready ## broken bytes for the readers (ARGS="--minutes 10 xml mail")
	@PYTHONPATH=.venv-bench/fuzz nice -n 15 $(PY) -m benchmarks.fuzz $(ARGS)

lock: .tools/bin/uv
	@for f in main dev bench bench-names bench-documents fuzz; do .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --overrides requirements/overrides.txt requirements/$$f.in -o requirements/$$f.txt; done

clean: ## remove the data of the demo
	@rm -rf .well
