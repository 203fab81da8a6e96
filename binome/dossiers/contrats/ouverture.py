"""Opening a file: from a situation, whose answer on eligibility is frozen with the version of the rules."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Adhesion, Contrat, Medecin, Structure
from binome.dossiers.nomenclatures import AGENTS, Dispositif, Genre
from binome.simulation import Simulation, Situation

#: What a simulation supposes and a file does not hold: it records what happens.
HORS_DOSSIER = {"resultats", "projections", "cout", "titre", "date_appreciation"}
ESSAIS = 5


#: What an agent may change of a draft: what happens during the contract is recorded by its own acts.
MODIFIABLES = (
    "contrat.date_signature",
    "contrat.option",
    "contrat.renouvellement",
    "contrat.circonstances_exceptionnelles",
    "contrat.date_fin_contrat_collectif",
    "contrat.option_contrat_en_cours",
    "contrat.annee_contrat_en_cours",
    "contrat.objectifs_contrat_en_cours_atteints",
    "groupe.date_signature",
    "groupe.forme_juridique",
    "groupe.etp_demandes",
    "groupe.structure_agreee_docteur_junior",
    "groupe.date_accueil_docteur_junior",
    "groupe.contrats_individuels_anterieurs",
    "groupe.patientele_mt_deja_gagnee",
    "groupe.file_active_deja_gagnee",
    "groupe.circonstances_exceptionnelles",
    "groupe.membres",
    "medecin",
    "patientele",
    "assistant.locaux_adaptes",
    "assistant.profil_assistant",
    "assistant.teletravail",
    "assistant.secretaire_promue",
    "assistant.remplacement_secretaire",
    "assistant.date_remplacement_secretaire",
    "objectifs_notifies",
    "montants_notifies",
    "contrat.bande_notifiee",
    "contrat.seuil_notifie",
)


def donnees_de(situation: Situation) -> dict[str, Any]:
    """A situation as a file keeps it: what was told, without suppositions nor costs."""
    return situation.model_dump(mode="json", exclude_unset=True, exclude=HORS_DOSSIER)


def controler(situation: Situation, jour: datetime.date) -> Simulation:
    """The law run on a situation on a day.

    Raises SituationInvalide where its dates or its numbers cannot stand, or where its option is closed.
    """
    return Simulation(situation.model_copy(update={"date_appreciation": None}), jour).pour_signer()


def figer(situation: Situation, jour: datetime.date) -> dict[str, Any]:
    """The situation, the law's answer on a day and what gave it. Raises SituationInvalide."""
    simulation = controler(situation, jour)
    resultat = simulation.resultat()
    verdict = resultat.verdict.model_dump(mode="json")
    return {
        "situation": donnees_de(situation),
        "verdict": {
            "eligible": verdict["eligible"],
            "phrase": verdict["phrase"],
            "certitude": verdict["certitude"],
            "date_appreciation": resultat.date_appreciation.isoformat(),
            "regime": resultat.regime,
            "regime_libelle": resultat.regime_libelle,
            "conditions": verdict["conditions"],
            "objectifs": [o.model_dump(mode="json") for o in resultat.objectifs],
            "adultes_seuls": simulation.calcul.vrai("compte_les_adultes_seuls", simulation.ligne),
            "total_cinq_ans": resultat.total_cinq_ans,
            "bande": None if resultat.bande is None else resultat.bande.model_dump(mode="json"),
        },
        "version": resultat.version.model_dump(mode="json"),
    }


def controler_identite(situation: Situation, medecin: Medecin | None, structure: Structure | None) -> None:
    """A file's doctor is the situation's, as far as the fund knows."""
    raisons = []
    if situation.groupe is not None and structure is None:
        raisons.append("structure : attendue pour un contrat collectif")
    if situation.groupe is None and medecin is None:
        raisons.append("médecin : attendu pour un contrat individuel")
    if situation.medecin is not None and medecin is not None:
        champs = [("specialite", "spécialité"), ("secteur", "secteur")]
        if _meme_zonage(situation, medecin):
            champs.append(("zone", "zone"))
        for champ, libelle in champs:
            dit, connu = getattr(situation.medecin, champ), getattr(medecin, champ)
            if dit is not None and connu and dit.value != connu:
                raisons.append(
                    f"{libelle} : « {dit.libelle} » dans la simulation, "
                    f"« {getattr(medecin, f'get_{champ}_display')()} » dans la fiche de {medecin}"
                )
    if raisons:
        raise Refus(*raisons)


