"""What a simulation is asked about: one typed model for the command line, the web, the API and the batch.

Field names are those of the law package's input variables, so that a situation reads as the law does; the few that
differ are listed in `VARIABLES`. Nothing here holds a figure of the law.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import Enum
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from binome.francais import sans_accents
from binome.simulation.modele import coherence, saisies
from binome.simulation.modele.cout import Euros, HypothesesCout, OuiNon
from binome.simulation.modele.erreurs import FAUTE, SituationInvalide
from binome.simulation.modele.nomenclatures import (
    ETP,
    BandeNotifiee,
    ModeEmploi,
    NomFormeJuridique,
    NomLecture,
    NomOption,
    NomProfil,
    NomRemplacement,
    NomSecteur,
    NomSpecialite,
    NomStatutExercice,
    NomTeletravail,
    NomZone,
)
from binome.tableaux import cellules, libelles

MODELE = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

#: Technical bounds, against typing errors; not figures of the law.
PATIENTS_MAXIMUM, MEMBRES_MAXIMUM = 100_000, 200
RANG_MAXIMUM = 100

#: How an option is written for readers.
OPTIONS_ECRITES = {nom: str(part) for nom, part in ETP.items()}
_OPTIONS = {ecriture: nom for nom, ecriture in OPTIONS_ECRITES.items()}
#: A third has no decimals that say it.
_DECIMALES = {float(part): nom for nom, part in ETP.items() if Fraction(str(float(part))) == part}
_EN_DECIMALES = {ecriture: nom for nombre, nom in _DECIMALES.items() for ecriture in (str(nombre), f"{nombre:g}")}
_OPTIONS_USUELLES = {
    "tiers_temps": "tiers_etp",
    "mi_temps": "demi_etp",
    "demi_temps": "demi_etp",
    "temps_plein": "un_etp",
} | {nom: nom for nom in ETP}


def _option(valeur: Any) -> Any:
    if isinstance(valeur, bool):
        return valeur
    if isinstance(valeur, (int, float)):
        # Only these numbers: 0.96 ETP is no option, and must not pass for one.
        return _DECIMALES.get(valeur, valeur)
    return _option_ecrite(valeur) if isinstance(valeur, str) else valeur


def _option_ecrite(texte: str) -> str:
    """An option as people write it: « 1/2 », « 0,5 », « 1/2 ETP », « Mi-temps »."""
    ecrit = texte.strip().lower().removesuffix("etp").strip()
    noms = _OPTIONS | _EN_DECIMALES | _OPTIONS_USUELLES
    nom = noms.get(ecrit.replace(",", ".")) or noms.get(sans_accents(ecrit))
    if nom is not None:
        return nom
    try:
        jour = cellules.date(texte)
    except cellules.CelluleRefusee:
        return texte.strip()
    raise saisies.refuser(
        texte, f"le tableur a pris « {jour.day}/{jour.month} » pour une date ; 0,5 attendu pour 1/2 ETP"
    )


Patients = Annotated[int, Field(strict=True, ge=0, le=PATIENTS_MAXIMUM), saisies.entier(0, PATIENTS_MAXIMUM)]
#: Less than that is no post.
ETP_MINIMUM = 0.01
#: What the doctors of a group follow together.
PatientsCumules = Annotated[
    int,
    Field(strict=True, ge=0, le=PATIENTS_MAXIMUM * MEMBRES_MAXIMUM),
    saisies.entier(0, PATIENTS_MAXIMUM * MEMBRES_MAXIMUM),
]
_Taux = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Taux = Annotated[_Taux, saisies.PART_ENTIERE, saisies.part(saisies.PART_ENTIERE)]
Quotite = Annotated[_Taux, Field(gt=0), saisies.PART_NON_NULLE, saisies.part(saisies.PART_NON_NULLE)]
#: Dates are bounded against typing errors only: no number, no hour.
Date = Annotated[
    datetime.date,
    Field(strict=True, ge=datetime.date(1900, 1, 1), le=datetime.date(2200, 1, 1)),
    saisies.jour(),
]
RangOuAucun = Annotated[int, Field(strict=True, ge=0, le=RANG_MAXIMUM), saisies.entier(0, RANG_MAXIMUM)]
Rang = Annotated[int, Field(strict=True, ge=1, le=RANG_MAXIMUM), saisies.entier(1, RANG_MAXIMUM)]
#: What may be written, beside the names: the published schema says what is read, not only what it becomes.
_OPTION_ECRITE = WithJsonSchema(
    {"type": ["string", "number"], "enum": [*NomOption, *_OPTIONS, *_EN_DECIMALES, *_DECIMALES]}
)
Option = Annotated[NomOption, BeforeValidator(_option, json_schema_input_type=Annotated[Any, _OPTION_ECRITE])]
Specialite = Annotated[
    NomSpecialite,
    saisies.nom(
        libelles.specialites,
        "Libellé du SNDS, du RPPS ou de l’annuaire de l’Assurance maladie, ou nom usuel ; ou code SNDS",
    ),
]
Secteur = Annotated[NomSecteur, saisies.nom(libelles.secteurs, "Libellé, sans égard à la casse ni aux accents")]
Zone = Annotated[NomZone, saisies.nom(libelles.zones, "Libellé ou sigle : ZIP, ZAC, HZ, HC, ZV")]
StatutExercice = Annotated[NomStatutExercice, saisies.nom(libelles.statuts, "Libellé ou nom usuel")]

#: A fault of several fields, as their rule finds it: the path of the one to mend, what is expected, what was received.
Ecart = tuple[tuple[str | int, ...], str, Any]


def _refuser(*ecarts: Ecart | None) -> None:
    """Refuse each at its own field: a rule of a whole model would otherwise name none."""
    fautes = [
        InitErrorDetails(type=PydanticCustomError(FAUTE, "{message}", {"message": message}), loc=chemin, input=valeur)
        for chemin, message, valeur in filter(None, ecarts)
    ]
    if fautes:
        raise ValidationError.from_exception_data("situation", fautes)


def _coherente(modele: BaseModel, regles: Sequence[coherence.Regle], **faits: Any) -> None:
    """Refuse what the rules between the fields of a part, and what is known of it besides, refuse."""
    valeurs = {champ: getattr(modele, champ) for champ in type(modele).model_fields} | faits
    _refuser(*(((ecart.champ,), ecart.message, ecart.valeur) for ecart in coherence.juger(regles, valeurs)))


class Medecin(BaseModel):
    """The doctor who signs."""

    model_config = MODELE

    specialite: Specialite = Field(description="Spécialité : nom, libellé ou code SNDS")
    secteur: Secteur | None = Field(None, description="Secteur conventionnel")
    statut_exercice: StatutExercice = Field(NomStatutExercice.installe, description="Statut d'exercice")
    mode_exercice_particulier: OuiNon = Field(False, description="Généraliste à mode d'exercice particulier (MEP)")
    zone: Zone | None = Field(None, description="Zone du cabinet principal, en vigueur le jour de la signature")
    date_zonage: Date | None = Field(
        None, description="Date d'effet du zonage de l'agence régionale de santé (ARS) qui donne cette zone"
    )
    departement_sous_dote: OuiNon | None = Field(
        None, description="Département où la spécialité est admise sous l'avenant 7"
    )
    rang_densite_departement: Taux | None = Field(
        None, description="Rang du département parmi les moins dotés de la spécialité (0 à 1)"
    )
    date_installation: Date | None = Field(None, description="Date d'installation en libéral")
    nouvel_installe: OuiNon | None = Field(None, description="Nouvel installé (l'emporte sur la date d'installation)")
    rqth_ald: OuiNon = Field(False, description="Travailleur handicapé (RQTH) ou affection de longue durée (ALD)")
    part_honoraires_cliniques: Taux | None = Field(
        None, description="Part d'honoraires cliniques des douze mois avant signature (taux, 0.85 pour 85 %)"
    )
    quotite_liberale: Quotite = Field(1.0, description="Part du temps de travail exercée en libéral (taux)")
    nombre_medecins_lieu: Annotated[int, Field(strict=True, ge=1, le=1000), saisies.entier(1, 1000)] | None = Field(
        None, description="Médecins au lieu d'exercice principal, le signataire compris"
    )
    coordination_assistant_partage: OuiNon | None = Field(
        None, description="Médecin isolé coordonné avec des confrères partageant le même assistant"
    )
    engagement_exercice_coordonne: OuiNon | None = Field(
        None, description="Exercice coordonné, effectif ou promis dans le délai"
    )


class Patientele(BaseModel):
    """The initial patient list: the last half-yearly statement before signature (amelipro)."""

    model_config = MODELE

    patientele_mt: Patients | None = Field(None, description="Patients médecin traitant, tous âges")
    patientele_mt_adultes: Patients | None = Field(None, description="Patients médecin traitant de plus de 16 ans")
    patientele_mt_enfants: Patients | None = Field(None, description="Patients médecin traitant de moins de 16 ans")
    part_enfants: Taux | None = Field(
        None, description="Part des moins de 16 ans parmi ces patients, quand leur nombre est inconnu (taux)"
    )
    file_active: Patients | None = Field(None, description="Patients différents vus dans l'année")
    date_releve: Date | None = Field(None, description="Date du relevé d'où viennent ces nombres")

    @model_validator(mode="after")
    def _parts_et_total(self) -> Self:
        _coherente(self, coherence.PATIENTELE)
        return self


class Signature(BaseModel):
    """What individual and collective contracts share: when they were signed, and what interrupted them."""

    model_config = MODELE

    date_signature: Date = Field(description="Date de signature, passée ou envisagée")
    date_debut_suspension: Date | None = Field(None, description="Premier jour de suspension")
    date_fin_suspension: Date | None = Field(None, description="Dernier jour de suspension")
    date_fin_anticipee: Date | None = Field(None, description="Dernier jour d'un contrat résilié")
    date_fin_contrat_collectif: Date | None = Field(None, description="Fin d'un contrat collectif antérieur")
    circonstances_exceptionnelles: OuiNon = Field(False, description="Circonstances levant la carence")

    @model_validator(mode="after")
    def _ordre_des_dates(self) -> Self:
        _coherente(self, coherence.CONTRAT)
        return self


class Lectures(BaseModel):
    """The readings that the fund settled, on the points that the texts read leave open for an individual contract."""

    model_config = MODELE

    d2: NomLecture | None = Field(
        None, description="D2 tranché : part d'honoraires cliniques égale au minimum (a ou b)"
    )
    d4: NomLecture | None = Field(None, description="D4 tranché : seuil d'activité sous les avenants 7 et 8 (a ou b)")
    d5: NomLecture | None = Field(
        None, description="D5 tranché : zone du temps plein sous les avenants 7 et 8 (a ou b)"
    )
    d7: NomLecture | None = Field(
        None, description="D7 tranché : indicateur de la bande, règlement arbitral et convention 2024 (a ou b)"
    )
    d12: NomLecture | None = Field(None, description="D12 tranché : modulation sous les avenants 7 et 8 (a ou b)")
    d24: NomLecture | None = Field(None, description="D24 tranché : jour d'où se comptent les années (a ou b)")
    e3: NomLecture | None = Field(None, description="E3 tranché : contrat renouvelé (a ou b)")
    e9: NomLecture | None = Field(None, description="E9 tranché : évaluation du nouvel installé (a ou b)")


class LecturesDuGroupe(BaseModel):
    """The readings that the fund settled, for a collective contract."""

    model_config = MODELE

    d19: NomLecture | None = Field(None, description="D19 tranché : modulation de l'aide collective (a ou b)")
    e12: NomLecture | None = Field(None, description="E12 tranché : objectif du nouvel installé d'un groupe (a ou b)")


class Contrat(Signature):
    """The individual contract, signed or planned."""

    model_config = MODELE

    option: Option | None = Field(None, description="Option choisie : 1/3, 1/2, 1, 3/2 ou 2 ETP")
    renouvellement: OuiNon = Field(False, description="Renouvellement d'un contrat échu")
    date_bascule: Date | None = Field(None, description="Passage, sur demande, aux règles nouvelles")
    bande_notifiee: BandeNotifiee | None = Field(None, description="Bande notifiée par la caisse")
    seuil_notifie: Patients | None = Field(None, description="Seuil d'activité notifié par la caisse (patients)")
    option_contrat_en_cours: Option | None = Field(None, description="Option du contrat en cours (second assistant)")
    annee_contrat_en_cours: RangOuAucun | None = Field(
        None, description="Année en cours du contrat actuel, 0 sans contrat (second assistant)"
    )
    objectifs_contrat_en_cours_atteints: OuiNon | None = Field(
        None, description="Objectifs du contrat en cours déjà atteints (second assistant)"
    )
    lectures: Lectures | None = Field(None, description="Points ouverts que la caisse a tranchés")


class Assistant(BaseModel):
    """The assistant and the post."""

    model_config = MODELE

    date_embauche: Date | None = Field(None, description="Date d'embauche")
    profil_assistant: NomProfil | None = Field(None, description="Qualification à l'embauche")
    locaux_adaptes: OuiNon | None = Field(None, description="Locaux adaptés à l'accueil de l'assistant")
    teletravail: NomTeletravail = Field(NomTeletravail.aucun, description="Télétravail de l'assistant")
    secretaire_promue: OuiNon = Field(False, description="L'assistant est l'ancienne secrétaire du cabinet")
    remplacement_secretaire: NomRemplacement | None = Field(None, description="Remplacement de la secrétaire promue")
    date_remplacement_secretaire: Date | None = Field(None, description="Date de ce remplacement")
    date_debut_absence: Date | None = Field(None, description="Premier jour d'absence de l'assistant")
    date_fin_absence: Date | None = Field(None, description="Dernier jour d'absence")
    assistant_remplace: OuiNon = Field(False, description="L'assistant absent est remplacé")

    @model_validator(mode="after")
    def _absence(self) -> Self:
        _coherente(self, coherence.ASSISTANT)
        return self


class Membre(BaseModel):
    """A doctor who joins a collective contract."""

    model_config = MODELE

    nom: str | None = Field(None, max_length=120, description="Repère libre, non transmis")
    specialite: Specialite = Field(NomSpecialite.medecine_generale, description="Spécialité")
    secteur: Secteur | None = Field(None, description="Secteur conventionnel")
    mode_exercice_particulier: OuiNon = Field(False, description="Mode d'exercice particulier (MEP)")
    patientele_mt: Patients = Field(description="Patients médecin traitant, tous âges")
    file_active: Patients | None = Field(None, description="File active")
    date_installation: Date | None = Field(
        None, description="Date d'installation en libéral (un nouvel installé vise la médiane)"
    )
    date_adhesion: Date | None = Field(None, description="Date d'adhésion ; à défaut, celle de la signature")
    pamsu_docteur_junior: OuiNon = Field(False, description="PAMSU accueillant un docteur junior")
    contrat_individuel_en_cours: OuiNon = Field(False, description="Contrat individuel non résilié")


class Groupe(Signature):
    """A society of doctors signing a collective contract (2026)."""

    model_config = MODELE

    forme_juridique: NomFormeJuridique | None = Field(None, description="SCP, SCM, SISA…")
    etp_demandes: Annotated[
        float,
        Field(ge=ETP_MINIMUM, le=MEMBRES_MAXIMUM, allow_inf_nan=False),
        saisies.decimal(ETP_MINIMUM, MEMBRES_MAXIMUM),
    ] = Field(description="ETP demandés")
    membres: Annotated[tuple[Membre, ...], Field(min_length=1, max_length=MEMBRES_MAXIMUM)] = Field(
        description="Adhérents"
    )
    structure_agreee_docteur_junior: OuiNon = Field(False, description="Structure agréée terrain de stage")
    date_accueil_docteur_junior: Date | None = Field(None, description="Date d'accueil du docteur junior")
    contrats_individuels_anterieurs: OuiNon = Field(
        False, description="Des adhérents ont eu un contrat individuel ; sans les patients gagnés, l'objectif est borné"
    )
    patientele_mt_deja_gagnee: PatientsCumules = Field(0, description="Patients MT gagnés par les contrats antérieurs")
    file_active_deja_gagnee: PatientsCumules = Field(0, description="Patients de file active gagnés par ces contrats")
    lectures: LecturesDuGroupe | None = Field(None, description="Points ouverts que la caisse a tranchés")

    @model_validator(mode="after")
    def _docteur_junior(self) -> Self:
        accueilli = self.structure_agreee_docteur_junior or any(m.pamsu_docteur_junior for m in self.membres)
        _coherente(self, coherence.DOCTEUR_JUNIOR, docteur_junior=accueilli)
        return self

    @model_validator(mode="after")
    def _dates_des_membres(self) -> Self:
        ecarts: list[Ecart] = []
        for rang, membre in enumerate(self.membres):
            dates = {
                "date_signature": self.date_signature,
                "date_adhesion": membre.date_adhesion,
                "date_installation": membre.date_installation,
            }
            juges = coherence.juger(coherence.MEMBRE, dates)
            ecarts += [(("membres", rang, ecart.champ), ecart.message, ecart.valeur) for ecart in juges]
        _refuser(*ecarts)
        return self


class ObjectifNotifie(BaseModel):
    """An objective written in the contract: the number to reach, or the number to gain."""

    model_config = MODELE

    cible: PatientsCumules | None = Field(None, description="Nombre de patients à atteindre")
    gain: PatientsCumules | None = Field(None, description="Nombre de patients à gagner")

    @model_validator(mode="after")
    def _un_seul(self) -> Self:
        _coherente(self, coherence.OBJECTIF)
        if self.cible is None and self.gain is None:
            raise ValueError("objectif notifié : « cible » ou « gain » attendu, un seul des deux")
        return self


class ObjectifsNotifies(BaseModel):
    """Objectives notified by the fund: they always win over computed ones."""

    model_config = MODELE

    patientele_mt: ObjectifNotifie | None = Field(None, description="Objectif notifié de patientèle médecin traitant")
    file_active: ObjectifNotifie | None = Field(None, description="Objectif notifié de file active")


class MontantsNotifies(BaseModel):
    """Yearly amounts notified by the fund, in euros: they always win over those of the scale."""

    model_config = MODELE

    annee_1: Euros | None = Field(None, description="Montant notifié par la caisse, première année")
    annee_2: Euros | None = Field(None, description="Montant notifié par la caisse, deuxième année")
    annee_3_et_suivantes: Euros | None = Field(
        None, description="Montant notifié par la caisse, troisième année et suivantes"
    )


class ResultatAnnuel(BaseModel):
    """The statement by which a contract year is evaluated."""

    model_config = MODELE

    annee: Rang = Field(description="Rang de l'annuité évaluée")
    patientele_mt: PatientsCumules | None = Field(None, description="Patients médecin traitant constatés")
    file_active: PatientsCumules | None = Field(None, description="File active constatée")

    @model_validator(mode="after")
    def _au_moins_un(self) -> Self:
        if self.patientele_mt is None and self.file_active is None:
            raise ValueError("patientele_mt ou file_active : au moins un des deux attendu")
        return self


class Employeur(BaseModel):
    """Who employs the assistant; the aid goes to the doctor in any case."""

    model_config = MODELE

    mode: ModeEmploi = Field(ModeEmploi.direct, description="Employeur de l'assistant")


class Situation(BaseModel):
    """Everything that a simulation is asked about: a doctor and a contract, or a group."""

    model_config = MODELE

    titre: str | None = Field(None, max_length=200, description="Titre libre")
    date_appreciation: Date | None = Field(
        None, description="Date à laquelle on se place : ce qui était connu et en vigueur alors (défaut : aujourd'hui)"
    )
    medecin: Medecin | None = Field(None, description="Le médecin signataire ; attendu, sauf pour un groupe")
    patientele: Patientele = Field(Patientele(), description="La patientèle de départ")
    contrat: Contrat | None = Field(None, description="Le contrat individuel ; attendu, sauf pour un groupe")
    groupe: Groupe | None = Field(
        None, description="La société qui signe un contrat collectif ; à la place de medecin, patientele et contrat"
    )
    assistant: Assistant = Field(Assistant(), description="L'assistant et son poste")
    employeur: Employeur | None = Field(None, description="Qui emploie l'assistant")
    objectifs_notifies: ObjectifsNotifies = Field(ObjectifsNotifies(), description="Objectifs notifiés par la caisse")
    montants_notifies: MontantsNotifies = Field(MontantsNotifies(), description="Montants notifiés par la caisse")
    cout: HypothesesCout = Field(HypothesesCout(), description="Ce qui est connu du coût de l'assistant")
    resultats: tuple[ResultatAnnuel, ...] = Field((), description="Résultats constatés, par année")
    projections: tuple[ResultatAnnuel, ...] = Field((), description="Résultats supposés, par année (« et si ? »)")

    @model_validator(mode="after")
    def _individuel_ou_collectif(self) -> Self:
        if self.groupe is not None:
            en_trop: list[Ecart] = [
                ((champ,), "inattendu avec « groupe » (contrat collectif)", None)
                for champ in ("medecin", "contrat")
                if getattr(self, champ) is not None
            ]
            if self.patientele != Patientele():
                en_trop.append((("patientele",), "inattendue avec « groupe » ; elle se donne par membre", None))
            _refuser(*en_trop)
            return self
        _refuser(
            *(
                ((champ,), "attendu (ou « groupe » pour un contrat collectif)", None)
                for champ in ("medecin", "contrat")
                if getattr(self, champ) is None
            )
        )
        return self

    @model_validator(mode="after")
    def _annees_distinctes(self) -> Self:
        vues: set[int] = set()
        ecarts: list[Ecart] = []
        for liste in ("resultats", "projections"):
            for rang, resultat in enumerate(getattr(self, liste)):
                if resultat.annee in vues:
                    message = coherence.ANNEE_EN_DOUBLE.dire(resultat.annee, True, True)
                    ecarts.append(((liste, rang, "annee"), message, resultat.annee))
                vues.add(resultat.annee)
        _refuser(*ecarts)
        return self

    @property
    def date_signature(self) -> datetime.date:
        """Date of signature of the contract, individual or collective."""
        signataire = self.groupe or self.contrat
        assert signataire is not None  # noqa: S101 - proved by the validator above
        return signataire.date_signature

    def valeurs_par_defaut(self) -> dict[str, Any]:
        """The fields left out that took a decided value, by path: a reader must tell them from what they entered."""
        defauts: dict[str, Any] = {}
        for partie in ("medecin", "contrat", "assistant", "groupe"):
            modele = getattr(self, partie)
            if modele is None:
                continue
            for champ in type(modele).model_fields:
                valeur = getattr(modele, champ)
                if champ not in modele.model_fields_set and valeur is not None:
                    defauts[f"{partie}.{champ}"] = valeur.value if isinstance(valeur, Enum) else valeur
        return defauts


def lire_situation(donnees: Any) -> Situation:
    """A situation from its data, whatever door they came by. Raises SituationInvalide, with every fault in French."""
    try:
        return Situation.model_validate(donnees)
    except ValidationError as erreur:
        raise SituationInvalide.de_pydantic(erreur) from erreur


#: Law input variables whose name differs from the field's.
VARIABLES = {"nouvel_installe": "nouvel_installe_declare"}

#: Fields that hold a share of one, of which none under 1 % makes sense.
PARTS = ("rang_densite_departement", "part_honoraires_cliniques", "quotite_liberale", "part_enfants")

#: Fields that the law does not read.
HORS_LOI = {"date_releve", "membres", "contrats_individuels_anterieurs"}

#: Parts of a part of the situation whose fields the law reads under a prefix.
PREFIXES = {"lectures": "lecture_"}
