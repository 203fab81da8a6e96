"""The operator's values (docs/valeurs.md): those in force, those that a file would bring, those that are missing."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from binome import francais
from binome.simulation import parametres
from binome.simulation.modele.erreurs import BinomeErreur, raison
from binome.simulation.moteur.systeme import apports_du_processus, loi_du_resultat, systeme
from binome.simulation.mots.grandeurs import INCONNUE, grandeur
from openfisca_assistants_medicaux.apports import VALEURS, Apports, lieu_des_valeurs
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.valeurs import depot
from openfisca_assistants_medicaux.valeurs.catalogue import Nom, catalogue
from openfisca_assistants_medicaux.valeurs.fichier import FichierDeValeurs, Valeur, ValeursInvalides, ecarts, lire


class FautesDeValeurs(BinomeErreur):
    """A file of values is refused: every fault, one a sentence."""

    def __init__(self, fautes: list[str]) -> None:
        super().__init__("\n".join(fautes))
        self.fautes = fautes


class ValeursChangees(BinomeErreur):
    """Other values came in force since the differences were shown."""


@dataclass(frozen=True)
class Lues:
    """A file and the values that it gives."""

    fichier: Fichier
    dites: FichierDeValeurs


@dataclass(frozen=True)
class EcartDeValeur:
    """A value that one file changes of another; before and after, in words."""

    nature: str
    nom: str
    libelle: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Manque:
    """A name of the catalogue whose text is not known for every subject."""

    nom: Nom
    #: Subjects (specialty, option…) given, of those that there are.
    donnes: int
    possibles: int
    #: What the law says without the value, for a reader.
    sans_elle: str


def en_vigueur() -> Lues | None:
    """The values that this process adds to the law; None when there are none. Raises BinomeErreur."""
    fichiers = apports_du_processus().valeurs
    return lues(fichiers[-1]) if fichiers else None


def lues(fichier: Fichier) -> Lues:
    """The values of a file. Raises FautesDeValeurs, with every fault."""
    try:
        return Lues(fichier, lire(fichier))
    except ValeursInvalides as erreur:
        raise FautesDeValeurs(erreur.fautes) from erreur


def controlees(fichier: Fichier) -> Lues:
    """The same, once the law can bear them: percentiles that still increase, laid over the published ones."""
    trouvees = lues(fichier)
    systeme(Apports(valeurs=(fichier,)))
    return trouvees


def dossier() -> Path | None:
    """The folder where versions are added; None when this process has none, or reads a single file."""
    lieu = lieu_des_valeurs()
    return None if lieu is None or (lieu.exists() and not lieu.is_dir()) else lieu


def importer(fichier: Fichier, par: str, *, apres: str | None = None) -> Lues:
    """Put a file in force for every process that reads the folder; `par` says who brings it.

    `apres` is the fingerprint of the values whose replacement was shown (empty: none). Raises FautesDeValeurs,
    ValeursChangees when others came in force meanwhile, BinomeErreur when there is no folder to write in.
    """
    lieu = dossier()
    if lieu is None:
        raise BinomeErreur(f"{VALEURS} : un dossier est attendu, où les versions s'ajoutent")
    if not par.strip():
        raise BinomeErreur("par : qui importe est attendu")
    trouvees = controlees(fichier)
    try:
        depot.deposer(lieu, fichier, par.strip(), datetime.datetime.now(datetime.UTC), apres=apres)
    except depot.DepotChange as erreur:
        raise ValeursChangees("D'autres valeurs ont été importées entre-temps : relisez les différences") from erreur
    except OSError as erreur:
        raise BinomeErreur(f"dossier « {lieu} » : {raison(erreur)}") from erreur
    return trouvees


def apports_d_alors(empreintes: Iterable[str]) -> Apports | None:
    """What this process adds to the law, with the values of these fingerprints for its own; None when one is lost."""
    actuels = apports_du_processus()
    connus = {fichier.empreinte: fichier for fichier in (*(v.fichier for v in versions()), *actuels.valeurs)}
    fichiers = [connus.get(empreinte) for empreinte in empreintes]
    return replace(actuels, valeurs=tuple(fichiers)) if all(fichiers) else None  # type: ignore[arg-type]


def employees(empreinte_loi: str) -> tuple[Fichier, ...]:
    """The files of values of a law under which this process computed, by its fingerprint."""
    loi = loi_du_resultat(empreinte_loi)
    return () if loi is None else loi.apports.valeurs


def versions() -> list[depot.VersionDeValeurs]:
    """Every version that was in force, the last one first; none when the values are a single file, or nowhere."""
    lieu = dossier()
    return [] if lieu is None else depot.historique(lieu)


def differences(avant: FichierDeValeurs | None, apres: FichierDeValeurs) -> list[EcartDeValeur]:
    """What a file changes of another, in words."""
    return [_ecart(nature, ancienne, nouvelle) for nature, ancienne, nouvelle in ecarts(avant, apres)]


def _ecart(nature: str, ancienne: Valeur | None, nouvelle: Valeur | None) -> EcartDeValeur:
    montree = nouvelle or ancienne
    assert montree is not None  # noqa: S101 - one of the two is there
    return EcartDeValeur(nature, montree.nom.nom, montree.libelle, detail(ancienne), detail(nouvelle))


def detail(valeur: Valeur | None) -> str:
    """A value, its dates and where it comes from; empty when there is none."""
    if valeur is None:
        return ""
    return (
        f"{grandeur(valeur.valeur, valeur.nom.unite)}, depuis le {francais.date_courte(valeur.effet)} "
        f"(connu le {francais.date_courte(valeur.connu)} ; {valeur.source} ; {valeur.par})"
    )


def manques(lues_: Lues | None, jour: datetime.date) -> list[Manque]:
    """The names of the catalogue whose law is not wholly known on a day, in the order of the catalogue."""
    connus = {parametre.nom: parametre for parametre in parametres.en_vigueur(jour)}
    donnes: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    for valeur in () if lues_ is None else lues_.dites.valeurs:
        donnes.setdefault(valeur.nom.nom, set()).add(valeur.pour)
    trouves = []
    for nom in catalogue().values():
        lus = [connus.get(chemin) for chemin in _chemins(nom)]
        if all(p is not None and p.certitude == Certitude.texte.name for p in lus):
            continue
        sujets = len(donnes.get(nom.nom, ()))
        if sujets < nom.sujets():
            trouves.append(Manque(nom, sujets, nom.sujets(), _sans_elle(lus)))
    return trouves


def _chemins(nom: Nom) -> Iterator[str]:
    """The parameters that a name fills, a subject each."""
    for choix in itertools.product(*nom.pour.values()):
        pour = dict(zip(nom.pour, choix, strict=True))
        if nom.percentile:
            yield "distributions.{specialite}.{indicateur}.p{percentile}".format(**pour)
        else:
            yield nom.chemin.format(**pour)


def _sans_elle(lus: list[parametres.Parametre | None]) -> str:
    if len(lus) == 1:
        (seul,) = lus
        return INCONNUE if seul is None else f"{seul.valeur_ecrite} ({seul.certitude_en_mots})"
    inconnus = sum(p is None or not p.connue for p in lus)
    return f"{francais.pluriel(inconnus, 'inconnue')} sur {francais.nombre(len(lus))}"
