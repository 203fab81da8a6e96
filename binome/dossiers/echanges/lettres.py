"""A letter of a file: drafted from what the file says, completed by the agent, kept byte for byte once it is sent.

Each field is filled by the producer that its template names (`sources`); the agent types those that only an agent
knows, and may change what the fund's habits propose. What the ledger and the file say is never typed.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from binome.documents import courriers
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.echanges.boite_d_envoi import mettre_en_boite
from binome.dossiers.echanges.mentions import signataires
from binome.dossiers.echanges.sources import SOURCES, Contexte, Source
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import SUR_PAPIER, Canal, Contrat, Courrier, Medecin, Signataire
from binome.dossiers.nomenclatures import Dispositif, Genre, Role

ECRIVENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
#: What the letter says of itself: proposed, and left to the agent.
PROPOSEE = "lettre"


@dataclass(frozen=True)
class Proposable:
    """A letter that makes sense now."""

    modele: courriers.ModeleDeLettre
    #: What it may be about, by key, when the file has several.
    sujets: Mapping[int, str]


def proposables(contrat: Contrat, acteur: Acteur, jour: datetime.date) -> list[Proposable]:
    """The letters whose every source is in the file, by name."""
    contexte = Contexte(contrat, acteur, jour)
    presentes = {nom for nom, source in SOURCES.items() if source.trouver(contexte) is not None}
    return [
        Proposable(modele, next(filter(None, (SOURCES[nom].sujets(contexte) for nom in sorted(modele.sources))), {}))
        for modele in courriers.modeles()
        if modele.sources <= presentes
    ]


def preparer(
    contrat: Contrat, nom: str, acteur: Acteur, jour: datetime.date, *, sujet: int | None = None
) -> courriers.Courrier:
    """A letter filled by the producers of its fields; what the agent must complete is blank.

    `sujet` is the key of what it is about, when the file has several. Raises Refus when the file does not have what the
    letter quotes, BinomeErreur for an unknown template.
    """
    modele = courriers.modele(nom)
    contexte = Contexte(contrat, acteur, jour, sujet)
    voulues = {partie.source for partie in modele.parties.values()} - {courriers.AGENT}
    sources = {source: SOURCES[source].trouver(contexte) for source in sorted(voulues)}
    absentes = [source for source in sorted(modele.sources) if sources[source] is None]
    if absentes:
        raise Refus(f"courrier « {modele.titre} » : sans objet pour ce dossier aujourd'hui ({', '.join(absentes)})")
    return courriers.Courrier(
        modele=nom,
        caisse=_caisse(contrat),
        destinataire=_destinataire(contrat, sources),
        date=jour,
        reference=contrat.numero,
        champs={champ: _valeur(sources, detail) for champ, detail in modele.champs.items()},
        tableaux={champ: _tableau(sources, detail) for champ, detail in modele.tableaux.items()},
        signataire=f"{acteur.nom}\n{acteur.role.label}",
    )


def manques(modele: courriers.ModeleDeLettre, contrat: Contrat, jour: datetime.date) -> list[str]:
    """What the fund has not set, and without which no such letter leaves."""
    recours = contrat.caisse.recours_manquants if modele.dit_les_recours else []
    trouves = [f"voies de recours ({quoi}) : à écrire" for quoi in recours]
    if modele.decide and not signataires(contrat.caisse_id, jour):
        trouves.append("signataire : avec sa qualité et sa délégation, à nommer")
    return trouves


def medecin_vise(contrat: Contrat, lettre: courriers.Courrier) -> Medecin | None:
    """The doctor whom a letter is for, who signs the contract or is a member of it; None for a society."""
    numero = lettre.destinataire.rpps
    if not numero or (contrat.medecin is not None and contrat.medecin.rpps == numero):
        return contrat.medecin
    return Medecin.objects.filter(adhesions__contrat=contrat, rpps=numero).first()


def canaux(medecin: Medecin | None) -> list[Canal]:
    """How a letter may reach whom it is for, the usual way first. A society has no space: it is written to on paper."""
    return [*([Canal.ESPACE] if medecin is not None and medecin.courriel else []), *SUR_PAPIER]


def a_completer(lettre: courriers.Courrier) -> list[str]:
    """The fields that an agent types: theirs, what is only proposed, and what the file does not tell yet."""
    libres = []
    for nom, champ in courriers.modele(lettre.modele).champs.items():
        if champ.source != courriers.CAISSE and (champ.source in {courriers.AGENT, PROPOSEE} or not lettre.champs[nom]):
            libres.append(nom)
    return libres


def _valeur(sources: Mapping[str, Source | None], champ: courriers.ChampDeLettre) -> str:
    if champ.source == courriers.AGENT:
        return champ.propose
    trouvee = sources[champ.source]
    return "" if trouvee is None else SOURCES[champ.source].champs()[champ.nom](trouvee) or ""


def _tableau(sources: Mapping[str, Source | None], tableau: courriers.ChampTableau) -> courriers.TableauDeLettre:
    trouvee = sources[tableau.source]
    rangees = () if trouvee is None else SOURCES[tableau.source].tables()[tableau.nom](trouvee)
    return courriers.TableauDeLettre(
        lignes=tuple(tuple(rangee[code] for code in tableau.colonnes) for rangee in rangees)
    )


def _caisse(contrat: Contrat) -> courriers.Expediteur:
    caisse = contrat.caisse
    return courriers.Expediteur(
        nom=caisse.nom,
        adresse=tuple(caisse.adresse.splitlines()),
        telephone=caisse.telephone,
        courriel=caisse.courriel,
    )


def _destinataire(contrat: Contrat, sources: Mapping[str, Source | None]) -> courriers.Destinataire:
    """Who the letter is for: the member that it is about, else who signs the contract."""
    adherent: Medecin | None = getattr(sources.get("adherent"), "medecin", None)
    medecin = adherent or contrat.medecin
    if medecin is not None:
        return courriers.Destinataire(
            civilite_nom=medecin.titre, adresse=tuple(medecin.adresse.splitlines()), rpps=medecin.rpps
        )
    assert contrat.dispositif == Dispositif.COLLECTIF  # noqa: S101 - proved by the constraint « contrat_signataire »
    societe = contrat.structure
    assert societe is not None  # noqa: S101
    attention = [f"À l'attention de {societe.representant}"] if societe.representant else []
    return courriers.Destinataire(
        civilite_nom=societe.nom, adresse=(*attention, *societe.adresse.splitlines()), appel="Madame, Monsieur,"
    )


def composer(
    lettre: courriers.Courrier, ecrits: Mapping[str, str], signataire: Signataire | None = None
) -> courriers.Courrier:
    """The letter that an agent completed: only what is theirs to type is taken, an optional part left blank goes.

    Raises Refus when a decision has nobody to sign it, or the fund has not written its ways of appeal.
    """
    modele, libres = courriers.modele(lettre.modele), a_completer(lettre)
    sans = [c.libelle for nom, c in modele.champs.items() if c.source == courriers.CAISSE and not lettre.champs[nom]]
    if sans:
        raise Refus(f"{', '.join(sans)} : à écrire d'abord (« Ce que portent les lettres »)")
    if modele.decide and (signataire is None or not signataire.signe_le(lettre.date)):
        raise Refus("signataire : attendu pour une décision, avec sa qualité et sa délégation")
    champs = {**lettre.champs, **{nom: texte for nom, texte in ecrits.items() if nom in libres}}
    return lettre.model_copy(
        update={
            "signataire": lettre.signataire if signataire is None else signataire.mention,
            "champs": {n: v for n, v in champs.items() if v.strip() or n not in modele.facultatifs},
            "tableaux": {n: t for n, t in lettre.tableaux.items() if t.lignes or n not in modele.facultatifs},
        }
    )


@transaction.atomic
def envoyer(
    contrat_id: int,
    lettre: courriers.Courrier,
    acteur: Acteur,
    *,
    canal: Canal | None = None,
    espace: str = "",
    quand: datetime.datetime | None = None,
) -> Courrier:
    """Keep a letter byte for byte and note it in the file; it waits in the doctor's space, or to be printed.

    `canal` is how it travels (default: the usual way), `espace` the address of the doctor's space, told in the e-mail
    that announces it. The e-mail never says what the letter is. Raises Refus, BinomeErreur.
    """
    contrat = verrouiller(contrat_id)
    if acteur.role not in ECRIVENT or acteur.caisse_id != contrat.caisse_id:
        raise Refus("courrier : réservé à un gestionnaire ou au responsable de la caisse")
    medecin = medecin_vise(contrat, lettre)
    possibles = canaux(medecin)
    canal = canal or possibles[0]
    _joindre(lettre, canal, possibles)
    quand = quand or timezone.now()
    octets = courriers.rendre(lettre)
    objet = lettre.objet or courriers.modele(lettre.modele).objet
    courrier = Courrier.objects.create(
        caisse_id=contrat.caisse_id,
        contrat=contrat,
        medecin=medecin,
        modele=lettre.modele,
        objet=objet[:200],
        contenu=lettre.model_dump(mode="json"),
        pdf=octets,
        sha256=hashlib.sha256(octets).hexdigest(),
        canal=canal,
        cree_le=quand,
        auteur=acteur.utilisateur,
    )
    consigner(
        contrat,
        Genre.COURRIER,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"courrier": courrier.pk, "modele": lettre.modele, "canal": canal.value},
        motif=objet,
        quand=quand,
    )
    if canal == Canal.ESPACE and medecin is not None:
        mettre_en_boite(
            contrat,
            medecin.courriel,
            f"{contrat.caisse.nom} — un document vous attend dans votre espace",
            _annonce(contrat, espace),
            f"courrier:{courrier.pk}",
            courrier=courrier,
            quand=quand,
        )
    return courrier


def _joindre(lettre: courriers.Courrier, canal: Canal, possibles: list[Canal]) -> None:
    """Raises Refus where a letter would reach nobody."""
    if canal not in possibles:
        raise Refus(f"courriel de {lettre.destinataire.civilite_nom} : attendu pour écrire dans son espace")
    if canal in SUR_PAPIER and not any(ligne.strip() for ligne in lettre.destinataire.adresse):
        raise Refus(f"adresse postale de {lettre.destinataire.civilite_nom} : attendue pour écrire sur papier")


def _annonce(contrat: Contrat, espace: str) -> str:
    caisse = contrat.caisse
    joindre = " ou ".join(filter(None, (caisse.telephone, caisse.courriel)))
    return (
        f"Docteur,\n\n{caisse.nom} a déposé un document dans votre espace. Pour le lire, connectez-vous"
        f"{f' : {espace}' if espace else ' à votre espace.'}\n\n"
        "Par sécurité, il n'est ni joint ni résumé dans ce courriel."
        f"{f' Une question : {joindre}.' if joindre else ''}\n\n{caisse.nom}\n"
    )
