"""What a letter says, in the order it says it: values at their places, checked against the template."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

from binome import francais
from binome.documents.courriers import catalogue
from binome.documents.courriers.catalogue import ModeleDeLettre
from binome.documents.courriers.corps import BlocDeTexte, Ligne, champs_de
from binome.documents.courriers.courrier import Courrier, Destinataire, Expediteur, TableauDeLettre
from binome.documents.mise_en_page import Contenu
from binome.erreurs import BinomeErreur

APPELS = {"medecin": "Docteur,", "adherent": "Docteur,"}
APPEL = "Madame, Monsieur,"
BANDEAU = "Aperçu — exemple"

_DATE = re.compile(rf"(?<!\d)(\d\d?(?:er)?) ({'|'.join(francais.MOIS)}) (?=\d{{4}})")
_MILLIERS = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
#: A cell that reads as a number, whatever its unit; longer figures in one piece are the number of someone.
_NOMBRE = re.compile(r"(?!\d{8})[−+-]?\d[\d\s.,]*(?:€|%|ETP|patients?)?")
#: Width that a column may take, in characters.
COLONNE_ETROITE, COLONNE_LARGE = 7, 37

#: Who writes and to whom, in a preview; its letter is dated of no real law.
CAISSE_EXEMPLE = Expediteur(
    nom="Caisse primaire d’assurance maladie (exemple)",
    adresse=("Service des relations avec les médecins", "1 place de l’Exemple", "00000 Exempleville"),
    telephone="00 00 00 00 00",
    courriel="assistants.medicaux@caisse.example",
)
DESTINATAIRE_EXEMPLE = Destinataire(
    civilite_nom="Docteur Camille Exemple", adresse=("12 rue des Essais", "00000 Exempleville"), rpps="00000000000"
)
SOCIETE_EXEMPLE = Destinataire(
    civilite_nom="SCM des Exemples",
    adresse=("À l’attention de son représentant légal", "12 rue des Essais", "00000 Exempleville"),
)
DATE_EXEMPLE = datetime.date(2040, 1, 1)


def composer(courrier: Courrier, *, bandeau: str = "") -> Contenu:
    """The content of a letter. `bandeau`: what it bears when it is not a real one.

    Raises BinomeErreur: unknown template, a field missing, empty or unknown, a table whose rows do not fit.
    """
    modele = catalogue.modele(courrier.modele)
    _controler(courrier, modele)
    valeurs = {nom: _propre(valeur) for nom, valeur in _de_droit(courrier).items()}
    valeurs |= {nom: typographier(valeur) for nom, valeur in courrier.champs.items()}
    objet = typographier(courrier.objet or modele.objet)
    destinataire = courrier.destinataire
    return {
        "genre": modele.genre,
        "bandeau": bandeau,
        "titre": objet,
        "document": " — ".join(filter(None, (bandeau, objet, f"dossier {_propre(courrier.reference)}"))),
        "caisse": {
            "nom": _propre(courrier.caisse.nom),
            "adresse": [_propre(ligne) for ligne in courrier.caisse.adresse],
            "telephone": _propre(courrier.caisse.telephone),
            "courriel": _propre(courrier.caisse.courriel),
        },
        "destinataire": {
            "nom": _propre(destinataire.civilite_nom),
            "adresse": [_propre(ligne) for ligne in destinataire.adresse],
            "rpps": _propre(destinataire.rpps),
        },
        "date": francais.date_longue(courrier.date),
        "reference": _propre(courrier.reference),
        "appel": _propre(destinataire.appel) or APPELS.get(modele.destinataire, APPEL),
        "blocs": _blocs(courrier, modele, valeurs),
        "signataire": typographier(courrier.signataire),
    }


def exemple(nom: str) -> Courrier:
    """The letter of a template's example values."""
    modele = catalogue.modele(nom)
    return Courrier(
        modele=nom,
        caisse=CAISSE_EXEMPLE,
        destinataire=SOCIETE_EXEMPLE if modele.destinataire == "societe" else DESTINATAIRE_EXEMPLE,
        date=DATE_EXEMPLE,
        reference="AM-00000-0000",
        champs={champ: detail.exemple for champ, detail in modele.champs.items()},
        tableaux={champ: detail.tableau for champ, detail in modele.tableaux.items()},
        signataire="Dominique Exemple\nDirection de la caisse",
    )


def typographier(texte: str) -> str:
    """A value as French printers write it."""
    texte = _MILLIERS.sub(lambda trouve: trouve.group().replace(" ", francais.FINE), _propre(texte))
    return _ponctuer(_DATE.sub(rf"\1{francais.INSECABLE}\2{francais.INSECABLE}", texte))


