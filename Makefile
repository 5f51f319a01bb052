# Every target sets up what it needs, once, and then does what its line says.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test bench lint format tidy doctor build clean clean-all

BOOTSTRAP := tools/bootstrap.sh
BIN := .venv/bin
TEXT ?= heddle
CXX_FILES = { find include src python/bindings tests bench examples \
	\( -name '*.cpp' -o -name '*.hpp' \) -print0 2>/dev/null || true; }

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build  ## designs an alphabet, writes a word (TEXT=heddle), names the report it wrote
	@mkdir -p demo
	$(BIN)/heddle design --font scripts --letters abcdefghijklmnopqrstuvwxyz -o demo/alphabet.h5
	$(BIN)/heddle perform demo/alphabet.h5 --sequence '$(TEXT)' --noise 0.02 --trials 20 -o demo/word.h5
	$(BIN)/heddle report demo/word.h5 -o demo/report.html --figures demo/figures
	@echo "The report: $$PWD/demo/report.html"

test: build  ## builds and runs every test, C++ and Python
	@$(BOOTSTRAP) browser
	@$(BOOTSTRAP) torch
	@status=0; \
	ctest --preset dev --parallel 2 || status=1; \
	$(BIN)/python -m pytest || status=1; \
	exit $$status

bench:  ## measures time and accuracy with a release build; bench/README.md has the numbers
	@if [[ ! -e bench/run.sh ]]; then echo 'heddle: there is no bench/run.sh' >&2; exit 2; fi
	@$(BOOTSTRAP) build release
	@PATH="$$PWD/$(BIN):$$PATH" PYTHONPATH="$$PWD/build/release/python" bash bench/run.sh

build:
	@$(BOOTSTRAP) build dev

lint:  ## checks layers, format and Python
	@$(BOOTSTRAP) python
	@$(BIN)/python tools/check_layers.py
	@$(CXX_FILES) | xargs -0 -r $(BIN)/clang-format --dry-run --Werror
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format:  ## formats C++ and Python in place
	@$(BOOTSTRAP) python
	@$(CXX_FILES) | xargs -0 -r $(BIN)/clang-format -i
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

tidy: build  ## reads the C++ sources with clang-tidy, where there is one
	@find src -name '*.cpp' -print0 | xargs -0 -r -n 1 -P 2 clang-tidy -p build/dev --quiet

doctor:  ## says what is there and whether it works
	@$(BOOTSTRAP) doctor

clean:  ## removes what was built and written
	rm -rf build demo python/heddle/_core.*

clean-all: clean  ## removes the virtual environment too
	rm -rf .venv
