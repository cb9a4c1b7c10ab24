# The whole day of Unrolled: `make help` lists it. CI calls the same targets.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --no-header \
  --annotation-style=line --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
  --no-emit-options
AUDIT_PACKAGES := tools/audit/node_modules/.installed
.DEFAULT_GOAL := help
.PHONY: help core site preview serve test check audit bench docs lock clean
.PHONY: tell-progress keep-links tell-links

help: ## List what make can do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

site: .venv/.site ## Build both languages into site/
	@$(BIN)/python -m tools.site build

preview: .venv/.site ## Build as `site` does and show it at http://127.0.0.1:8000/
	@$(BIN)/python -m tools.site preview

serve: .venv/.site ## Show both languages and rebuild what an edit changes
	@$(BIN)/python -m tools.site serve

core: .venv/.core ## Install only what the catalog command needs, in seconds

test: .venv/.test ## Run all tests (BROWSER=1 NODE=1 make test: none may be skipped)
	@$(BIN)/python -m pytest

check: .venv/.test ## Lint, check types and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

audit: .venv/.test $(AUDIT_PACKAGES) ## Judge the built site: weight, hosts, axe, links, HTML
	@$(BIN)/python -m tools.audit site

bench: .venv/.test ## Measure large catalogs, links, snippets, progress and the browser
	@$(BIN)/python -m benchmarks

docs: .venv/.site ## Renew the help texts in docs/ from the commands themselves
	@$(BIN)/python -m tools.help_pages

# What a machine adds by itself stays out of the pins: a wheel's local suffix, CUDA's libraries.
lock: .venv/.test ## Pin all requirements anew from the ranges in pyproject.toml
	@rm -f requirements/*.txt
	@$(COMPILE) -o requirements/core.txt pyproject.toml
	@$(COMPILE) --extra site -c requirements/core.txt -o requirements/site.txt pyproject.toml
	@$(COMPILE) --extra site --extra test -c requirements/site.txt -o requirements/test.txt pyproject.toml
	@sed -i -E 's/^([a-z0-9.-]+==[0-9.]+)\+[a-z0-9.]+/\1/; /^(nvidia-|triton)/d' requirements/*.txt

clean: ## Remove everything that was made here
	rm -rf .venv .build .cache site tools/audit/node_modules

# ── what the workflows need beside `catalog` ──────────────────────────────────
# The shell reads $SINCE, not make: the name of a branch must not become a command.
tell-progress: .venv/.core
	@$(BIN)/python -m tools.ci progress "$$SINCE"

keep-links: .venv/.core
	@$(BIN)/python -m tools.ci keep

# As many runs and days as the weekly check takes to believe that a link is broken.
tell-links: .venv/.core
	@$(BIN)/python -m tools.ci tell .build/links.md --fail-after 3 --over 7

# ── what has to be there first ────────────────────────────────────────────────
# Each stamp is newer than the pins it was installed from, so a second run installs nothing.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Unrolled needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo missing). Try: make PYTHON=python3.11 site" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) lacks its venv module; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv

.venv/.core: requirements/core.txt pyproject.toml | .venv/bin/python
	$(call install,core)

.venv/.site: requirements/site.txt pyproject.toml | .venv/bin/python
	$(call install,site)

.venv/.test: requirements/test.txt pyproject.toml | .venv/bin/python
	$(call install,test)
	@touch .venv/.site

define install
@echo "Installing requirements/$(1).txt"
@$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar off \
  -r requirements/$(1).txt
@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
@touch .venv/.core .venv/.$(1)
endef

$(AUDIT_PACKAGES): tools/audit/package-lock.json
	@command -v npm >/dev/null || { echo "make audit needs npm; on Debian and Ubuntu: sudo apt-get install npm" >&2; exit 2; }
	@npm ci --prefix tools/audit --ignore-scripts --silent --no-fund --no-audit
	@touch $@