def _ponctuer(texte: str) -> str:
    """A text whose outer spaces are kept: they part it from its neighbours."""
    return francais.lier(texte).replace("'", "’")


def _propre(texte: str) -> str:
    """A text without its outer spaces nor its control signs; its line breaks are kept."""
    lignes = texte.strip().splitlines()
    return "\n".join("".join(s for s in ligne if unicodedata.category(s) not in {"Cc", "Cs"}) for ligne in lignes)


def _de_droit(courrier: Courrier) -> dict[str, str]:
    return {
        "caisse": courrier.caisse.nom,
        "telephone": courrier.caisse.telephone,
        "courriel": courrier.caisse.courriel,
        "reference": courrier.reference,
        "date": francais.date_longue(courrier.date),
        "destinataire": courrier.destinataire.civilite_nom,
        "rpps": courrier.destinataire.rpps or "sans objet",
    }


def _controler(courrier: Courrier, modele: ModeleDeLettre) -> None:
    """Refuse what the template does not expect, and what it lacks: all faults at once."""
    fautes = []
    for mot, attendus, recus in (
        ("champ", {n: c.libelle for n, c in modele.champs.items()}, courrier.champs),
        ("tableau", {n: t.libelle for n, t in modele.tableaux.items()}, courrier.tableaux),
    ):
        fautes += [f"{mot} « {nom} » inconnu de ce courrier" for nom in recus if nom not in attendus]
        fautes += [
            f"{mot} « {nom} » attendu, absent ({libelle})"
            for nom, libelle in attendus.items()
            if nom not in recus and nom not in modele.facultatifs
        ]
    fautes += [f"champ « {nom} » vide" for nom, valeur in courrier.champs.items() if not _propre(valeur)]
    for nom, tableau in courrier.tableaux.items():
        largeur = len(_titres(modele, nom, tableau))
        if not tableau.lignes:
            fautes.append(f"tableau « {nom} » sans ligne")
        if any(len(ligne) != largeur for ligne in tableau.lignes):
            fautes.append(f"tableau « {nom} » : nombre de cellules attendu par ligne : {largeur}")
    if fautes:
        raise BinomeErreur(f"courrier « {modele.nom} » : {' ; '.join(fautes)}")


def _titres(modele: ModeleDeLettre, nom: str, tableau: TableauDeLettre) -> tuple[str, ...]:
    declare = modele.tableaux.get(nom)
    return tableau.titres or (declare.titres if declare else ())


def _blocs(courrier: Courrier, modele: ModeleDeLettre, valeurs: dict[str, str]) -> list[Contenu]:
    """The blocks of the body; one whose optional field is absent is left out."""
    ecrits = []
    rang = 0
    for bloc in modele.blocs:
        lignes = [_remplir(ligne, valeurs) for ligne in bloc.lignes if set(champs_de(ligne)) <= set(valeurs)]
        if bloc.genre == "tableau":
            if bloc.nom in courrier.tableaux:
                ecrits.append(_tableau(courrier.tableaux[bloc.nom], modele, bloc))
        elif bloc.genre == "signatures":
            ecrits.append({"genre": "signatures", "cases": [typographier(case) for case in modele.signatures]})
        elif lignes:
            if bloc.genre == "titre" and modele.genre == "acte":
                rang += 1
                lignes[0].insert(0, {"texte": f"{rang}.{francais.INSECABLE}", "fort": False})
            ecrits.append({"genre": bloc.genre, "lignes": lignes})
    return ecrits


def _remplir(ligne: Ligne, valeurs: dict[str, str]) -> list[dict[str, Any]]:
    return [{"texte": valeurs[m.texte] if m.champ else _ponctuer(m.texte), "fort": m.fort} for m in ligne]


def _tableau(tableau: TableauDeLettre, modele: ModeleDeLettre, bloc: BlocDeTexte) -> Contenu:
    titres = [typographier(titre) for titre in _titres(modele, bloc.nom, tableau)]
    lignes = [[typographier(cellule) for cellule in ligne] for ligne in tableau.lignes]
    colonnes = list(zip(*lignes, strict=True))
    return {
        "genre": "tableau",
        "libelle": typographier(modele.tableaux[bloc.nom].libelle),
        "titres": titres,
        "lignes": lignes,
        "droite": [rang for rang, cellules in enumerate(colonnes) if rang and all(map(_NOMBRE.fullmatch, cellules))],
        "largeurs": [
            min(COLONNE_LARGE, max(COLONNE_ETROITE, _mot(titre), *map(len, cellules)))
            for titre, cellules in zip(titres, colonnes, strict=True)
        ],
    }


def _mot(titre: str) -> int:
    """Length of the longest word."""
    return max(map(len, titre.split()), default=0)
