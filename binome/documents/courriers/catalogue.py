"""Templates: what each is for, the fields that it expects, and its body."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from binome.documents.courriers import corps as lecture
from binome.documents.courriers.corps import BlocDeTexte, champs_de
from binome.documents.courriers.courrier import TableauDeLettre
from binome.erreurs import BinomeErreur
from binome.simulation import traduire

DOSSIER = Path(__file__).parent / "modeles"
COMMUNS = DOSSIER / "communs"

#: Source of the fields that the agent types; every other field has a producer (`binome.dossiers.echanges.sources`).
AGENT = "agent"
#: Source of what the fund's administrator writes once for all letters: nobody types it in one of them.
CAISSE = "caisse"

#: Fields that a letter always has, from what it is made of.
DE_DROIT = ("caisse", "telephone", "courriel", "reference", "date", "destinataire", "rpps")

_ENTETE = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
_INCLURE = re.compile(r"\{%\s*inclure\s+([\w-]+)\s*%\}")


class _Entete(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Partie(_Entete):
    """A field or a table."""

    libelle: str
    #: Who fills it: a producer of the fund's files (`virement.montant`), or AGENT.
    de: str

    @property
    def source(self) -> str:
        """What it quotes."""
        return self.de.partition(".")[0]

    @property
    def nom(self) -> str:
        """What of it."""
        return self.de.partition(".")[2]


class ChampDeLettre(_Partie):
    """A field that the letter expects."""

    #: What an agent is proposed, and may change.
    propose: str = ""
    #: Value shown in the preview.
    exemple: str


class ChampTableau(_Partie):
    """A table that the letter expects, with the rows shown in the preview."""

    #: Title of each column by the code under which the rows give its cells, in order.
    colonnes: dict[str, str]
    exemple: tuple[tuple[str, ...], ...]

    @property
    def titres(self) -> tuple[str, ...]:
        """Titles of the columns."""
        return tuple(self.colonnes.values())

    @property
    def tableau(self) -> TableauDeLettre:
        """The example."""
        return TableauDeLettre(titres=self.titres, lignes=self.exemple)


class ModeleDeLettre(_Entete):
    """A template, as its file says it."""

    nom: str
    #: Name in a list.
    titre: str
    objet: str
    #: When it is used.
    usage: str
    destinataire: Literal["medecin", "societe", "adherent"]
    genre: Literal["lettre", "acte"] = "lettre"
    champs: dict[str, ChampDeLettre] = {}
    tableaux: dict[str, ChampTableau] = {}
    #: Fields and tables that may be absent: the paragraph that holds one is then left out.
    facultatifs: tuple[str, ...] = ()
    #: Who signs, in the order of the boxes.
    signatures: tuple[str, ...] = ()
    #: The body as written, common parts included.
    corps: str

    @property
    def parties(self) -> dict[str, _Partie]:
        """Fields and tables."""
        return {**self.champs, **self.tableaux}

    @property
    def sources(self) -> frozenset[str]:
        """The things of the file without which the letter makes no sense: what its compulsory parts quote."""
        exigees = {partie.source for nom, partie in self.parties.items() if nom not in self.facultatifs}
        return frozenset(exigees - {AGENT})

    @property
    def dit_les_recours(self) -> bool:
        """True for a text, letter or deed, with the ways of appeal that the fund writes."""
        return any(champ.source == CAISSE for champ in self.champs.values())

    @property
    def decide(self) -> bool:
        """True for a letter that says the ways of appeal: it decides something against whom it is for."""
        return self.genre == "lettre" and self.dit_les_recours

    @property
    def blocs(self) -> tuple[BlocDeTexte, ...]:
        """The body, read."""
        return lecture.lire(self.corps)


@lru_cache
def modeles() -> tuple[ModeleDeLettre, ...]:
    """All templates, by name."""
    return tuple(lire(fichier) for fichier in sorted(DOSSIER.glob("*.md")))


def modele(nom: str) -> ModeleDeLettre:
    """A template by its name. Raises BinomeErreur."""
    for candidat in modeles():
        if candidat.nom == nom:
            return candidat
    raise BinomeErreur(f"courrier « {nom} » inconnu ; attendu : {', '.join(m.nom for m in modeles())}")


def lire(fichier: Path) -> ModeleDeLettre:
    """The template of a file. Raises BinomeErreur when its front matter and its body do not agree."""
    entete, texte = _decouper(fichier)
    champs, tableaux = dict(entete.pop("champs", {})), dict(entete.pop("tableaux", {}))

    def commun(trouve: re.Match[str]) -> str:
        entete_commune, corps_commun = _decouper(COMMUNS / f"{trouve.group(1)}.md")
        champs.update(entete_commune.get("champs", {}))
        return corps_commun.strip()

    texte = _INCLURE.sub(commun, texte).strip()
    try:
        lu = ModeleDeLettre.model_validate(
            {"nom": fichier.stem, **entete, "champs": champs, "tableaux": tableaux, "corps": texte}
        )
    except ValidationError as erreur:
        fautes = " ; ".join(str(traduire(detail)) for detail in erreur.errors())
        raise BinomeErreur(f"modèle « {fichier.stem} » : {fautes}") from erreur
    _accorder(lu)
    return lu


def _decouper(fichier: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body of a file."""
    try:
        trouve = _ENTETE.match(fichier.read_text(encoding="utf-8"))
        entete = yaml.safe_load(trouve.group(1)) if trouve else None
    except (OSError, yaml.YAMLError) as erreur:
        raise BinomeErreur(f"modèle « {fichier.stem} » illisible : {erreur}") from erreur
    if trouve is None or not isinstance(entete, dict):
        raise BinomeErreur(f"modèle « {fichier.stem} » : un en-tête entre deux lignes « --- » est attendu")
    return entete, trouve.group(2)


def _accorder(lu: ModeleDeLettre) -> None:
    """Refuse a field used but not declared, declared but not used, or an example that does not fit."""
    utilises = {nom for bloc in lu.blocs for ligne in bloc.lignes for nom in champs_de(ligne)}
    montres = {bloc.nom for bloc in lu.blocs if bloc.genre == "tableau"}
    ecarts = (utilises - set(DE_DROIT)) ^ set(lu.champs) | montres ^ set(lu.tableaux)
    ecarts |= set(lu.facultatifs) - set(lu.champs) - set(lu.tableaux) | set(lu.champs) & set(DE_DROIT)
    if ecarts:
        raise BinomeErreur(f"modèle « {lu.nom} » : champs non accordés au texte : {', '.join(sorted(ecarts))}")
    proposes = [nom for nom, champ in lu.champs.items() if champ.propose and champ.de != AGENT]
    if proposes:
        raise BinomeErreur(f"modèle « {lu.nom} » : « propose » ne va qu'avec « de: {AGENT} » : {', '.join(proposes)}")
    if bool(lu.signatures) != any(bloc.genre == "signatures" for bloc in lu.blocs):
        raise BinomeErreur(f"modèle « {lu.nom} » : « signatures » et sa marque vont ensemble")
