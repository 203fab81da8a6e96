"""The simulation and an independent reference agree on groups told member by member (arbitrage E12)."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation, simuler
from tests.reference import groupe as reference
from tests.reference.exacte import DEBUT_COLL, ajoute_mois
from tests.reference.groupe import Adherent, Groupe

NOMS = {"mt": "patientele_mt", "fa": "file_active"}


@st.composite
def groupes(draw: st.DrawFn) -> Groupe:
    """Members around the medians, installed around a year before they join, some at an anniversary."""
    signature = DEBUT_COLL + datetime.timedelta(days=draw(st.integers(0, 300)))
    adherents = []
    for _ in range(draw(st.integers(1, 4))):
        adhesion = draw(st.sampled_from([None, signature, *(ajoute_mois(signature, 12 * n) for n in (1, 2))]))
        jours = st.one_of(st.sampled_from([0, 1, 364, 365, 366, 367]), st.integers(0, 800))
        anciennete = draw(st.none() | jours)
        installation = None
        if anciennete is not None:
            installation = (adhesion or signature) - datetime.timedelta(days=anciennete)
        adherents.append(
            Adherent(
                mt=draw(st.sampled_from([0, 300, 1044, 1045, 1046]) | st.integers(0, 3000)),
                fa=draw(st.sampled_from([None, 0, 700, 1513, 1514, 1515]) | st.integers(0, 4000)),
                installation=installation,
                adhesion=adhesion,
            )
        )
    groupe = Groupe(
        signature=signature,
        etp=Fraction(draw(st.integers(1, 2 * len(adherents))), 2),
        adherents=tuple(adherents),
        deja_gagnes={nom: draw(st.sampled_from([0, 0, 50, 2000])) for nom in NOMS},
    )
    resultats = [draw(_resultat(groupe, nom)) for nom in NOMS]
    return Groupe(**{**vars(groupe), "resultats": {3: tuple(resultats)}})


def _resultat(groupe: Groupe, nom: str) -> st.SearchStrategy[int | None]:
    """A result around the start and both targets."""
    base = reference.base(groupe, nom) or 0
    gains = [gain for lecture in "ab" if (gain := reference.gain(groupe, nom, lecture)) is not None]
    reperes = [base + ecart for gain in (0, *gains) for ecart in (gain - 1, gain, gain // 2)]
    return st.sampled_from([max(repere, 0) for repere in reperes]) | st.integers(base, base + max(gains, default=9) + 9)


def situation(groupe: Groupe, **tranchees: str) -> Situation:
    """The group as a user tells it."""
    membres: list[dict[str, Any]] = [
        {
            "secteur": "secteur_1", "patientele_mt": a.mt, "file_active": a.fa, "date_installation": a.installation,
            "date_adhesion": a.adhesion,
        }
        for a in groupe.adherents
    ]  # fmt: skip
    signe = {
        "date_signature": groupe.signature, "forme_juridique": "SISA", "etp_demandes": float(groupe.etp),
        "membres": membres, "patientele_mt_deja_gagnee": groupe.deja_gagnes["mt"],
        "file_active_deja_gagnee": groupe.deja_gagnes["fa"], "lectures": tranchees or None,
    }  # fmt: skip
    mt, fa = groupe.resultats[3]
    resultats = [{"annee": 3, "patientele_mt": mt, "file_active": fa}]
    return Situation.model_validate({"groupe": signe, "assistant": {"locaux_adaptes": True}, "resultats": resultats})


@settings(max_examples=40, derandomize=True, database=None)
@given(groupes())
def test_un_groupe_dit_membre_par_membre(groupe: Groupe) -> None:
    """Objectives, deadline and amounts, settled either way; and both readings side by side where nothing is settled."""
    jour = ajoute_mois(groupe.signature, 24)
    for e12, d19 in (("a", "b"), ("b", "a")):
        calcul = Simulation(situation(groupe, e12=e12, d19=d19), jour).calcul
        for nom, variable in NOMS.items():
            assert calcul.entier(f"gain_{variable}", 0) == reference.gain(groupe, nom, e12)
        assert calcul.date("date_limite_mediane_nouvel_installe", 0) == reference.date_limite(groupe)
        dus = [calcul.entier("montant_du", rang - 1) for rang in (1, 2, 3)]
        assert dus == [reference.montant_du(groupe, rang, e12, d19) for rang in (1, 2, 3)]
    ouvert = simuler(situation(groupe, d19="a"), jour)
    if ouvert.verdict.eligible == "non":
        return
    attendus = [reference.montant_du(groupe, 3, lecture, "a") for lecture in "ab"]
    (point,) = (p for p in ouvert.lectures if p.point == "e12") if attendus[0] != attendus[1] else (None,)
    if point is not None and None not in attendus:
        assert [lue and lue.annees[2].montant for lue in (point.a, point.b)] == attendus
