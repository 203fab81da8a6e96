"""The history is the parameters' own; the glossary of the site and that of the developers are one."""

from __future__ import annotations

import datetime
import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone

from binome.francais import date_longue
from binome.simulation.moteur.systeme import systeme
from binome.simulation.parametres import comparer, en_vigueur
from binome.site.guide.glossaire import en_markdown, termes
from binome.site.guide.histoire import RECITS, REGLES, debuts, moments, montants
from binome.site.guide.loi import dates_d_effet, debut_du_regime, fin_du_regime, noms
from openfisca_assistants_medicaux.apports import AUCUN
from openfisca_assistants_medicaux.nomenclatures import Regime
from tests.site.guide.outils import mots, ouvrir

if TYPE_CHECKING:
    from django.test import Client

DOCUMENT = Path(__file__).parents[3] / "docs" / "glossaire.md"


def test_chaque_regime_avec_sa_date(client: Client) -> None:
    texte = ouvrir(client, "histoire/").texte
    attendus = {v.value: v.instant_str for v in systeme(AUCUN).parameters.regimes.regime.values_list}
    attendus[Regime.COLL.name] = systeme(AUCUN).parameters.regimes.aide_collective_ouverte.values_list[-1].instant_str
    assert set(attendus) == set(RECITS)
    for code, instant in attendus.items():
        date = datetime.date.fromisoformat(instant)
        assert f"{mots(date_longue(date))} : {Regime[code].value}" in texte
        assert mots(RECITS[code]) in texte


def test_les_montants_de_chaque_regime(client: Client) -> None:
    tableau = ouvrir(client, "histoire/").tableaux[0]
    rangees = {rangee[0]: rangee[1:] for rangee in tableau.rangees[1:]}
    for date, _ in debuts():
        rang = [jour for jour, _ in debuts()].index(date)
        regles = {p.nom: p for p in en_vigueur(date)}
        for nom in ("montants.un_etp.annee_1", "montants.demi_etp.annee_2", "montants.tiers_etp.annee_1"):
            ecrite = mots(regles[nom].valeur_ecrite).removesuffix(" par an") if nom in regles else "—"
            description = next(p.description for d, _ in debuts() for p in en_vigueur(d) if p.nom == nom)
            assert rangees[mots(description)][rang] == ecrite, (nom, date)


def test_les_regles_montrees_existent() -> None:
    assert set(montants()) | set(REGLES) <= noms()


@pytest.mark.parametrize("date", [m.date for m in moments()], ids=str)
def test_ce_qui_change_est_ce_que_dit_la_comparaison(client: Client, date: datetime.date) -> None:
    texte = ouvrir(client, "histoire/").texte
    changements = comparer(date - datetime.timedelta(days=1), date)
    (moment,) = [m for m in moments() if m.date == date]
    assert moment.nombre == len(changements) == sum(len(suite) for _, suite in moment.changements)
    for changement in changements:
        assert mots(changement.description) in texte


def test_toutes_les_dates_d_effet_y_sont() -> None:
    assert tuple(m.date for m in moments()) == dates_d_effet()


def test_debut_et_fin_des_regimes() -> None:
    assert fin_du_regime("RA") == debut_du_regime("CM24") - datetime.timedelta(days=1)
    en_cours = systeme(AUCUN).parameters.regimes.regime.values_list[0].value
    assert fin_du_regime(en_cours) is None
    assert fin_du_regime("COLL") is None


def test_un_mot_ecarte_n_est_ecrit_nulle_part() -> None:
    """One word for a year of a contract, in the law as on the pages; migrations tell what was."""
    racine = DOCUMENT.parents[1]
    fichiers = [
        fichier
        for paquet in ("binome", "openfisca_assistants_medicaux")
        for fichier in (racine / paquet).rglob("*")
        if fichier.suffix in {".py", ".yaml", ".html", ".md", ".typ"} and "migrations" not in fichier.parts
    ]
    ecarte = re.compile(r"ann[ée]es?[ _]contractuelles?", re.IGNORECASE)
    assert len(fichiers) > 400
    assert [str(f) for f in fichiers if ecarte.search(f.read_text("utf-8"))] == []


def test_le_glossaire_des_developpeurs_est_celui_du_site() -> None:
    """To write it again: manage.py glossaire docs/glossaire.md."""
    texte = DOCUMENT.read_text(encoding="utf-8")
    assert texte[texte.index("\n## ") + 1 :].rstrip() == en_markdown(timezone.localdate()).rstrip()


def test_chaque_regime_a_sa_ligne() -> None:
    dits = {nom for terme in termes() for nom in re.findall(r"`(\w+)`", terme.code)}
    assert {regime.name for regime in Regime} - dits - {Regime.aucun.name, Regime.COLL.name} == set()


def test_la_commande_ne_touche_pas_ce_qui_precede_les_tables(tmp_path: Path) -> None:
    fichier = tmp_path / "glossaire.md"
    fichier.write_text("# Glossaire\n\nAvant.\n\n## Périmé\n\n| x |\n", encoding="utf-8")
    call_command("glossaire", str(fichier), verbosity=0, stdout=StringIO())
    ecrit = fichier.read_text(encoding="utf-8")
    assert ecrit.startswith("# Glossaire\n\nAvant.\n\n## Contrat\n")
    assert "Périmé" not in ecrit
    assert ecrit.endswith("|\n")


def test_la_page_dit_chaque_terme_et_son_sens(client: Client) -> None:
    page = ouvrir(client, "glossaire/")
    for terme in termes():
        assert mots(terme.terme) in page.texte
        assert mots(terme.ecrire_pour_tous(timezone.localdate())) in page.texte
    assert len({terme.ancre for terme in termes()}) == len(termes())
    corps = page.texte.split("Glossaire", 2)[-1]
    assert not re.search(r"[`{}]|\w_\w", corps)
