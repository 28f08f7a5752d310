# `make demo` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := $(VENV)/.demo

# Many tests wait for a host more than they work: two processes a core, and one more.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(1 + 2 * (os.cpu_count() or 1))')

# Many tests start psnet as a process: its modules are compiled once, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-all lint lint-ansible docs bench conformance fuzz soak hostile audit clean sbom

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "psnet needs Python 3.11 or newer"; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint]'
	@touch $@

# The demo needs psnet and its lab, and nothing that only tests or checks need.
$(DEMO): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "psnet needs Python 3.11 or newer"; exit 1; }
	@test $(STAMP) -nt pyproject.toml -a $(STAMP) -nt constraints.txt || { echo "Setting up $(VENV) (once) ..."; $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[lab]'; }
	@touch $@

demo: $(DEMO)
	@$(BIN)/python examples/web/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal

# Everything: the sweeps whole, not only their samples.
test-all: $(STAMP)
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal -m 'sweep or not sweep'

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml psnet
	$(BIN)/psnet check templates dsc
	@$(MAKE) --no-print-directory docs

# The collection and the example playbooks by ansible-lint, then ansible-test's sanity without pylint and the import test. Both come
# from the package index, into build/, which is also the home that ansible-test keeps its environments in. It would download pip's
# installer from a host of its own: Python's is put there in its place.
COLLECTION := build/lint-ansible/ansible_collections/psnet/windows_containers
SANITY := action-plugin-docs ansible-doc compile empty-init line-endings no-assert no-get-exception no-illegal-filenames \
  no-smart-quotes pep8 replace-urlopen runtime-metadata shebang symlinks use-argspec-type-path use-compat-six validate-modules yamllint

lint-ansible: $(STAMP)
	@test -x build/ansible-lint/bin/ansible-lint || { $(PYTHON) -m venv build/ansible-lint && \
	  build/ansible-lint/bin/pip install --quiet 'ansible-lint>=26' 'ansible-core==2.19.*'; }
	@rm -rf build/lint-ansible; mkdir -p $(dir $(COLLECTION)); cp -r ansible $(COLLECTION)
	@cd $(COLLECTION) && find . -name __pycache__ -prune -exec rm -r {} + && git init -q && git add -A
	@export PATH="$$PWD/build/ansible-lint/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH="$$PWD/build/lint-ansible"; \
	  (cd $(COLLECTION) && ansible-lint --offline -q --project-dir . .) && \
	  ansible-lint --offline -q --profile production examples/playbooks && \
	  home="$$PWD/build/lint-ansible/home" && mkdir -p "$$home/.ansible/test/cache" && \
  printf 'import ensurepip\nensurepip.bootstrap()\n' >"$$home/.ansible/test/cache/get_pip_24_2.py" && \
  cd $(COLLECTION) && HOME="$$home" ansible-test sanity --requirements --python default $(addprefix --test ,$(SANITY))

# The documentation site, into build/site; a broken link ends it.
docs: $(STAMP)
	@mkdir -p build; NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build 2>build/docs.log || { cat build/docs.log; exit 1; }

conformance: $(STAMP)
	@$(BIN)/python tools/conformance.py

# How long each target of the fuzzer runs, in seconds.
FUZZ_SECONDS ?= 20

fuzz: $(STAMP)
	@$(BIN)/python tools/fuzz.py --seconds $(FUZZ_SECONDS)

# Thousands of pipelines on one session, then 200 hosts under faults for so many seconds; memory is to stay flat.
SOAK_SECONDS ?= 120

soak: $(STAMP)
	@$(BIN)/python tools/soak.py --seconds $(SOAK_SECONDS)

# Memory and seconds that each hostile host of the lab costs each transport.
hostile: $(STAMP)
	@$(BIN)/python tools/hostile.py

# Known weaknesses of what constraints.txt pins: needs the network (advisories of the Python Packaging Authority).
audit: $(STAMP)
	@test -x build/audit/bin/pip-audit || { $(PYTHON) -m venv build/audit && build/audit/bin/pip install --quiet 'pip-audit==2.9.*'; }
	@build/audit/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip

# What psnet is built from, as CycloneDX; EXTRAS names extras that count too.
sbom: $(STAMP)
	@mkdir -p build; $(BIN)/python tools/sbom.py build/psnet.cdx.json $(EXTRAS)

bench: $(STAMP)
	@$(BIN)/python -m bench $(ARGUMENTS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
