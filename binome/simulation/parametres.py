"""The law's dated values: what is in force on a day, and what changed between two days.

The same answer for the command line and the web. A parameter's value in force on a day is the one whose date of
effect is the latest on or before it; the percentiles are those of the distribution that the rules of that day use.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from openfisca_core.parameters import Parameter
from pydantic import BaseModel, ConfigDict, Field

from binome import francais
from binome.francais import sans_accents
from binome.simulation.modele.nomenclatures import INDICATEURS
from binome.simulation.modele.resultat import Reference
from binome.simulation.moteur.systeme import apports_avec, premiere_signature, systeme
from binome.simulation.mots.grandeurs import grandeur
from openfisca_assistants_medicaux.certitude import D_APRES_LA_CAISSE, EN_MOTS, LISTE, Certitude
from openfisca_assistants_medicaux.distributions import Percentile
from openfisca_assistants_medicaux.nomenclatures import Specialite

MODELE = ConfigDict(extra="forbid", frozen=True)

#: The topics, in the order in which a reader of the convention meets them.
THEMES = {
    "regimes": "Régimes",
    "eligibilite": "Éligibilité",
    "options": "Options",
    "distributions": "Distributions nationales",
    "objectifs": "Objectifs",
    "montants": "Montants",
    "modulation": "Modulation selon les résultats",
    "versements": "Versements",
    "formation": "Formation de l'assistant",
    "emploi": "Emploi de l'assistant : salaire et cotisations",
    "vie_du_contrat": "Vie du contrat",
    "aide_collective": "Aide collective",
    "lectures": "Points ouverts entre deux lectures",
}

#: Statuses of a value that the law left without a number: it no longer exists, or nobody could read it.
TERMINES = {"sans_objet", "ferme"}
DATE_DISTRIBUTION = "eligibilite.seuil.date_distribution"


class Parametre(BaseModel):
    """A value of the law on a day."""

    model_config = MODELE

    nom: str = Field(description="Nom de la valeur")
    theme: str = Field(description="Thème")
    description: str = Field(description="Ce qu'elle fixe")
    valeur: Any = Field(description="Valeur brute ; vide : inconnue")
    valeur_ecrite: str = Field(description="La valeur et son unité, pour un lecteur")
    unite: str | None = Field(None, description="Unité")
    connue: bool = Field(description="Faux : la règle existe, sa valeur n'a pu être lue")
    depuis: datetime.date = Field(description="Date d'effet")
    jusqu_au: datetime.date | None = Field(None, description="Dernier jour, quand une valeur suivante est connue")
    cle_temporelle: str | None = Field(None, description="La date de la situation à laquelle la valeur se lit")
    certitude: str | None = Field(None, description=f"{LISTE} ; vide : valeur inconnue")
    certitude_en_mots: str = Field(description="La certitude, en mots")
    note: str | None = Field(None, description="Ce qu'il faut savoir de la valeur")
    references: tuple[Reference, ...] = Field((), description="Textes, ou lieux où elle a été lue")
    arbitrages: tuple[str, ...] = Field((), description="Points d'interprétation dont elle dépend (docs/arbitrages)")


class Changement(BaseModel):
    """What differs for one value of the law between two days."""

    model_config = MODELE

    nom: str = Field(description="Nom de la valeur")
    theme: str = Field(description="Thème")
    description: str = Field(description="Ce qu'elle fixe")
    nature: Literal["apparu", "modifie", "termine"] = Field(description="apparu, modifie ou termine")
    avant: Parametre | None = Field(description="La valeur au premier jour ; vide : elle n'existait pas")
    apres: Parametre | None = Field(description="La valeur au second jour ; vide : elle a pris fin")


def en_vigueur(date: datetime.date, recherche: str = "", distributions: Sequence[str] = ()) -> tuple[Parametre, ...]:
    """Every value in force on a day, by topic. `recherche` keeps those whose texts hold all its words."""
    loi: Any = systeme(apports_avec(distributions))
    trouves = [parametre for feuille in _feuilles(loi) if (parametre := _parametre(feuille, date)) is not None]
    trouves += _percentiles(loi, date)
    return tuple(sorted((p for p in trouves if _contient(p, recherche)), key=_ordre))


def valeur_en_vigueur(nom: str, date: datetime.date) -> Parametre | None:
    """One value of the law on a day, by its name; None when there is no such value, before it exists or once ended."""
    feuille: Any = systeme(apports_avec(())).parameters
    for morceau in nom.split("."):
        feuille = getattr(feuille, "children", {}).get(morceau)
    return _parametre(feuille, date) if isinstance(feuille, Parameter) else None


def comparer(
    avant: datetime.date, apres: datetime.date, recherche: str = "", distributions: Sequence[str] = ()
) -> tuple[Changement, ...]:
    """What appeared, changed value or ended between two days. `recherche` keeps what it finds on either day."""
    anciens = {p.nom: p for p in en_vigueur(avant, distributions=distributions)}
    nouveaux = {p.nom: p for p in en_vigueur(apres, distributions=distributions)}
    changements = []
    for nom in {**nouveaux, **anciens}:
        ancien, nouveau = anciens.get(nom), nouveaux.get(nom)
        changement = _changement(ancien, nouveau)
        if changement and any(_contient(p, recherche) for p in (ancien, nouveau) if p is not None):
            changements.append(changement)
    return tuple(sorted(changements, key=_ordre))


def _changement(ancien: Parametre | None, nouveau: Parametre | None) -> Changement | None:
    nature: Literal["apparu", "modifie", "termine"]
    if ancien is None:
        nature = "apparu"
    elif nouveau is None:
        nature = "termine"
    elif (ancien.valeur, ancien.connue) != (nouveau.valeur, nouveau.connue):
        nature = "modifie"
    else:
        return None
    reste = nouveau or ancien
    assert reste is not None  # noqa: S101 - one of the two exists
    return Changement(
        nom=reste.nom,
        theme=reste.theme,
        description=reste.description,
        nature=nature,
        avant=ancien,
        apres=nouveau,
    )


def _feuilles(loi: Any) -> Iterator[Parameter]:
    """The leaf parameters, by name."""
    feuilles = (noeud for noeud in loi.parameters.get_descendants() if isinstance(noeud, Parameter))
    return iter(sorted(feuilles, key=lambda feuille: str(feuille.name)))


def _parametre(feuille: Parameter, date: datetime.date) -> Parametre | None:
    """A parameter's value in force on a day; None before it exists and once it has ended."""
    jour = date.isoformat()
    # At the same date, what an operator gives comes after what the law says (docs/valeurs.md).
    datees = feuille.values_list[::-1]
    datees.sort(key=lambda valeur: str(valeur.instant_str))
    rang = sum(valeur.instant_str <= jour for valeur in datees) - 1
    if rang < 0:
        return None
    valeur = datees[rang]
    meta = valeur.metadata
    if valeur.value is None and meta.get("statut") in TERMINES:
        return None
    suivante = datees[rang + 1].instant_str if rang + 1 < len(datees) else None
    unite = feuille.metadata.get("unit")
    certitude = None if valeur.value is None else Certitude[meta.get("certitude", Certitude.texte.name)]
    return Parametre(
        nom=feuille.name,
        theme=str(feuille.name).partition(".")[0],
        description=feuille.description or feuille.name,
        valeur=valeur.value,
        valeur_ecrite=grandeur(valeur.value, unite),
        unite=unite,
        connue=valeur.value is not None,
        depuis=datetime.date.fromisoformat(valeur.instant_str),
        jusqu_au=None if suivante is None else datetime.date.fromisoformat(suivante) - datetime.timedelta(days=1),
        cle_temporelle=feuille.metadata.get("cle_temporelle"),
        certitude=None if certitude is None else certitude.name,
        certitude_en_mots="valeur inconnue"
        if certitude is None
        else EN_MOTS[certitude] + _origine(meta.get("origine")),
        note=meta.get("note"),
        references=tuple(Reference(titre=r["title"], lien=r.get("href")) for r in meta.get("reference") or ()),
        arbitrages=tuple(feuille.metadata.get("arbitrages") or ()),
    )


