# Binôme. Python 3.11 or later and make are all a fresh machine needs: uv is bootstrapped into .outils.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .outils/bin/uv
RUN := $(UV) run --frozen --quiet
EXEMPLE ?= exemples/generaliste-2026.yaml

.DEFAULT_GOAL := help
.PHONY: help install run test lint format bench loi serve-loi clean

help: ## Cette aide
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 ou plus récent est nécessaire (ici " + sys.version.split()[0] + ")" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .outils
	.outils/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

install: .venv/installe ## Installe tout dans .venv

.venv/installe: $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

run: install ## Simule un cas réel livré (EXEMPLE=exemples/….yaml pour un autre)
	@$(RUN) binome simuler $(EXEMPLE)

test: install ## Tous les tests (dont ceux de la loi, par OpenFisca)
	$(RUN) pytest

loi: install ## Les seuls tests YAML de la loi, par OpenFisca
	$(RUN) openfisca test --country-package openfisca_assistants_medicaux openfisca_assistants_medicaux/tests

lint: install ## Style, types, étages de la maison
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy binome
	$(RUN) lint-imports
	$(RUN) yamllint --strict openfisca_assistants_medicaux exemples

format: install ## Met le code en forme
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: install ## Mesures : une simulation, démarrage, lots de 115 444 et 1 000 000 de médecins
	$(RUN) python bench/mesures.py

serve-loi: install ## L'API web d'OpenFisca sur la loi seule (http://127.0.0.1:5000)
	$(RUN) openfisca serve --country-package openfisca_assistants_medicaux --port 5000

clean: ## Retire ce qui s'installe et ce qui se calcule
	rm -rf .venv .outils .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
