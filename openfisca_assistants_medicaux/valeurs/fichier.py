"""Reading a file of values: every fault at once, each with the value, its field, and what is expected."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import yaml

from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.valeurs.catalogue import Nom, catalogue

CHAMPS_DU_FICHIER = ("titre", "par", "inventees", "valeurs")
CHAMPS = ("nom", "pour", "valeur", "effet", "connu", "source", "par", "note")
#: Beyond this length a value is shown abridged.
LONGUEUR_MONTREE = 60


class ValeursInvalides(ValueError):
    """A file of values cannot be used; the message, in French, names every fault, one a line."""

    def __init__(self, fautes: list[str]) -> None:
        super().__init__("\n".join(fautes))
        self.fautes = fautes


@dataclass(frozen=True)
class Valeur:
    """One value, as the operator gives it."""

    nom: Nom
    #: What it is about, by axis.
    pour: tuple[tuple[str, str], ...]
    valeur: Any
    effet: datetime.date
    connu: datetime.date
    source: str
    par: str
    note: str | None

    @property
    def chemin(self) -> str:
        """The parameter that it fills."""
        return self.nom.chemin.format(**dict(self.pour))

    @property
    def cle(self) -> tuple[str, tuple[tuple[str, str], ...], datetime.date]:
        """What makes it the same value in two files: name, subject, date of effect."""
        return self.nom.nom, self.pour, self.effet

    @property
    def libelle(self) -> str:
        """What it is, for a reader."""
        sujet = ", ".join(valeur.replace("_", " ") for _, valeur in self.pour)
        return f"{self.nom.libelle} ({sujet})" if sujet else self.nom.libelle


@dataclass(frozen=True)
class FichierDeValeurs:
    """A whole file."""

    titre: str
    #: Invented, to try the program: every result says so.
    inventees: bool
    valeurs: tuple[Valeur, ...]


class _Chargeur(yaml.SafeLoader):
    """YAML whose keys are not given twice, and where « oui » and « non » are booleans.

    A reference repeats a value, never other references: a few lines would be written as thousands of millions of words.
    """

    _renvois = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """The next node. Raises ValeursInvalides where a reference would repeat references."""
        if self.check_event(yaml.AliasEvent):
            self._renvois += 1
            return super().compose_node(parent, index)
        avant = self._renvois
        nom = self.peek_event().anchor  # type: ignore[no-untyped-call]
        noeud = super().compose_node(parent, index)
        if nom is not None and self._renvois > avant and noeud is not None:
            raise ValeursInvalides(
                [f"ligne {noeud.start_mark.line + 1} : « &{nom} » tient lui-même un renvoi ; écrivez la valeur"]
            )
        return noeud


class _Table(dict[Any, Any]):
    """A mapping of the file that knows its line, and those of its keys."""

    def __init__(self, ligne: int) -> None:
        super().__init__()
        self.ligne = ligne
        self.lignes: dict[str, int] = {}


def _table(chargeur: yaml.SafeLoader, noeud: yaml.MappingNode) -> _Table:
    table = _Table(noeud.start_mark.line + 1)
    for cle_noeud, valeur_noeud in noeud.value:
        cle = chargeur.construct_object(cle_noeud, deep=True)
        if not isinstance(cle, str) or cle in table:
            raise ValeursInvalides(
                [f"ligne {cle_noeud.start_mark.line + 1} : clé « {cle} » donnée deux fois, ou qui n'est pas un mot"]
            )
        table.lignes[cle] = cle_noeud.start_mark.line + 1
        table[cle] = chargeur.construct_object(valeur_noeud, deep=True)
    return table


_Chargeur.add_constructor("tag:yaml.org,2002:map", _table)
# Dates stay as written, so that an impossible one is a fault like the others.
_Chargeur.yaml_implicit_resolvers = {
    initiale: [(etiquette, motif) for etiquette, motif in motifs if not etiquette.endswith(":timestamp")]
    for initiale, motifs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Chargeur.add_implicit_resolver("!oui_ou_non", re.compile("^(?:oui|non)$"), ["o", "n"])
_Chargeur.add_constructor("!oui_ou_non", lambda _, noeud: noeud.value == "oui")


@lru_cache(maxsize=16)
def lire(fichier: Fichier) -> FichierDeValeurs:
    """The values of a file. Raises ValeursInvalides with every fault."""
    try:
        brut = yaml.load(fichier.contenu.decode("utf-8-sig"), Loader=_Chargeur)  # noqa: S506 - a SafeLoader
    except UnicodeDecodeError:
        raise ValeursInvalides([f"{fichier.nom} : encodage illisible, UTF-8 attendu"]) from None
    except yaml.YAMLError as erreur:
        repere = getattr(erreur, "problem_mark", None)
        ligne = "" if repere is None else f", ligne {repere.line + 1}"
        raise ValeursInvalides([f"{fichier.nom}{ligne} : YAML illisible"]) from None
    except ValeursInvalides as erreur:
        raise ValeursInvalides([f"{fichier.nom}, {faute}" for faute in erreur.fautes]) from None
    except (ValueError, RecursionError):
        raise ValeursInvalides([f"{fichier.nom} : YAML illisible (une date ou un nombre impossible)"]) from None
    fautes: list[str] = []
    valeurs = tuple(_valeurs(brut, fautes))
    if fautes:
        raise ValeursInvalides([f"{fichier.nom}, {faute}" for faute in fautes])
    return FichierDeValeurs(str(brut.get("titre", "")), brut.get("inventees", False) is True, valeurs)


def _valeurs(brut: Any, fautes: list[str]) -> Iterator[Valeur]:
    if not isinstance(brut, _Table) or not isinstance(brut.get("valeurs"), list) or not brut["valeurs"]:
        fautes.append("valeurs : une liste d'au moins une valeur est attendue")
        return
    fautes += [
        f"ligne {brut.lignes[champ]}, {champ} : champ inconnu ; {', '.join(CHAMPS_DU_FICHIER)} attendus"
        for champ in brut
        if champ not in CHAMPS_DU_FICHIER
    ]
    if not isinstance(brut.get("inventees", False), bool):
        fautes.append(f"inventees : « {_montre(brut['inventees'])} » refusé ; oui ou non attendu")
    vues: dict[Any, int] = {}
    for rang, dit in enumerate(brut["valeurs"], start=1):
        valeur = _valeur(rang, dit, brut.get("par"), fautes)
        if valeur is None:
            continue
        if valeur.cle in vues:
            deja = f"déjà donnée à la même date (valeur {vues[valeur.cle]})"
            fautes.append(f"ligne {dit.ligne}, valeur {rang} ({valeur.nom.nom}) : {deja}")
        vues.setdefault(valeur.cle, rang)
        yield valeur


class _Refus:
    """The faults of one value, each at the line of its field (of the value itself when the field is missing)."""

    def __init__(self, dit: Any, lieu: str) -> None:
        self._dit, self._lieu = dit, lieu
        self.fautes: list[str] = []

    def noter(self, champ: str, quoi: str) -> None:
        """Add a fault of a field (« effet », « pour.option »)."""
        table, _, axe = champ.partition(".")
        dit = self._dit.get(table) if axe and isinstance(self._dit.get(table), _Table) else self._dit
        ligne = dit.lignes.get(axe or table, self._dit.lignes.get(table, self._dit.ligne))
        self.fautes.append(f"ligne {ligne}, {self._lieu}, {champ} : {quoi}")


def _valeur(rang: int, dit: Any, par_defaut: Any, fautes: list[str]) -> Valeur | None:
    if not isinstance(dit, _Table):
        fautes.append(f"valeur {rang} : « {_montre(dit)} » refusé ; {', '.join(CHAMPS)} attendus")
        return None
    nom = catalogue().get(str(dit.get("nom")))
    refus = _Refus(dit, f"valeur {rang}" + (f" ({nom.nom})" if nom is not None else ""))
    for champ in dit:
        if champ not in CHAMPS:
            refus.noter(champ, f"champ inconnu ; {', '.join(CHAMPS)} attendus")
    if nom is None:
        proches = get_close_matches(str(dit.get("nom")), catalogue(), n=3)
        conseil = f" ; proches : {', '.join(proches)}" if proches else ""
        refus.noter("nom", f"« {_montre(dit.get('nom'))} » inconnu du catalogue{conseil}")
        fautes += refus.fautes
        return None
    pour = _pour(nom, dit.get("pour", {}), refus)
    effet, connu = (_date(dit.get(champ), champ, refus) for champ in ("effet", "connu"))
    if effet is not None and (effet < nom.des or (nom.avant is not None and effet >= nom.avant)):
        fin = "" if nom.avant is None else f" et avant le {nom.avant:%d/%m/%Y}"
        refus.noter("effet", f"« {effet} » refusé ; une date à partir du {nom.des:%d/%m/%Y}{fin} est attendue")
    source, par = (
        _texte(dit.get(champ, defaut), champ, refus) for champ, defaut in (("source", None), ("par", par_defaut))
    )
    refusee = _refus_de_la_valeur(nom, dit.get("valeur"))
    if refusee:
        refus.noter("valeur", f"« {_montre(dit.get('valeur'))} » refusé ; {refusee} attendu")
    if refus.fautes:
        fautes += refus.fautes
        return None
    assert effet is not None  # noqa: S101 - a missing date is a fault
    assert connu is not None  # noqa: S101
    note = dit.get("note")
    return Valeur(nom, pour, dit["valeur"], effet, connu, source, par, None if note is None else str(note))


def _pour(nom: Nom, dit: Any, refus: _Refus) -> tuple[tuple[str, str], ...]:
    if not isinstance(dit, dict):
        refus.noter("pour", f"« {_montre(dit)} » refusé ; {', '.join(nom.pour)} attendus")
        return ()
    for axe in dit:
        if axe not in nom.pour:
            refus.noter(f"pour.{axe}", "inconnu de cette valeur")
    for axe, admis in nom.pour.items():
        # A distribution is named by its date, which YAML reads as one.
        donne = str(dit.get(axe, ""))
        if donne not in admis:
            proches = get_close_matches(donne, admis, n=3) if len(admis) > len(CHAMPS) else list(admis)
            attendu = f" ; {' ou '.join(proches)} attendu" if proches else ""
            refus.noter(f"pour.{axe}", f"« {_montre(dit.get(axe))} » refusé{attendu}")
    return tuple((axe, str(dit.get(axe, ""))) for axe in nom.pour)


def _date(dite: Any, champ: str, refus: _Refus) -> datetime.date | None:
    if isinstance(dite, datetime.date) and not isinstance(dite, datetime.datetime):
        return dite
    try:
        lue = datetime.date.fromisoformat(str(dite))
        if lue.isoformat() == str(dite):
            return lue
    except ValueError:
        pass
    refus.noter(champ, f"« {_montre(dite)} » refusé ; date réelle AAAA-MM-JJ attendue")
    return None


def _texte(dit: Any, champ: str, refus: _Refus) -> str:
    if isinstance(dit, str) and dit.strip():
        return dit.strip()
    quoi = {"source": "le texte où la valeur est lue", "par": "qui la donne"}[champ]
    refus.noter(champ, f"« {_montre(dit)} » refusé ; {quoi} est attendu")
    return ""


def _refus_de_la_valeur(nom: Nom, valeur: Any) -> str:
    """What is expected instead of a value that the catalogue refuses; empty when it is admitted."""
    if nom.forme == "booleen":
        bonne = isinstance(valeur, bool)
    elif isinstance(valeur, bool):
        bonne = False
    elif nom.admis and valeur in nom.admis:
        bonne = True
    elif nom.forme == "liste":
        bonne = isinstance(valeur, list) and 1 <= len(valeur) <= len(("premier", "second"))
        bonne = bonne and all(_dans_les_bornes(nom, element) for element in valeur)
        # Parts of one year make the year.
        if bonne and "taux" in nom.unite and not math.isclose(sum(valeur), 1.0):
            return "des parts dont la somme est 1"
    elif nom.forme == "courbe":
        bonne = _est_une_courbe(nom, valeur)
    elif nom.minimum is None:
        bonne = False
    else:
        bonne = _dans_les_bornes(nom, valeur) and (nom.forme != "entier" or valeur == int(valeur))
    return "" if bonne else nom.attendu()


def _dans_les_bornes(nom: Nom, nombre: Any) -> bool:
    if isinstance(nombre, bool) or not isinstance(nombre, (int, float)) or not math.isfinite(nombre):
        return False
    return (nom.minimum is None or nombre >= nom.minimum) and (nom.maximum is None or nombre <= nom.maximum)


def _est_une_courbe(nom: Nom, points: Any) -> bool:
    if not isinstance(points, list) or not points:
        return False
    if not all(isinstance(point, list) and [type(nombre) for nombre in point] == [int, int] for point in points):
        return False
    if not all(_dans_les_bornes(nom, nombre) for point in points for nombre in point):
        return False
    departs = [point[0] for point in points]
    return departs == sorted(set(departs))


def _montre(valeur: Any) -> str:
    texte = "vide" if valeur is None else str(valeur)
    return texte if len(texte) <= LONGUEUR_MONTREE else f"{texte[:LONGUEUR_MONTREE]}…"


def ecarts(avant: FichierDeValeurs | None, apres: FichierDeValeurs) -> list[tuple[str, Valeur | None, Valeur | None]]:
    """What one file changes of another: (« ajoutée », « modifiée » or « retirée », old value, new value)."""
    anciennes = {} if avant is None else {v.cle: v for v in avant.valeurs}
    nouvelles: Mapping[Any, Valeur] = {v.cle: v for v in apres.valeurs}
    changees: list[tuple[str, Valeur | None, Valeur | None]] = []
    for cle in dict.fromkeys((*anciennes, *nouvelles)):
        ancienne, nouvelle = anciennes.get(cle), nouvelles.get(cle)
        if ancienne != nouvelle:
            nature = "ajoutée" if ancienne is None else "retirée" if nouvelle is None else "modifiée"
            changees.append((nature, ancienne, nouvelle))
    return changees


def a_remplir() -> str:
    """A file to fill in: every name of the catalogue, as comments, with what is expected."""
    lignes = [
        "# Enlevez le « # » devant ce que vous donnez, et complétez. Une valeur que l'on n'a pas reste en commentaire.",
        "titre: Valeurs de la CPAM de …",
        "par: # qui donne ces valeurs",
        "valeurs:",
    ]
    for nom in catalogue().values():
        lignes += ["", f"#  {nom.libelle}, en {nom.unite} : {nom.debloque}.", f"#  - nom: {nom.nom}"]
        if nom.pour:
            lignes.append(f"#    pour: {{{', '.join(f'{axe}: ' for axe in nom.pour)}}}")
            lignes += [f"#    # {axe} : {_choix(admis)}" for axe, admis in nom.pour.items()]
        lignes += [f"#    valeur:  # {nom.attendu()}", f"#    effet: {nom.des}", "#    connu: ", "#    source: "]
    return "\n".join(lignes) + "\n"


def _choix(admis: tuple[str, ...]) -> str:
    montres = ", ".join(admis[: len(CHAMPS)])
    return montres if len(admis) <= len(CHAMPS) else f"{montres}… ({len(admis)} noms)"
