# Two commands matter: `make demo` and `make test`. Both do all the set-up on a machine with Python (3.11 or newer), git and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print(f"{sys.version_info.major}.{sys.version_info.minor}")')
CONSTRAINTS := constraints/python-$(VERSION).txt
STAMP := $(VENV)/.installed-$(VERSION)

.PHONY: demo example browser test lint types check soak sweeps bench golden other-python clean

$(STAMP): pyproject.toml $(wildcard constraints/*.txt)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(wildcard $(CONSTRAINTS)),-c $(CONSTRAINTS)) -e '.[dev]'
	@touch $@

demo: $(STAMP)
	$(BIN)/transitionsim compare current-policy no-transition fast reskilling sme-support reskilling-and-sme-support \
	  --draws 24 --set persons_per_agent=5 --out results/demo --replace
	$(BIN)/transitionsim report results/demo --scenario reskilling --pdf

# The pages that the README shows, of a comparison and of a sweep: marked in a working tree with changes, so commit first.
example: demo
	rm -rf results/pace
	$(BIN)/transitionsim sweep experiments/pace-x-funding.yaml --out results/pace
	$(BIN)/transitionsim report results/demo --scenario reskilling --pdf --out docs/example-report
	$(BIN)/transitionsim report results/pace --explore --out docs/example-report/explore.html

# Debian's chromium, for the tests that open pages; where it cannot be had they are skipped, with the reason.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } >/dev/null 2>&1; } || true

# On two processes; tests of one file stay together, since they share what is costly to make.
test: $(STAMP) browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: lint types test

# The long checks at full scale: about twenty minutes on one core. Writes docs/checks/table.csv and docs/checks.md.
soak: $(STAMP)
	$(BIN)/python -m pytest -m soak tests
	$(BIN)/python -m soak

# The firing rule and the closure, cell by cell, ten persons to a row: about ten minutes. Writes docs/sweeps and a page of
# docs/experiments.
sweeps: $(STAMP)
	$(BIN)/python -m experiments.firing_rule --scale 10
	$(BIN)/python -m experiments.closures --scale 10
	$(BIN)/python -m experiments.rules_and_closure

bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

# A second interpreter beside this one, for the test that both give the same bytes.
OTHER := $(if $(filter 3.11,$(VERSION)),3.13,3.11)
other-python:
	python$(OTHER) -m venv .venv-$(OTHER)
	.venv-$(OTHER)/bin/python -m pip install --quiet --disable-pip-version-check \
	  $(if $(wildcard constraints/python-$(OTHER).txt),-c constraints/python-$(OTHER).txt) -e .

golden: $(STAMP)
	$(BIN)/python -m tests.golden.write

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
