"""Payments done again: under today's rules, and under those of their time, which are kept with them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from binome import francais
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import CalculConserve, LoiConservee
from binome.erreurs import BinomeErreur
from binome.simulation import EMPREINTE_COURTE, Annee, ContratSuivi, Suivi, suivre, suivre_sous, valeurs, version_de
from binome.simulation.archive import archiver, desarchiver, nom_de


@dataclass(frozen=True)
class Rejeu:
    """A kept computation done again, with the operator's values of its time."""

    calcul: CalculConserve
    #: The answer, at the same date d'appréciation; None when the rules no longer know that contract year.
    annee: Annee | None
    memes_regles: bool
    #: The files of values that it used are no longer kept: those in force took their place.
    valeurs_perdues: bool = False

    @property
    def identique(self) -> bool:
        """All that was answered then is answered again, to the cent and to the word; an answer may say more."""
        return self.annee is not None and _contient(self.annee.model_dump(mode="json"), self.calcul.resultat)

    @property
    def empreinte(self) -> str:
        """SHA-256 of the answer: what an announced difference is known by."""
        dit = None if self.annee is None else self.annee.model_dump(mode="json")
        return hashlib.sha256(json.dumps(dit, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def ecart(self) -> str:
        """What was answered then, and now."""
        avant = self.calcul.resultat["montant_du"]
        apres = None if self.annee is None else self.annee.montant_du
        if avant == apres and self.annee is not None:
            dit = self.annee.model_dump(mode="json")
            autres = [nom for nom, valeur in self.calcul.resultat.items() if not _contient(dit.get(nom), valeur)]
            return f"{_euros(avant)} alors comme aujourd'hui, mais non {', '.join(autres)}"
        return f"{_euros(avant)} alors, {_euros(apres)} aujourd'hui"

    @property
    def phrase(self) -> str:
        """What the replay shows."""
        if self.valeurs_perdues:
            return f"Ne peut être rejoué : les valeurs d'alors ({self.fichiers}) ne sont plus dans leur dossier."
        avec = f", et les valeurs d'alors ({self.fichiers})" if self.calcul.valeurs else ""
        if self.identique:
            regles = "les mêmes règles" if self.memes_regles else "des règles modifiées depuis"
            return f"Rejoué avec {regles}{avec} : même résultat, au centime."
        if self.memes_regles:
            return f"Anomalie : les mêmes règles{avec} donnent un autre résultat ({self.ecart})."
        return f"Les règles ont changé depuis (version {self.calcul.version_loi}) : {self.ecart}."

    @property
    def fichiers(self) -> str:
        """The files of values that the computation used, by name and fingerprint."""
        return ", ".join(f"{dit['nom']} {dit['empreinte'][:EMPREINTE_COURTE]}" for dit in self.calcul.valeurs or ())


def _euros(centimes: int | None) -> str:
    return "non déterminé" if centimes is None else francais.euros(centimes)


def _contient(dit: Any, garde: Any) -> bool:
    """True when an answer holds all that was kept of another: a later version may add to it."""
    if isinstance(garde, Mapping):
        return isinstance(dit, Mapping) and all(nom in dit and _contient(dit[nom], v) for nom, v in garde.items())
    if isinstance(garde, list):
        return isinstance(dit, list) and len(dit) == len(garde) and all(map(_contient, dit, garde))
    return bool(dit == garde)


def rejouer(calcul: CalculConserve) -> Rejeu:
    """Do a kept computation again under today's rules: same inputs, same values of the operator, same cents."""
    return next(rejouer_ensemble([calcul]))


def rejouer_ensemble(calculs: Iterable[CalculConserve]) -> Iterator[Rejeu]:
    """The same, of many computations: those of one date and of the same values run the law together. In no order."""
    groupes: dict[Any, list[CalculConserve]] = defaultdict(list)
    for calcul in calculs:
        fichiers = None if calcul.valeurs is None else tuple(dit["empreinte"] for dit in calcul.valeurs)
        groupes[calcul.date_appreciation, fichiers].append(calcul)
    for (date, fichiers), ensemble in groupes.items():
        apports = None if fichiers is None else valeurs.apports_d_alors(fichiers)
        for calcul, suivi in zip(ensemble, suivre(_contrats(ensemble), date, apports), strict=True):
            yield _rejeu(calcul, suivi, perdues=fichiers is not None and apports is None)


def rejouer_sous_leur_loi(calculs: Sequence[CalculConserve]) -> Iterator[Rejeu]:
    """Do computations again under the rules of their time, which are kept with them. Raises Refus when they are not,
    or can no longer be loaded. All must be of the same rules."""
    if not calculs:
        return
    empreinte = calculs[0].empreinte_loi
    loi = _loi(empreinte)
    par_date: dict[datetime.date, list[CalculConserve]] = defaultdict(list)
    for calcul in calculs:
        par_date[calcul.date_appreciation].append(calcul)
    for date, ensemble in par_date.items():
        try:
            suivis = list(suivre_sous(loi, empreinte, _contrats(ensemble), date))
        except Exception as erreur:
            # Today's formulas ask for a parameter that the rules of that time did not have.
            raise Refus(f"{nom_de(empreinte)} : les règles d'aujourd'hui ne l'exécutent plus ({erreur})") from erreur
        for calcul, suivi in zip(ensemble, suivis, strict=True):
            yield _rejeu(calcul, suivi)


def _contrats(calculs: Iterable[CalculConserve]) -> list[ContratSuivi]:
    return [ContratSuivi.model_validate(calcul.entrees) for calcul in calculs]


def _rejeu(calcul: CalculConserve, suivi: Suivi, *, perdues: bool = False) -> Rejeu:
    annee = next((a for a in suivi.annees if a.rang == calcul.resultat["rang"]), None)
    return Rejeu(calcul, annee, calcul.empreinte_loi == suivi.empreinte_loi, perdues)


@lru_cache(maxsize=4)
def _loi(empreinte: str) -> Any:
    gardee = LoiConservee.objects.filter(empreinte=empreinte).first()
    if gardee is None:
        raise Refus(f"{nom_de(empreinte)} : elle n'a pas été gardée")
    try:
        return desarchiver(bytes(gardee.octets), empreinte)
    except BinomeErreur as erreur:
        raise Refus(str(erreur)) from erreur


def garder_les_lois(empreintes: Iterable[str]) -> None:
    """Keep the laws that computed what is about to be paid, once each. Raises Refus when one is no longer the one that
    this process loaded: what it would pay could never be done again."""
    manquantes = set(empreintes)
    manquantes -= set(LoiConservee.objects.filter(empreinte__in=manquantes).values_list("empreinte", flat=True))
    try:
        lois = [
            LoiConservee(empreinte=empreinte, version=version_de("binome"), octets=archiver(empreinte))
            for empreinte in sorted(manquantes)
        ]
    except BinomeErreur as erreur:
        raise Refus(str(erreur)) from erreur
    # Two campaigns at once may keep the same one (PostgreSQL): the first does.
    LoiConservee.objects.bulk_create(lois, ignore_conflicts=True)