def _meme_zonage(situation: Situation, medecin: Medecin) -> bool:
    """False when the sheet's zone is known to be of another zoning: a contract keeps the zone of its day."""
    if medecin.date_zonage is None:
        return True
    dit = None if situation.medecin is None else situation.medecin.date_zonage
    return medecin.date_zonage <= situation.date_signature and dit in {None, medecin.date_zonage}


def ouvrir(
    situation: Situation,
    acteur: Acteur,
    *,
    medecin: Medecin | None = None,
    structure: Structure | None = None,
    membres: Sequence[Medecin] = (),
    precedent: Contrat | None = None,
    source: str = "saisie",
    motif: str = "",
    quand: datetime.datetime | None = None,
) -> Contrat:
    """A new file, in draft. Raises Refus, or SituationInvalide when the situation cannot be judged."""
    if acteur.role not in AGENTS or acteur.caisse_id is None:
        raise Refus("ouvrir un dossier : réservé aux agents de la caisse")
    controler_identite(situation, medecin, structure)
    for personne in (medecin, structure, *membres, precedent):
        if personne is not None and personne.caisse_id != acteur.caisse_id:
            raise Refus(f"« {personne} » n'est pas de cette caisse")
    quand = quand or timezone.now()
    fige = figer(situation, timezone.localdate(quand))
    for essai in range(ESSAIS):
        try:
            with transaction.atomic():
                contrat = Contrat.objects.create(
                    caisse_id=acteur.caisse_id,
                    numero=_numero(acteur.caisse_id, quand),
                    dispositif=Dispositif.COLLECTIF if situation.groupe else Dispositif.INDIVIDUEL,
                    medecin=medecin,
                    structure=structure if situation.groupe else None,
                    precedent=precedent,
                    gestionnaire=acteur.utilisateur,
                    cree_le=quand,
                )
                Adhesion.objects.bulk_create([Adhesion(contrat=contrat, medecin=membre) for membre in membres])
                consigner(
                    contrat,
                    Genre.OUVERTURE,
                    acteur,
                    date_effet=timezone.localdate(quand),
                    donnees={**fige, "source": source},
                    motif=motif,
                    quand=quand,
                )
                return contrat
        except IntegrityError:
            # Two files opened at once took the same number.
            if essai == ESSAIS - 1:
                raise
    raise AssertionError  # pragma: no cover - the loop returns or raises


def _numero(caisse_id: int, quand: datetime.datetime) -> str:
    """Next number of the year in this fund: « 2026-0042 »."""
    annee = timezone.localdate(quand).year
    dernier = (
        Contrat.objects.filter(caisse_id=caisse_id, numero__startswith=f"{annee}-")
        .order_by("-numero")
        .values_list("numero", flat=True)
        .first()
    )
    return f"{annee}-{int(dernier.rsplit('-', 1)[1]) + 1 if dernier else 1:05d}"


@transaction.atomic
def modifier_brouillon(
    contrat: Contrat, situation: Situation, acteur: Acteur, *, motif: str = "", quand: datetime.datetime | None = None
) -> None:
    """Replace the situation of a draft, and freeze the answer again. Raises Refus, SituationInvalide."""
    contrat = verrouiller(contrat.pk)
    if acteur.role not in AGENTS or acteur.caisse_id != contrat.caisse_id:
        raise Refus("modification du brouillon : réservé aux agents de la caisse")
    if contrat.statut != "brouillon":
        raise Refus(f"le dossier {contrat.numero} n'est plus un brouillon : un avenant est nécessaire")
    controler_identite(situation, contrat.medecin, contrat.structure)
    jour = timezone.localdate(quand)
    consigner(
        contrat, Genre.MODIFICATION, acteur, date_effet=jour, donnees=figer(situation, jour), motif=motif, quand=quand
    )
