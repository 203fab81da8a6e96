"""What the reference expects, in the law's vocabulary, and the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, Field, dataclass, fields, replace
from fractions import Fraction
from typing import Any

import pytest

from tests.croises.simulations import INCONNU, SANS_DATE, calculer_par_date
from tests.reference import exacte
from tests.reference.exacte import DUREE_CONTRAT, Cas, CasCollectif

RANGS = range(1, DUREE_CONTRAT + 1)


@dataclass(frozen=True)
class Ecart:
    """One value on which the law and the reference disagree; `rang` is None for a value of the contract."""

    cas: Cas | CasCollectif
    variable: str
    rang: int | None
    attendu: Any
    obtenu: Any

    def __str__(self) -> str:
        annee = "" if self.rang is None else f", annuité {self.rang}"
        return f"{self.variable}{annee} : attendu {self.attendu}, obtenu {self.obtenu}\n  {_sans_les_defauts(self.cas)}"


def _defaut(champ: Field[Any]) -> Any:
    """Default of a field of a case; MISSING where it must be given."""
    return champ.default if champ.default_factory is MISSING else champ.default_factory()


def _sans_les_defauts(cas: Cas | CasCollectif) -> str:
    """The case as one would write it."""
    donnes = [f"{c.name}={getattr(cas, c.name)!r}" for c in fields(cas) if getattr(cas, c.name) != _defaut(c)]
    return f"{type(cas).__name__}({', '.join(donnes)})"


def _connu(valeur: int | None) -> int:
    return INCONNU if valeur is None else valeur


def _objectif(but: exacte.Objectif) -> dict[str, Any]:
    return {
        "gain_patientele_mt": _connu(but.mt.gain),
        "gain_file_active": _connu(but.fa.gain),
        "borne_gain_patientele_mt": _connu(but.mt.borne_haute),
        "borne_gain_file_active": _connu(but.fa.borne_haute),
    }


def _montants(possibles: tuple[int, ...] | None) -> dict[str, Any]:
    if possibles is None:
        return dict.fromkeys(("montant_maximal_bas", "montant_maximal_haut", "montant_maximal"), INCONNU)
    return {
        "montant_maximal_bas": possibles[0],
        "montant_maximal_haut": possibles[-1],
        "montant_maximal": possibles[0] if len(possibles) == 1 else INCONNU,
    }


def _versements(prevu: int | None, calendrier: list[exacte.Versement]) -> dict[str, Any]:
    """The calendar is known even when the amounts are not."""
    premier, *second = calendrier
    return {
        "montant_prevu": _connu(prevu),
        "versement_1_montant": INCONNU if prevu is None else premier[1],
        "versement_1_date": premier[0] or SANS_DATE,
        "versement_2_montant": INCONNU if prevu is None else (second[0][1] if second else 0),
        "versement_2_date": (second[0][0] or SANS_DATE) if second else SANS_DATE,
    }


def attendus(cas: Cas) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(values of the contract, values of each of its years) of an individual contract."""
    basse, haute = exacte.bande_objectif(cas)
    contrat = {
        "regime": exacte.regime(cas.date_signature, cas.date_appreciation),
        "regime_des_regles": exacte.regime_objectif(cas),
        "bande_basse": basse,
        "bande_haute": haute,
        **_objectif(exacte.objectif(cas)),
    }
    annuites = []
    for rang in RANGS:
        prevu = exacte.montant_prevu(cas, rang)
        annuites.append(
            {
                "debut_annuite": exacte.debut_annuite(exacte.ancre(cas), rang),
                "fin_annuite": exacte.fin_annuite(exacte.ancre(cas), rang),
                "jours_annuite": exacte.jours_annuite(exacte.ancre(cas), rang),
                "jours_dus": exacte.jours_dus(cas, rang),
                **_montants(exacte.montants_possibles(cas, rang)),
                "taux": exacte.taux(cas, rang),
                "montant_du": _connu(exacte.montant_du(cas, rang)),
                **_versements(prevu, exacte.versements(cas, rang, prevu or 0)),
            }
        )
    return contrat, annuites


def attendus_collectifs(cas: CasCollectif) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The same for a collective contract, which has no band."""
    contrat = {"regime": "COLL", "regime_des_regles": "COLL", **_objectif(exacte.objectif_collectif(cas))}
    annuites = []
    for rang in RANGS:
        prevu = exacte.montant_prevu_collectif(cas, rang)
        jours = exacte.jours_annuite(cas.date_signature, rang)
        annuites.append(
            {
                "debut_annuite": exacte.debut_annuite(cas.date_signature, rang),
                "fin_annuite": exacte.fin_annuite(cas.date_signature, rang),
                "jours_annuite": jours,
                "jours_dus": jours,
                **_montants(exacte.montants_possibles_collectif(cas, rang)),
                "taux": exacte.taux_collectif(cas, rang),
                "montant_du": _connu(exacte.montant_du_collectif(cas, rang)),
                **_versements(prevu, exacte.versements_collectif(cas, rang, prevu or 0)),
            }
        )
    return contrat, annuites


def _taux_obtenu(reponse: dict[str, Any], rang: int) -> Fraction | None:
    numerateur = reponse["taux_numerateur"][rang - 1]
    denominateur = reponse["taux_denominateur"][rang - 1]
    return None if numerateur == INCONNU else Fraction(numerateur, denominateur)


def ecarts(cas: Sequence[Cas | CasCollectif]) -> list[Ecart]:
    """Every disagreement between the law and the reference, case by case."""
    trouves: list[Ecart] = []
    for un_cas, reponse in zip(cas, calculer_par_date(cas), strict=True):
        contrat, annuites = attendus(un_cas) if isinstance(un_cas, Cas) else attendus_collectifs(un_cas)
        for variable, attendu in contrat.items():
            if reponse[variable] != attendu:
                trouves.append(Ecart(un_cas, variable, None, attendu, reponse[variable]))
        for rang, annuite in zip(RANGS, annuites, strict=True):
            for variable, attendu in annuite.items():
                obtenu = _taux_obtenu(reponse, rang) if variable == "taux" else reponse[variable][rang - 1]
                if obtenu != attendu:
                    trouves.append(Ecart(un_cas, variable, rang, attendu, obtenu))
    return trouves


def simplifier(ecart: Ecart) -> Ecart:
    """The same disagreement on the plainest case: every input that does not matter is put back to its default."""

    def demeure(cas: Any) -> Ecart | None:
        return next((autre for autre in ecarts([cas]) if autre.variable == ecart.variable), None)

    plus_simple = demeure(ecart.cas)
    if plus_simple is None:  # The case alone is right: its neighbours in the simulation matter.
        return ecart
    essais: list[dict[str, Any]] = [{c.name: _defaut(c)} for c in fields(ecart.cas) if _defaut(c) is not MISSING]
    essais.append({"resultats": {r: mesure for r, mesure in ecart.cas.resultats.items() if r == plus_simple.rang}})
    for essai in essais:
        plus_simple = demeure(replace(plus_simple.cas, **essai)) or plus_simple
    return plus_simple


def exiger_l_accord(cas: Sequence[Cas | CasCollectif]) -> None:
    """Fail on the first disagreement of each variable, with the plainest case that replays it."""
    trouves = ecarts(cas)
    if trouves:
        par_variable = {ecart.variable: ecart for ecart in reversed(trouves)}
        fautifs = len({id(ecart.cas) for ecart in trouves})
        exemples = "\n".join(str(simplifier(ecart)) for ecart in par_variable.values())
        pytest.fail(f"{fautifs} cas sur {len(cas)} en désaccord\n{exemples}", pytrace=False)
