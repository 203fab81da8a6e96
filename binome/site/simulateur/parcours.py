"""The three ways through the simulator, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from binome.simulation import INDICATEURS
from binome.site.simulateur import questions as q
from binome.site.simulateur.questions import PARTICULARITES, ContexteDesQuestions, Question


def _aucune(contexte: ContexteDesQuestions) -> tuple[Question, ...]:
    del contexte
    return ()


@dataclass(frozen=True)
class Etape:
    """One page of questions: every one it may ask, and what the results of evaluated years add to them.

    `liste` names the list of the situation whose elements are asked row by row (the members of a group).
    """

    nom: str
    titre: str
    chapeau: str
    toutes: tuple[Question, ...] = ()
    des_annees: Callable[[ContexteDesQuestions], tuple[Question, ...]] = _aucune
    liste: str = ""

    def questions(self, contexte: ContexteDesQuestions) -> tuple[Question, ...]:
        """Those that change the answer."""
        return (*(question for question in self.toutes if question.si(contexte)), *self.des_annees(contexte))


@dataclass(frozen=True)
class Parcours:
    """A conversation: its steps in order, and the part of the situation that signs."""

    nom: str
    titre: str
    signataire: str
    etapes: tuple[Etape, ...]

    def etape(self, nom: str) -> Etape | None:
        """A step by its name."""
        return next((etape for etape in self.etapes if etape.nom == nom), None)

    def suivante(self, etape: Etape) -> Etape | None:
        """The step after one; None after the last."""
        rang = self.etapes.index(etape) + 1
        return self.etapes[rang] if rang < len(self.etapes) else None


MOI = (
    q.SPECIALITE,
    q.SECTEUR,
    q.DEPARTEMENT,
    q.HONORAIRES,
    q.ZONE,
    q.DATE_ZONAGE,
    *q.EXERCICE,
    q.MEP,
    q.INSTALLATION,
    q.RQTH,
    q.QUOTITE,
    q.STATUT,
    *q.APRES_UN_COLLECTIF,
)
PATIENTELE = (q.PATIENTELE_MT, q.PATIENTELE_ADULTES, q.PART_ENFANTS, q.FILE_ACTIVE, q.SEUIL_NOTIFIE)
ASSISTANT = (q.EMBAUCHE, q.PROFIL, q.LOCAUX, q.TELETRAVAIL, *q.SECRETAIRE)


def _montant_notifie(colonne: str, annee: str) -> Question:
    champ = f"montants_notifies.{colonne}"
    return Question(
        champ,
        f"Montant inscrit au contrat, {annee}",
        unite="€",
        aide="Les textes lus ne le donnent pas.",
        ou_trouver="Dans l’article du contrat sur le montant de l’aide, ou dans un courrier de la CPAM.",
        si=lambda contexte: colonne in contexte.montants_inconnus or bool(contexte.reponse(champ)),
    )


SUIVI = (
    Question(
        "objectifs_notifies.patientele_mt.cible",
        "Objectif de patientèle médecin traitant inscrit au contrat",
        unite="patients",
        si=lambda contexte: contexte.suit_patientele_mt,
        aide="Le nombre à atteindre. Il l’emporte toujours sur celui que nous calculons.",
        ou_trouver="Dans l’article du contrat sur les engagements du médecin, ou dans un courrier de la CPAM.",
    ),
    Question(
        "objectifs_notifies.file_active.cible",
        "Objectif de file active inscrit au contrat",
        unite="patients",
        aide="Le nombre à atteindre.",
        ou_trouver="Dans l’article du contrat sur les engagements du médecin, ou dans un courrier de la CPAM.",
    ),
    Question(
        "contrat.bande_notifiee",
        "Position nationale inscrite au contrat",
        menu=True,
        aide="Si le contrat dit entre quels percentiles se situe votre patientèle.",
    ),
    _montant_notifie("annee_1", "première année"),
    _montant_notifie("annee_2", "deuxième année"),
    _montant_notifie("annee_3_et_suivantes", "troisième année et suivantes"),
)


def _dite(question: Question) -> Question:
    """The same question, asked only of who answered it: what the result page asks is corrected in its step."""
    return replace(
        question,
        groupe=question.groupe or "Ce que la CPAM a notifié",
        si=lambda contexte: bool(contexte.reponse(question.champ)) and question.si(contexte),
    )


COUT = (*q.EMPLOI, *map(_dite, q.HYPOTHESES))

NOUVEAU = Parcours(
    "nouveau",
    "Je n’ai pas encore de contrat",
    "contrat",
    (
        Etape("moi", "Moi", "Ce qui décide de votre droit à l’aide.", MOI),
        Etape("patientele", "Ma patientèle", "Elle décide du montant et de l’objectif.", PATIENTELE),
        Etape(
            "projet",
            "Mon projet",
            "Ce que vous envisagez : tout peut encore changer.",
            (q.DATE_SIGNATURE, q.OPTION, *q.CONTRAT_EN_COURS, q.RENOUVELLEMENT, *ASSISTANT, *map(_dite, SUIVI), *COUT),
        ),
    ),
)

SIGNATURE_PASSEE = replace(
    q.DATE_SIGNATURE,
    libelle="Quand avez-vous signé le contrat ?",
    aide="Votre contrat garde les règles de ce jour-là.",
    ou_trouver="Sur la dernière page du contrat.",
)
OPTION_SIGNEE = replace(
    q.OPTION,
    libelle="Quel temps de travail le contrat prévoit-il ?",
    obligatoire=True,
    aide="",
    choix=None,
)
CONTRAT_QUI_PRECEDAIT = tuple(
    replace(question, libelle=libelle)
    for question, libelle in zip(
        q.CONTRAT_EN_COURS,
        (
            "Quel contrat aviez-vous avant ce second assistant ?",
            "En quelle année de ce contrat étiez-vous ?",
            "Ses objectifs étaient-ils atteints ?",
        ),
        strict=True,
    )
)
PATIENTELE_DE_DEPART = "Les chiffres inscrits au contrat : le relevé qui précédait la signature."


def _resultats(contexte: ContexteDesQuestions) -> tuple[Question, ...]:
    """What the statements said: asked of evaluated years only."""
    return tuple(
        Question(
            f"resultats.{annee}.{indicateur}",
            f"Année {annee} : {libelle.lower()} au relevé d’évaluation",
            unite="patients",
            ou_trouver=q.AMELIPRO,
            groupe="Mes résultats",
        )
        for annee in contexte.annees_evaluees
        for indicateur, libelle in INDICATEURS.items()
        if indicateur == "file_active" or contexte.suit_patientele_mt
    )


def _absent(contexte: ContexteDesQuestions) -> bool:
    return bool(contexte.reponse("assistant.date_debut_absence"))


VIE = (
    q.RENOUVELLEMENT,
    Question(
        "contrat.date_bascule",
        "Êtes-vous passé(e), sur demande, aux règles nouvelles ? À quelle date ?",
        groupe=PARTICULARITES,
        si=lambda contexte: contexte.bascule_possible,
    ),
    Question("contrat.date_debut_suspension", "Le contrat a-t-il été suspendu ? Premier jour", groupe=PARTICULARITES),
    Question(
        "contrat.date_fin_suspension",
        "Dernier jour de suspension",
        groupe=PARTICULARITES,
        si=lambda contexte: bool(contexte.reponse("contrat.date_debut_suspension")),
    ),
    Question("contrat.date_fin_anticipee", "Le contrat est-il résilié ? Dernier jour", groupe=PARTICULARITES),
    Question("assistant.date_debut_absence", "L’assistant est-il absent ? Premier jour", groupe=PARTICULARITES),
    Question(
        "assistant.date_fin_absence",
        "Dernier jour d’absence",
        groupe=PARTICULARITES,
        si=_absent,
        aide="Sans réponse : l’absence dure encore.",
    ),
    Question("assistant.assistant_remplace", "Est-il remplacé ?", groupe=PARTICULARITES, si=_absent),
)

CONTRAT = Parcours(
    "contrat",
    "J’ai déjà un contrat",
    "contrat",
    (
        Etape(
            "contrat",
            "Mon contrat",
            "La date de signature décide des règles qui vous suivent.",
            (SIGNATURE_PASSEE, OPTION_SIGNEE, *CONTRAT_QUI_PRECEDAIT, *MOI),
        ),
        Etape("patientele", "Au départ", PATIENTELE_DE_DEPART, (*PATIENTELE, *ASSISTANT)),
        Etape("suivi", "Depuis", "Ce que dit le contrat, et où vous en êtes.", (*SUIVI, *VIE, *COUT), _resultats),
    ),
)


def _du_groupe(question: Question, **autres: object) -> Question:
    """The same question, asked of a society."""
    return replace(question, champ=question.champ.replace("contrat.", "groupe."), **autres)  # type: ignore[arg-type]


def _docteur_junior(contexte: ContexteDesQuestions) -> bool:
    accueils = (nom for nom in contexte.reponses if nom.endswith(".pamsu_docteur_junior"))
    structure = contexte.reponse("groupe.structure_agreee_docteur_junior") == "oui"
    return structure or any(contexte.reponse(nom) == "oui" for nom in accueils)


MEMBRE = (
    Question("patientele_mt", "Patients médecin traitant", unite="patients", ou_trouver=q.AMELIPRO, obligatoire=True),
    Question("file_active", "File active", unite="patients", ou_trouver=q.AMELIPRO, obligatoire=True),
    Question("secteur", "Secteur", obligatoire=True, menu=True),
    Question("specialite", "Spécialité", menu=True),
    Question("mode_exercice_particulier", "Mode d’exercice particulier (MEP) ?"),
    Question(
        "date_installation",
        "Date d’installation",
        aide="Seulement s’il vient de s’installer : il vise alors la médiane.",
    ),
    Question("date_adhesion", "Date d’adhésion", aide="Seulement s’il rejoint le contrat après sa signature."),
    Question(
        "pamsu_docteur_junior",
        "Accueille un docteur junior ?",
        aide="Praticien agréé maître de stage des universités (PAMSU) : le plafond de temps plein est relevé.",
    ),
    Question("contrat_individuel_en_cours", "Contrat individuel en cours ?"),
)

GROUPE = Parcours(
    "groupe",
    "Nous sommes un groupe",
    "groupe",
    (
        Etape(
            "societe",
            "La société",
            "Une société de médecins signe un seul contrat pour tous.",
            (
                Question("groupe.forme_juridique", "Quelle est sa forme juridique ?", obligatoire=True),
                _du_groupe(q.DATE_SIGNATURE, libelle="Quand pensez-vous signer le contrat collectif ?"),
            ),
        ),
        Etape(
            "membres",
            "Les médecins",
            "Les adhérents au contrat, un par un ; aucun nom n’est demandé.",
            liste="groupe.membres",
        ),
        Etape(
            "projet",
            "Le projet",
            "Ce que vous envisagez : tout peut encore changer.",
            (
                Question(
                    "groupe.etp_demandes",
                    "Combien d’équivalents temps plein demandez-vous ?",
                    unite="ETP",
                    obligatoire=True,
                ),
                Question(
                    "groupe.structure_agreee_docteur_junior",
                    "La structure est-elle agréée pour accueillir un docteur junior ?",
                ),
                Question(
                    "groupe.date_accueil_docteur_junior",
                    "Date d’accueil du docteur junior",
                    si=_docteur_junior,
                    obligatoire=True,
                ),
                *ASSISTANT,
                Question(
                    "groupe.patientele_mt_deja_gagnee",
                    "Patients médecin traitant déjà gagnés",
                    unite="patients",
                    groupe=PARTICULARITES,
                    aide="Par des contrats individuels antérieurs des adhérents.",
                ),
                Question(
                    "groupe.file_active_deja_gagnee",
                    "File active déjà gagnée",
                    unite="patients",
                    groupe=PARTICULARITES,
                    aide="Par des contrats individuels antérieurs des adhérents.",
                ),
                _du_groupe(
                    q.APRES_UN_COLLECTIF[0], libelle="Fin d’un contrat collectif antérieur", aide="", si=q.toujours
                ),
                _du_groupe(
                    q.APRES_UN_COLLECTIF[1],
                    si=lambda contexte: bool(contexte.reponse("groupe.date_fin_contrat_collectif")),
                ),
                *map(_dite, SUIVI),
                *COUT,
            ),
        ),
    ),
)

PARCOURS = {parcours.nom: parcours for parcours in (NOUVEAU, CONTRAT, GROUPE)}
