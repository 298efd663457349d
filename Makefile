# Two commands matter: `make lab` and `make test`. Each sets up what is missing first and says what it does.
# Choose another Python with `make PYTHON=/path/to/python3.12 lab`, more arguments with `make test ARGS="-k mel"`.

SHELL := /bin/bash
PYTHON ?= python3 python3.13 python3.12 python3.11 python
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
# The set-up is repeated only when one of these changed, or the folder moved: the stamp is a copy of them.
PINS := pyproject.toml constraints.txt
STAMP := $(VENV)/installed-from

.DEFAULT_GOAL := help
.PHONY: help setup data lab test lint notebooks bench clean

help:  ## say what each target does
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

lab: setup  ## open JupyterLab at lesson 0
	@$(PY) -m mmcourse lab $(ARGS)

test: data  ## run every test: units, exercises, notebooks, the browser
	@$(PY) -m mmcourse test $(ARGS)

lint: setup  ## look for faults and layout that the tests cannot see
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

notebooks: data  ## run lessons and solutions again and store them (ARGS="00 01" for some)
	@$(PY) -m mmcourse notebooks $(ARGS)

bench: data  ## measure speed and memory beside other libraries, into benchmarks/results/
	@for file in benchmarks/bench_*.py; do echo "→ $$file"; $(PY) "$$file" || exit 1; done

clean:  ## remove .venv and everything else that can be made again (data and your exercises stay)
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -prune -exec rm -rf {} +

data: setup
	@$(PY) -m mmcourse data build digits

setup:
	@{ pwd; cat $(PINS); } | cmp -s - $(STAMP) || $(MAKE) --no-print-directory install

# In one recipe, so that whatever breaks it, the next `make` starts it again.
.PHONY: install
install:
	@if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  for python in $(PYTHON); do \
	    found=$$("$$python" -c 'import ensurepip, sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null); \
	    [ -n "$$found" ] && break; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "No Python 3.11 or newer with venv among: $(PYTHON)."; \
	    echo "Install one (Debian, Ubuntu: apt install python3-venv) or name it: make PYTHON=/path/to/python lab"; \
	    exit 1; \
	  fi; \
	  echo "→ $$found -m venv $(VENV)"; \
	  "$$found" -m venv --clear $(VENV) || exit 1; \
	fi
	@echo '→ pip install -e ".[dev]" -c constraints.txt   (a few minutes and 6 GB the first time)'
	@$(PY) -m pip install --disable-pip-version-check -e ".[dev]" -c constraints.txt
	@{ pwd; cat $(PINS); } > $(STAMP)
