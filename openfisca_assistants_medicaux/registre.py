"""The register: what the conditions and the deadlines of the law mean, in words, and what they read.

The rules are in `variables/`; their words, beside them in `textes/`, one entry each. Whoever shows a condition or a
deadline (pages, letters, command line, guide) reads it here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import Dispositif, Regime

DOSSIER = Path(__file__).parent / "textes"

#: What is told in the place of a source where a condition does not apply.
SANS_OBJET = "sans objet sous ces règles"

#: What a condition may decide: the right of the doctor or the group, the post and the choice, the option alone.
VERDICTS = ("medecin", "projet", "option")

#: Inputs of the law of which one is enough; the first is the one to ask for.
Choix = tuple[str, ...]


@dataclass(frozen=True)
class SourceDeCondition:
    """A text, or the place where it was read, and how sure what it says is."""

    titre: str
    certitude: Certitude


@dataclass(frozen=True)
class FicheCondition:
    """One condition of eligibility, or of an option."""

    nom: str
    court: str
    #: Verdicts that count it, among `VERDICTS`.
    verdicts: tuple[str, ...]
    pour_changer: str
    a_demander: str
    #: Sentence of a refusal by régime name; « defaut » for the others.
    refus: Mapping[str, str]
    #: Inputs without which the condition stays undetermined, by dispositif.
    champs: Mapping[str, tuple[Choix, ...]]
    #: Inputs that the rule reads too, by dispositif: nothing is missing without them.
    lus: Mapping[str, tuple[Choix, ...]]
    #: Source by régime name; the condition does not apply under a régime left out.
    articles: Mapping[str, SourceDeCondition]
    #: Deadline that a refused condition missed, or must wait for.
    echeance: str | None = None

    def article(self, regime: str) -> SourceDeCondition | None:
        """The source that poses the condition under a régime; None where it does not apply."""
        return self.articles.get(regime)

    def refus_de(self, regime: str) -> str:
        """Why the aid is refused, with its placeholders."""
        return self.refus.get(regime, self.refus["defaut"])

    def nommes(self, regime: str) -> tuple[str, ...]:
        """The inputs that the sentence of a refusal names."""
        return tuple(nom for _, nom, _, _ in Formatter().parse(self.refus_de(regime)) if nom)

    def entrees(self, dispositif: str) -> tuple[Choix, ...]:
        """Every input that the condition reads for a dispositif."""
        return self.champs.get(dispositif, ()) + self.lus.get(dispositif, ())

    def lit(self, variable: str, dispositif: str) -> bool:
        """True when the condition reads this input of a contract of that dispositif."""
        return any(variable in choix for choix in self.entrees(dispositif))


@dataclass(frozen=True)
class Registre:
    """The entries of the conditions, the words of their inputs."""

    conditions: Mapping[str, FicheCondition]
    champs: Mapping[str, str]

    def __getitem__(self, nom: str) -> FicheCondition:
        """The entry of a condition."""
        return self.conditions[nom]

    def __iter__(self) -> Iterator[FicheCondition]:
        """Every entry, in the order of the file."""
        return iter(self.conditions.values())

    def du_verdict(self, verdict: str) -> tuple[str, ...]:
        """Names of the conditions that a verdict counts (`VERDICTS`), in the order of the file."""
        return tuple(fiche.nom for fiche in self if verdict in fiche.verdicts)

    def conditions_qui_lisent(self, variable: str, dispositif: str) -> frozenset[str]:
        """Names of the conditions that read an input of the law, for a contract of that dispositif."""
        return frozenset(fiche.nom for fiche in self if fiche.lit(variable, dispositif))


@dataclass(frozen=True)
class FicheEcheance:
    """One deadline that the law dates."""

    nom: str
    libelle: str
    aide: str
    source: str
    #: Kind of event of a file that closes it -> the datum that the event must carry; blank: none.
    actes: Mapping[str, str]
    #: Inputs of the law that make it disappear.
    annulee_par: tuple[str, ...]
    rappel: bool
    par_annee: bool = False

    def close_par(self, genre: str, donnees: Mapping[str, Any]) -> bool:
        """True when an event closes the deadline."""
        exigee = self.actes.get(genre)
        return exigee is not None and (not exigee or donnees.get(exigee) is not None)


@dataclass(frozen=True)
class RegistreEcheances:
    """The entries of the deadlines, and the dates that are none, with the reason."""

    fiches: Mapping[str, FicheEcheance]
    autres: Mapping[str, str]

    def __getitem__(self, nom: str) -> FicheEcheance:
        """The entry of a deadline; the rank of a year after a dot is set aside."""
        return self.fiches[nom.partition(".")[0]]

    def __iter__(self) -> Iterator[FicheEcheance]:
        """Every entry, in the order of the file."""
        return iter(self.fiches.values())

    @property
    def du_contrat(self) -> tuple[FicheEcheance, ...]:
        """Deadlines that come once in a contract."""
        return tuple(fiche for fiche in self if not fiche.par_annee)


class RegistreInvalide(Exception):
    """A file of the register that cannot be read: the message names the file, the entry and what is expected."""


@cache
def conditions() -> Registre:
    """The register of conditions. Raises RegistreInvalide."""
    brut = _lire("conditions.yaml")
    sources = {
        nom: SourceDeCondition(str(source["titre"]), Certitude[source["certitude"]])
        for nom, source in brut["sources"].items()
    }
    reprises = _reprises(brut["reprises"])
    fiches = {nom: _reprise(_fiche(nom, fiche, sources), reprises) for nom, fiche in brut["conditions"].items()}
    return Registre(conditions=fiches, champs=brut["champs"])


@cache
def specialites() -> Mapping[str, str]:
    """A specialty as a sentence names it, with its article, by name."""
    mots: Mapping[str, str] = _lire("specialites.yaml")
    return mots


@cache
def zones() -> Mapping[str, str]:
    """What the name of a zone outside an under-served one means, in a sentence, by name."""
    mots: Mapping[str, str] = _lire("zones.yaml")
    return mots


@cache
def echeances() -> RegistreEcheances:
    """The register of deadlines. Raises RegistreInvalide."""
    brut = _lire("echeances.yaml")
    fiches = {nom: _fiche_d_echeance(nom, fiche) for nom, fiche in brut["echeances"].items()}
    return RegistreEcheances(fiches=fiches, autres=brut["autres"])


CLES_D_ECHEANCE = {"libelle", "aide", "actes", "annulee_par", "rappel", "par_annee", "source"}


def _fiche_d_echeance(nom: str, brut: Mapping[str, Any]) -> FicheEcheance:
    fautives = ({"libelle", "aide", "rappel", "source"} - set(brut)) | (set(brut) - CLES_D_ECHEANCE)
    if fautives:
        attendues = ", ".join(sorted(CLES_D_ECHEANCE))
        raise RegistreInvalide(f"echeances.yaml, « {nom} » : {', '.join(sorted(fautives))} ; attendu : {attendues}")
    return FicheEcheance(
        nom=nom,
        libelle=brut["libelle"],
        aide=brut["aide"],
        source=brut["source"],
        actes=brut.get("actes", {}),
        annulee_par=tuple(brut.get("annulee_par", ())),
        rappel=brut["rappel"],
        par_annee=brut.get("par_annee", False),
    )


CLES = {"court", "verdicts", "refus", "pour_changer", "a_demander", "champs", "lus", "articles", "echeance"}
FACULTATIVES = {"champs", "lus", "echeance"}


def _fiche(nom: str, brut: Mapping[str, Any], sources: Mapping[str, SourceDeCondition]) -> FicheCondition:
    manquantes, en_trop = CLES - FACULTATIVES - set(brut), set(brut) - CLES
    if manquantes or en_trop:
        fautives = ", ".join(sorted(manquantes | en_trop))
        raise RegistreInvalide(f"conditions.yaml, « {nom} » : {fautives} ; attendu : {', '.join(sorted(CLES))}")
    inconnues = {source for source in brut["articles"].values() if source not in sources}
    regimes = set(brut["articles"]) - {regime.name for regime in Regime}
    verdicts = set(brut["verdicts"]) - set(VERDICTS)
    if inconnues or regimes or verdicts:
        en_trop = ", ".join(sorted(inconnues | regimes | verdicts))
        raise RegistreInvalide(f"conditions.yaml, « {nom} » : {en_trop} : inconnu")
    refus = brut["refus"]
    return FicheCondition(
        nom=nom,
        court=brut["court"],
        verdicts=tuple(brut["verdicts"]),
        pour_changer=brut["pour_changer"],
        a_demander=brut["a_demander"],
        refus=refus if isinstance(refus, dict) else {"defaut": refus},
        champs=_par_dispositif(nom, brut.get("champs", {})),
        lus=_par_dispositif(nom, brut.get("lus", {})),
        articles={regime: sources[source] for regime, source in brut["articles"].items()},
        echeance=brut.get("echeance"),
    )


def _reprises(brut: Mapping[str, str]) -> Mapping[str, str]:
    inconnus = {*brut, *brut.values()} - {regime.name for regime in Regime}
    if inconnus:
        raise RegistreInvalide(f"conditions.yaml, « reprises » : {', '.join(sorted(inconnus))} : régime inconnu")
    return brut


def _reprise(fiche: FicheCondition, reprises: Mapping[str, str]) -> FicheCondition:
    """The entry, with what a régime keeps of the one that it amends; in the order of the file, each after the other."""
    articles, refus = dict(fiche.articles), dict(fiche.refus)
    for regime, modifie in reprises.items():
        if modifie in articles:
            articles.setdefault(regime, articles[modifie])
        if modifie in refus:
            refus.setdefault(regime, refus[modifie])
    return replace(fiche, articles=articles, refus=refus)


def _par_dispositif(nom: str, brut: Mapping[str, list[str | list[str]]]) -> dict[str, tuple[Choix, ...]]:
    inconnus = set(brut) - {dispositif.name for dispositif in Dispositif}
    if inconnus:
        raise RegistreInvalide(f"conditions.yaml, « {nom} » : dispositif {', '.join(sorted(inconnus))} inconnu")
    return {
        dispositif: tuple((choix,) if isinstance(choix, str) else tuple(choix) for choix in liste)
        for dispositif, liste in brut.items()
    }


def _lire(fichier: str) -> Any:
    return yaml.safe_load((DOSSIER / fichier).read_text(encoding="utf-8"))
