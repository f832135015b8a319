# Targets work in a clean clone: whatever they need is installed into $(VENV) first.
PYTHON ?= python3
VENV ?= .venv
MODELS ?= models
PORT ?= 8000
BIN = $(VENV)/bin

# Stamps: an install is done again only when pyproject.toml has changed.
TRAIN = $(VENV)/.installed-train
DEV = $(VENV)/.installed-dev
BENCH = $(VENV)/.installed-bench

.PHONY: help demo setup test check bounds bench fit

help:  ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(TRAIN)  ## Train a model if there is none, and serve it on 127.0.0.1 (PORT=8000).
	@scripts/demo "$(BIN)" "$(MODELS)" "$(PORT)"

setup: $(DEV)  ## Install everything that the other targets use.

test: $(DEV)  ## Run the tests.
	$(BIN)/python -m pytest

check: $(DEV)  ## Run the linter, the formatter, the type checker and the import contracts.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bounds: $(DEV)  ## Run the kernel's tests with every array index checked.
	NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=$(VENV)/bounds \
		$(BIN)/python -m pytest tests/model/test_walk.py tests/model/test_ngrams.py tests/model/test_linear.py

bench: $(BENCH)  ## Measure the speed against that of peers, on real ads if there are any.
	$(BIN)/python -m bench

fit: $(TRAIN)  ## Train on data/labeled and put the model in use.
	$(BIN)/lurewatch-train fit --out "$(MODELS)"

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(TRAIN): pyproject.toml | $(BIN)/python
	@echo "Installing Lurewatch into $(VENV); this takes some minutes the first time."
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	@echo "Installing Lurewatch and its tools into $(VENV); this takes some minutes the first time."
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(TRAIN) $@

$(BENCH): pyproject.toml | $(BIN)/python
	@echo "Installing Lurewatch and its peers into $(VENV); this takes some minutes the first time."
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $(TRAIN) $@
