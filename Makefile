# kompetanse: two commands are enough on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ON ?= 2027-01-01
BUDGET ?= 400000
ROUNDS ?= 1000

.PHONY: venv demo test lint types imports tests test-odoo record-odoo drill bench bench-short clean
.DELETE_ON_ERROR:

venv: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kompetanse needs Python 3.11 or newer; say which: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq python3-venv; } || \
	  { echo "$(PYTHON) cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

demo: venv
	test -d build/example || $(BIN)/kompetanse example build/example
	$(BIN)/kompetanse analyse build/example --on $(ON) --budget $(BUDGET) --report build/report.html
	@echo "The report lies in build/report.html"

test: lint types imports bounds tests

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: venv
	$(BIN)/mypy --strict src tests

imports: venv
	$(BIN)/lint-imports --no-cache

# The compiled kernels with every index checked, in a cache of their own.
bounds: venv
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=build/bounds $(BIN)/pytest tests/laws/test_gap_laws.py tests/laws/test_fit_laws.py -k both_speeds

tests: venv
	$(BIN)/pytest --cov --numprocesses=auto --maxprocesses=4 --dist=loadfile

# A real Odoo, fetched once into build/odoo; it runs on loopback as long as the tests do.
test-odoo: venv
	$(BIN)/python tests/live/odoo.py $(BIN)/pytest tests/live

record-odoo: venv
	$(BIN)/python tests/live/odoo.py env PYTHONPATH=. $(BIN)/python tests/live/record_odoo.py

drill: venv
	KOMPETANSE_TABLES=10000 $(BIN)/pytest tests/privacy/test_suppression.py
	KOMPETANSE_ROUNDS=$(ROUNDS) $(BIN)/pytest tests/drills
	HYPOTHESIS_PROFILE=thorough KOMPETANSE_EXAMPLES=3000 $(BIN)/pytest tests/laws/test_gap_laws.py tests/laws/test_fit_laws.py -k oracles

bench bench-short: venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python benchmarks/bench.py $(if $(filter %-short,$@),--short)

clean:
	rm -rf .venv build