def _origine(origine: str | None) -> str:
    return D_APRES_LA_CAISSE if origine else ""


def _percentiles(loi: Any, date: datetime.date) -> list[Parametre]:
    """The percentiles of the distribution that the rules of a day refer to (the undated one before any date)."""
    datees = sorted((v.instant_str, v.value) for v in loi.parameters.eligibilite.seuil.date_distribution.values_list)
    debut = premiere_signature(loi)
    if date < debut:
        return []
    retenue, depuis = "", debut.isoformat()
    for instant, valeur in datees:
        if instant <= date.isoformat():
            retenue, depuis = valeur or "", instant
    suivante = min((instant for instant, _ in datees if instant > date.isoformat()), default=None)
    jusqu_au = None if suivante is None else datetime.date.fromisoformat(suivante) - datetime.timedelta(days=1)
    trouves = [p for p in loi.distributions.percentiles if p.date == retenue]
    trouves.sort(key=lambda p: (_specialite(p).index, p.indicateur, p.percentile))
    return [_percentile(p, datetime.date.fromisoformat(depuis), jusqu_au) for p in trouves]


def _specialite(percentile: Percentile) -> Any:
    liste: Any = Specialite
    return liste[percentile.specialite]


def _percentile(percentile: Percentile, depuis: datetime.date, jusqu_au: datetime.date | None) -> Parametre:
    population = "adultes" if percentile.population == "adultes" else "tous âges"
    datee = "date inconnue"
    if percentile.date:
        datee = francais.date_courte(datetime.date.fromisoformat(percentile.date))
    return Parametre(
        nom=f"distributions.{percentile.specialite}.{percentile.indicateur}.p{percentile.percentile:g}",
        theme="distributions",
        description=(
            f"P{percentile.percentile:g} de {INDICATEURS[percentile.indicateur].lower()} ({population}), "
            f"{_specialite(percentile).value.lower()} (distribution : {datee})"
        ),
        valeur=percentile.valeur,
        valeur_ecrite=grandeur(percentile.valeur, "patients"),
        unite="patients",
        connue=True,
        depuis=depuis,
        jusqu_au=jusqu_au,
        cle_temporelle="date_signature",
        certitude=percentile.certitude.name,
        certitude_en_mots=EN_MOTS[percentile.certitude] + _origine(percentile.origine),
        note=percentile.note or None,
        references=(Reference(titre=percentile.source, lien=percentile.lien or None),),
    )


def _ordre(element: Parametre | Changement) -> int:
    """Rank of a topic; a stable sort keeps the names in order inside it."""
    themes = list(THEMES)
    return themes.index(element.theme) if element.theme in themes else len(themes)


def _contient(parametre: Parametre, recherche: str) -> bool:
    """True when the texts of a parameter hold every word searched for, accents aside.

    A search without a letter nor a figure (« % ») holds no word: nothing answers it. A blank one searches for nothing.
    """
    if not recherche.strip():
        return True
    mots = sans_accents(recherche)
    if not mots:
        return False
    textes = [parametre.nom, parametre.description, parametre.note or "", THEMES.get(parametre.theme, "")]
    textes += [texte for reference in parametre.references for texte in (reference.titre, reference.lien or "")]
    plat = sans_accents(" ".join(textes))
    return all(mot in plat for mot in mots.split("_"))
