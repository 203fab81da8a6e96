# Binôme. Python 3.11 or later and make are all a fresh machine needs: uv is bootstrapped into .outils.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .outils/bin/uv
RUN := $(UV) run --frozen --quiet
EXEMPLE ?= exemples/generaliste-2026.yaml
# The linters read the settings; they start no server.
LINT = BINOME_HTTPS=non BINOME_HOTES=localhost BINOME_CLE_SECRETE=lint
ADRESSE ?= 127.0.0.1:8000
VERS ?= .donnees/sauvegardes/$$(date +%Y-%m-%d-%H%M%S)
# Settings of one's own machine: no TLS, this host only.
LOCAL = BINOME_HTTPS=non BINOME_MFA_OBLIGATOIRE=non BINOME_HOTES=127.0.0.1,localhost BINOME_CLE_SECRETE=$$(cat .donnees/cle)
# Counting lines costs little from Python 3.12 on (sys.monitoring): an environment of its own, with one.
COUVERTURE = env COVERAGE_CORE=sysmon UV_PROJECT_ENVIRONMENT=.venv-couverture $(RUN) --python "$$(.ci/python-recent)"

.DEFAULT_GOAL := help
.PHONY: help install run exemple test couverture test-lent test-postgresql sauvegarde restauration verifier bench-dossiers lint crochets format bench bench-pages bench-api bareme-cout loi serve-loi dependances mutants mutmut clean

help: ## Cette aide
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 ou plus récent est nécessaire (ici " + sys.version.split()[0] + ")" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .outils
	.outils/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

install: .venv/installe ## Installe tout dans .venv

.venv/installe: $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet --compile-bytecode --python $(PYTHON)
	@touch $@

run: install .donnees/cle ## Prépare la base et sert le site sur http://127.0.0.1:8000 (ADRESSE=… pour une autre)
	@$(LOCAL) $(RUN) python manage.py migrate --verbosity 0
	@$(LOCAL) $(RUN) python manage.py collectstatic --no-input --verbosity 0
	@$(LOCAL) $(RUN) python manage.py demonstration
	@echo "Binôme vous attend sur http://$(ADRESSE) (Ctrl+C pour arrêter)"
	@$(LOCAL) $(RUN) gunicorn --config python:binome.site.serveur --bind $(ADRESSE) binome.site.wsgi:application

# A key of one's own machine: production gives its own (docs/exploitation.md).
.donnees/cle:
	@mkdir -p .donnees
	@$(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))' > $@

exemple: install ## Simule un cas réel livré en ligne de commande (EXEMPLE=exemples/….yaml pour un autre)
	@$(RUN) binome simuler $(EXEMPLE)

test: install ## Les tests (dont ceux de la loi, par OpenFisca), sauf les preuves longues de test-lent
	$(RUN) pytest

test-lent: install ## Les preuves longues : chaque page de docs/contribuer suivie jusqu'au bout, et chaque étape oubliée, une à une
	$(RUN) pytest -m lent --dist load

test-postgresql: install ## Les tests qui touchent la base, sur PostgreSQL (DATABASE_URL=…)
	$(RUN) pytest -m base

# The browser and the law's cross-checks run, slowly, what other tests run; a copy of the repository is other files. What
# touches the database runs on each engine: each has code of its own.
couverture: install ## Ce qu'aucun test n'exécute, sur les deux moteurs (DATABASE_URL=… pour PostgreSQL) : chaque paquet contre son plancher
	@: $${DATABASE_URL:?un PostgreSQL est attendu}
	@rm -f .coverage .coverage.*
	env -u DATABASE_URL $(COUVERTURE) pytest --cov --cov-report= --ignore=tests/navigateur --ignore=tests/croises --ignore=tests/contribuer
	$(COUVERTURE) pytest -m base --cov --cov-append --cov-report=
	$(COUVERTURE) python .ci/couverture.py

sauvegarde: install ## Sauvegarde la base et les pièces (VERS=dossier nouveau)
	@$(LOCAL) $(RUN) python manage.py sauvegarder $(VERS)

restauration: install ## Restaure une sauvegarde dans une base vide, et la vérifie (DE=dossier)
	@$(LOCAL) $(RUN) python manage.py restaurer $(DE)

verifier: install ## Reconstruit chaque dossier de ses événements et rejoue chaque versement
	@$(LOCAL) $(RUN) python manage.py verifier_dossiers

mutants: install ## Les essais voient-ils ? Des fautes d'une ligne, écrites une à une (MUTANTS=mot pour quelques-unes)
	$(RUN) python -m bench.mutants $(MUTANTS)

mutmut: install ## Les essais voient-ils partout ? Chaque opérateur, borne et constante de quelques fichiers, changés tour à tour
	@rm -rf mutants
	$(UV) run --frozen --quiet --group mutants mutmut run --max-children 2
	$(UV) run --frozen --quiet --group mutants mutmut export-cicd-stats
	@$(RUN) python -m bench.taux_des_mutants

bench-dossiers: install ## Mesures : 3 000 contrats, 15 000 versements, les listes et une campagne
	$(RUN) python -m bench.dossiers

loi: install ## Les seuls tests YAML de la loi, par OpenFisca
	$(RUN) openfisca test --country-package openfisca_assistants_medicaux openfisca_assistants_medicaux/tests

lint: install ## Style, types, étages de la maison, messages des commits
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(LINT) $(RUN) mypy binome
	$(RUN) lint-imports
	$(RUN) djlint binome --lint --check --quiet
	$(RUN) yamllint --strict openfisca_assistants_medicaux exemples
	@$(RUN) python .ci/message.py

dependances: install ## À lancer chaque semaine : âge, licence et failles connues de ce qui est verrouillé
	@$(RUN) python .ci/dependances.py

crochets: install ## Installe les vérifications d'avant chaque commit (pre-commit)
	$(RUN) pre-commit install --hook-type pre-commit --hook-type commit-msg

format: install ## Met le code en forme
	$(RUN) ruff check --fix .
	$(RUN) ruff format .
	$(RUN) djlint binome --reformat --quiet || true

bench: install ## Mesures : une simulation, démarrage, lots de 115 444 et 1 000 000 de médecins
	$(RUN) python -m bench.mesures

bareme-cout: $(UV) ## Recalcule les données du coût de l'employeur avec OpenFisca-France (environnement à part)
	PYTHONPATH=. $(UV) run --isolated --no-project --quiet --with-requirements bareme_cout/exigences.txt python -m bareme_cout.generer

bench-pages: install ## Mesures : les pages du site, dans le processus
	$(RUN) python -m bench.pages

bench-api: install ## Mesures : l'API sous gunicorn et wrk (paquet Debian « wrk »)
	$(RUN) python bench/charge_api.py

serve-loi: install ## L'API web d'OpenFisca sur la loi seule (http://127.0.0.1:5000)
	$(UV) run --isolated --no-project --quiet --with 'openfisca-core[web-api]>=44.7,<47' \
	  env PYTHONPATH=. openfisca serve --country-package openfisca_assistants_medicaux --port 5000

clean: ## Retire ce qui s'installe et ce qui se calcule
	rm -rf .venv .venv-couverture .outils .donnees .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
