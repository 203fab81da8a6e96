"""The questions of the conversation: what is asked, in which words, and when it changes the answer.

Whether a question is asked comes from the law itself: a condition that is « sans objet » for this doctor and these
rules has nothing to ask. `Contexte` holds what the computation says so far.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from binome.simulation import (
    CONDITION_DU_SEUIL,
    Condition,
    MontantsNotifies,
    Resultat,
    loi_du_processus,
    ouverture_collective,
    variable_de,
)
from openfisca_assistants_medicaux import registre

#: The heading under which the less usual questions are folded.
PARTICULARITES = "Situations particulières"
COUT = "Ce que coûte l’assistant"


#: Years that amounts tell apart, as `montants_notifies` names them.
COLONNES_DU_BAREME = tuple(MontantsNotifies.model_fields)


@dataclass(frozen=True)
class ContexteDesQuestions:
    """What was answered, and what the law says of it.

    `nu` is the result of the same situation without the answers to conditional questions: it tells which of them the
    law would ask. `complet` is the result with every answer. Each is None while too little is known.
    """

    reponses: Mapping[str, str]
    aujourd_hui: datetime.date
    nu: Resultat | None = None
    complet: Resultat | None = None

    def reponse(self, champ: str) -> str:
        """The answer given to a field, blank when none."""
        return self.reponses.get(champ, "")

    def appelle(self, champ: str) -> bool:
        """True when a condition that reads a field applies to this doctor under these rules."""
        return self._une_condition(champ, self._conditions(), lambda verdict: verdict != "sans_objet")

    def hesite(self, champ: str) -> bool:
        """True when a condition that reads a field cannot be judged without a further answer."""
        return self._une_condition(champ, self._conditions(), lambda verdict: verdict == "indeterminee")

    def appelle_pour_l_option(self, champ: str) -> bool:
        """True when a condition of the option chosen that reads a field applies."""
        options = () if self.complet is None else self.complet.options
        choisie = tuple(c for o in options if o.choisie for c in o.conditions)
        return self._une_condition(champ, choisie, lambda verdict: verdict != "sans_objet")

    @staticmethod
    def _une_condition(champ: str, conditions: tuple[Condition, ...], juge: Callable[[str], bool]) -> bool:
        lues = registre.conditions().conditions_qui_lisent(*variable_de(champ))
        return any(c.nom in lues and juge(c.verdict) for c in conditions)

    def option_envisageable(self, option: str) -> bool:
        """False once an option is refused whatever else is answered."""
        if self.complet is None:
            return False
        return any(o.option == option and o.ouverte != "non" for o in self.complet.options)

    @property
    def suit_patientele_mt(self) -> bool:
        """True when the law follows this doctor's patientèle médecin traitant."""
        return self.nu is None or any(o.indicateur == "patientele_mt" for o in self.nu.objectifs)

    @property
    def temps_trop_court(self) -> bool:
        """True when the post asked for is shorter than the collective agreement allows, or was said to be agreed."""
        couts = () if self.complet is None or self.complet.cout is None else self.complet.cout.options
        choisie = self.reponse("contrat.option")
        return bool(self.reponse("cout.temps_partiel_demande")) or any(
            c.temps_trop_court for c in couts if c.option == choisie
        )

    @property
    def compte_les_adultes_seuls(self) -> bool:
        """True when these rules count adults only among the patientèle médecin traitant."""
        return self.nu is not None and any(o.adultes_seuls for o in self.nu.objectifs)

    @property
    def seuil_inconnu(self) -> bool:
        """True when no text read gives the activity threshold of this doctor, and something must."""
        conditions = () if self.complet is None else self.complet.verdict.conditions
        return any(c.nom == CONDITION_DU_SEUIL and c.seuil is None and c.verdict == "indeterminee" for c in conditions)

    @property
    def enfants_dispensent(self) -> bool:
        """True when a large share of children exempts from the threshold, under the rules of the day of signature."""
        if self.nu is None:
            return False
        derogations = loi_du_processus().parameters.eligibilite.derogations
        return derogations.part_enfants_moins_16(self.nu.situation.date_signature.isoformat()) is not None

    @property
    def bascule_possible(self) -> bool:
        """True when contracts of this régime may pass to the new rules on request."""
        return self.nu is not None and self.nu.bascule_possible

    @property
    def collectif_possible(self) -> bool:
        """True when a collective contract may have ended by now."""
        return self.aujourd_hui >= ouverture_collective(loi_du_processus())

    @property
    def montants_inconnus(self) -> frozenset[str]:
        """Columns of the scale that no text read gives for the option chosen."""
        annees = () if self.complet is None else self.complet.annees
        return frozenset(
            COLONNES_DU_BAREME[min(annee.rang, len(COLONNES_DU_BAREME)) - 1]
            for annee in annees
            if annee.montant_maximal is None and not annee.montants_possibles
        )

    @property
    def annees_evaluees(self) -> tuple[int, ...]:
        """Years whose result weighs on the aid and could be known by now."""
        annees = () if self.complet is None else self.complet.annees
        return tuple(a.rang for a in annees if a.date_evaluation is not None and a.date_evaluation <= self.aujourd_hui)

    def _conditions(self) -> tuple[Condition, ...]:
        if self.nu is None:
            return ()
        des_options = tuple(c for o in self.nu.options if o.ouverte != "non" for c in o.conditions)
        return self.nu.verdict.conditions + des_options


def toujours(contexte: ContexteDesQuestions) -> bool:
    """Asked of everyone."""
    del contexte
    return True


@dataclass(frozen=True)
class Question:
    """One question. `champ` is the field of the situation that it fills."""

    champ: str
    libelle: str
    aide: str = ""
    ou_trouver: str = ""
    unite: str = ""
    obligatoire: bool = False
    si: Callable[[ContexteDesQuestions], bool] = field(default=toujours)
    #: Values offered, among the field's own; empty: all of them.
    choix: Callable[[ContexteDesQuestions], tuple[str, ...]] | None = None
    groupe: str = ""
    #: Long lists fold into a menu.
    menu: bool = False


@dataclass(frozen=True)
class Appel:
    """Asked when the law calls for it: a condition of the register that reads the field says so.

    An answer given to such a question is left out to know whether it would be asked.
    """

    champ: str
    juge: Callable[[ContexteDesQuestions, str], bool] = ContexteDesQuestions.appelle

    def __call__(self, contexte: ContexteDesQuestions) -> bool:
        """True when the question is asked."""
        return self.juge(contexte, self.champ)


@dataclass(frozen=True)
class AppelDuGeneraliste(Appel):
    """The same, of doctors whose patientèle médecin traitant is followed."""

    def __call__(self, contexte: ContexteDesQuestions) -> bool:
        """True when the question is asked."""
        return contexte.suit_patientele_mt and super().__call__(contexte)


def selon_la_loi(
    champ: str,
    libelle: str,
    *,
    juge: Callable[[ContexteDesQuestions, str], bool] = ContexteDesQuestions.appelle,
    **autres: Any,
) -> Question:
    """A question that the law calls for."""
    return Question(champ, libelle, si=Appel(champ, juge), **autres)


def _secretaire_promue(contexte: ContexteDesQuestions) -> bool:
    return contexte.reponse("assistant.secretaire_promue") == "oui"


def _remplacement_possible(contexte: ContexteDesQuestions) -> bool:
    # The date alone tells that she is replaced, however: only « nobody » leaves nothing to date.
    return _secretaire_promue(contexte) and contexte.reponse("assistant.remplacement_secretaire") != "aucun"


def options_ouvertes(contexte: ContexteDesQuestions) -> tuple[str, ...]:
    """Options not refused so far, the one already chosen kept."""
    noms = () if contexte.complet is None else tuple(o.option for o in contexte.complet.options)
    choisie = contexte.reponse("contrat.option")
    return tuple(nom for nom in noms if contexte.option_envisageable(nom) or nom == choisie)


AMELIPRO = (
    "Sur amelipro, rubrique « Patientèle » : le relevé arrêté au 30 juin ou au 31 décembre qui précède la signature. "
    "La caisse (CPAM) le communique sur demande."
)

SPECIALITE = Question(
    "medecin.specialite",
    "Quelle est votre spécialité ?",
    obligatoire=True,
    menu=True,
    aide="Celle sous laquelle l’assurance maladie vous connaît.",
)
SECTEUR = Question(
    "medecin.secteur",
    "Dans quel secteur exercez-vous ?",
    obligatoire=True,
    ou_trouver="Sur vos feuilles de soins, ou sur annuairesante.ameli.fr.",
)
MEP = Question(
    "medecin.mode_exercice_particulier",
    "Avez-vous un mode d’exercice particulier (MEP) ?",
    aide="Par exemple l’homéopathie, l’acupuncture ou l’angiologie exercées à titre principal.",
    si=AppelDuGeneraliste("medecin.mode_exercice_particulier"),
    groupe=PARTICULARITES,
)
ZONE = selon_la_loi(
    "medecin.zone",
    "Où se trouve votre cabinet principal ?",
    ou_trouver="Sur le site de votre agence régionale de santé (ARS), ou sur cartosante.atlasante.fr.",
)
DATE_ZONAGE = selon_la_loi(
    "medecin.date_zonage",
    "Depuis quand ce zonage s’applique-t-il ?",
    groupe=PARTICULARITES,
    aide="L’agence révise ses zones : votre contrat garde celle du jour de la signature.",
    ou_trouver="La date d’effet de l’arrêté de zonage, sur le site de votre agence régionale de santé (ARS).",
)
DEPARTEMENT = selon_la_loi(
    "medecin.departement_sous_dote",
    "Votre département est-il ouvert à votre spécialité ?",
    aide="Sous les règles de votre contrat, seuls les départements les moins dotés y donnent droit.",
    ou_trouver="La CPAM tient la liste des départements admis pour chaque spécialité.",
    juge=ContexteDesQuestions.hesite,
)
HONORAIRES = selon_la_loi(
    "medecin.part_honoraires_cliniques",
    "Quelle part de vos honoraires est clinique (hors actes CCAM) ?",
    unite="%",
    aide="Consultations et visites, sur les douze mois qui précèdent la signature.",
    ou_trouver="Sur votre relevé individuel d’activité (SNIR) : honoraires hors actes CCAM, divisés par le total.",
)
#: How the doctor practises, each asked where the rules of the day call for it.
EXERCICE = (
    selon_la_loi(
        "medecin.nombre_medecins_lieu",
        "Combien de médecins exercent à votre adresse, vous compris ?",
    ),
    selon_la_loi(
        "medecin.coordination_assistant_partage",
        "Si vous exercez seul(e), partagez-vous l’assistant avec des confrères coordonnés ?",
    ),
    selon_la_loi(
        "medecin.engagement_exercice_coordonne",
        "Êtes-vous engagé(e) dans un exercice coordonné, ou prêt(e) à l’être ?",
        aide="CPTS, maison de santé, équipe de soins primaires ou spécialisés.",
    ),
)
INSTALLATION = Question(
    "medecin.date_installation",
    "À quelle date vous êtes-vous installé(e) en libéral ?",
    groupe=PARTICULARITES,
    aide="Seulement si vous venez de vous installer : le seuil d’activité est alors levé.",
)
RQTH = Question(
    "medecin.rqth_ald",
    "Êtes-vous reconnu(e) travailleur handicapé (RQTH) ou en affection de longue durée (ALD) ?",
    groupe=PARTICULARITES,
    aide="Le seuil d’activité peut être levé.",
)
QUOTITE = Question(
    "medecin.quotite_liberale",
    "Quelle part de votre temps exercez-vous en libéral ?",
    unite="%",
    groupe=PARTICULARITES,
    aide="Seulement en cas d’exercice mixte (salarié et libéral) : l’aide suit cette part.",
)
STATUT = Question(
    "medecin.statut_exercice",
    "Quel est votre statut d’exercice ?",
    groupe=PARTICULARITES,
)

PATIENTELE_MT = Question(
    "patientele.patientele_mt",
    "Combien de patients vous ont choisi comme médecin traitant ?",
    unite="patients",
    aide="Adultes et enfants.",
    ou_trouver=AMELIPRO,
    obligatoire=True,
    si=lambda contexte: contexte.suit_patientele_mt,
)
PATIENTELE_ADULTES = Question(
    "patientele.patientele_mt_adultes",
    "Parmi eux, combien ont plus de 16 ans ?",
    unite="patients",
    aide="Les règles de votre contrat comptent les adultes seuls.",
    ou_trouver=AMELIPRO,
    si=lambda contexte: contexte.compte_les_adultes_seuls,
)
PART_ENFANTS = Question(
    "patientele.part_enfants",
    "Quelle part de vos patients a moins de 16 ans ?",
    unite="%",
    groupe=PARTICULARITES,
    aide="Seulement si leur nombre ne vous est pas connu : une forte part dispense du seuil d’activité.",
    ou_trouver=AMELIPRO,
    # The numbers of adults and of all tell it: asked together, they could contradict each other.
    si=lambda contexte: contexte.enfants_dispensent and not contexte.reponse("patientele.patientele_mt_adultes"),
)
SEUIL_NOTIFIE = Question(
    "contrat.seuil_notifie",
    "Quel seuil d’activité la CPAM vous a-t-elle donné ?",
    unite="patients",
    aide="Aucun texte lu ne donne celui de votre spécialité ou de votre mode d’exercice. Celui de la CPAM l’emporte.",
    ou_trouver="Dans un courrier de la CPAM, ou sur demande : le nombre de patients qui ouvre l’aide.",
    si=lambda contexte: contexte.seuil_inconnu or bool(contexte.reponse("contrat.seuil_notifie")),
)
FILE_ACTIVE = Question(
    "patientele.file_active",
    "Combien de patients différents avez-vous vus dans l’année ?",
    unite="patients",
    aide="C’est la « file active » : chaque patient compte une fois.",
    ou_trouver=AMELIPRO,
    obligatoire=True,
)

OPTION = Question(
    "contrat.option",
    "Quel temps de travail envisagez-vous ?",
    choix=options_ouvertes,
    aide="Sans réponse, les possibilités sont comparées.",
)
DATE_SIGNATURE = Question(
    "contrat.date_signature",
    "Quand pensez-vous signer le contrat ?",
    obligatoire=True,
    aide="C’est cette date qui fixe les règles et les montants.",
)
RENOUVELLEMENT = Question("contrat.renouvellement", "Est-ce un renouvellement ?", groupe=PARTICULARITES)
CONTRAT_EN_COURS = tuple(
    selon_la_loi(champ, libelle, juge=ContexteDesQuestions.appelle_pour_l_option)
    for champ, libelle in (
        ("contrat.option_contrat_en_cours", "Quel est le contrat en cours ?"),
        ("contrat.annee_contrat_en_cours", "En quelle année de ce contrat êtes-vous ?"),
        ("contrat.objectifs_contrat_en_cours_atteints", "Ses objectifs sont-ils déjà atteints ?"),
    )
)
#: What follows a collective contract: only who left one has an answer.
APRES_UN_COLLECTIF = (
    Question(
        "contrat.date_fin_contrat_collectif",
        "Quand un contrat collectif antérieur a-t-il pris fin ?",
        groupe=PARTICULARITES,
        aide="Seulement si vous en avez quitté un : une carence peut s’appliquer.",
        si=lambda contexte: contexte.collectif_possible,
    ),
    Question(
        "contrat.circonstances_exceptionnelles",
        "Des circonstances exceptionnelles lèvent-elles la carence ?",
        groupe=PARTICULARITES,
        ou_trouver="La CPAM en décide.",
        si=lambda contexte: bool(contexte.reponse("contrat.date_fin_contrat_collectif")),
    ),
)
EMBAUCHE = Question(
    "assistant.date_embauche",
    "Quand l’assistant commence-t-il ?",
    aide="La date des premiers versements et de la formation en dépend.",
)
PROFIL = Question(
    "assistant.profil_assistant",
    "Quelle est sa qualification à l’embauche ?",
    aide="Elle fixe la formation à suivre et ses délais.",
)
LOCAUX = selon_la_loi(
    "assistant.locaux_adaptes",
    "Vos locaux permettent-ils d’accueillir l’assistant ?",
)
TELETRAVAIL = Question("assistant.teletravail", "Travaillera-t-il à distance ?", groupe=PARTICULARITES)
SECRETAIRE = (
    Question(
        "assistant.secretaire_promue",
        "L’assistant est-il votre secrétaire actuelle ?",
        groupe=PARTICULARITES,
        aide="Elle doit alors être remplacée.",
    ),
    Question(
        "assistant.remplacement_secretaire",
        "Comment la remplacerez-vous ?",
        groupe=PARTICULARITES,
        si=_secretaire_promue,
    ),
    Question(
        "assistant.date_remplacement_secretaire",
        "À quelle date sera-t-elle remplacée ?",
        groupe=PARTICULARITES,
        si=_remplacement_possible,
    ),
)


def _groupement(contexte: ContexteDesQuestions) -> bool:
    # An invoice replaces the salary, whoever employs: once written, it must be seen.
    return contexte.reponse("employeur.mode") == "groupement_employeurs" or bool(
        contexte.reponse("cout.facture_mensuelle")
    )


def _salarie(contexte: ContexteDesQuestions) -> bool:
    return not _groupement(contexte)


def _un_seul_poste(contexte: ContexteDesQuestions) -> bool:
    """One assistant: a group's posts and two assistants follow the full-time equivalents asked for."""
    second_assistant = contexte.appelle_pour_l_option("contrat.option_contrat_en_cours")
    return not second_assistant and not contexte.reponse("groupe.etp_demandes")


def _autre_salarie(rang: int) -> Question:
    """The gross salary of another employee: the next is asked for once this one is written."""
    premier = rang == 1
    return Question(
        f"cout.autres_salaires_annuels.{rang}",
        "Quel salaire brut annuel versez-vous déjà, s’il y a un autre salarié ?"
        if premier
        else f"Et à un {rang}e autre salarié ?",
        unite="€",
        groupe=COUT,
        si=_salarie
        if premier
        else lambda vu: _salarie(vu) and bool(vu.reponse(f"cout.autres_salaires_annuels.{rang - 1}")),
        aide="La taxe sur les salaires se calcule sur tout le cabinet, salarié par salarié." if premier else "",
    )


#: Other employees that the pages ask about; a file may tell more.
AUTRES_SALARIES = 8


EMPLOI = (
    Question(
        "cout.territoire",
        "Où se trouve le cabinet ?",
        groupe=COUT,
        menu=True,
        aide="Outre-mer, ni la convention collective ni les réductions de cotisations ne sont les mêmes.",
    ),
    Question("employeur.mode", "Qui l’emploie ?", groupe=COUT),
    Question(
        "cout.heures_hebdomadaires",
        "Combien d’heures par semaine travaillera l’assistant ?",
        unite="heures",
        groupe=COUT,
        si=_un_seul_poste,
        aide="Seulement si le poste dépasse le temps du contrat d’aide : l’aide ne change pas, le coût si.",
    ),
    Question("cout.type_contrat", "Quel contrat de travail ?", groupe=COUT, si=_salarie),
    Question(
        "cout.duree_cdd_mois",
        "Combien de mois durera le CDD ?",
        unite="mois",
        groupe=COUT,
        si=lambda vu: _salarie(vu) and vu.reponse("cout.type_contrat") == "cdd",
        aide="Sans réponse : la plus longue durée permise.",
    ),
    Question(
        "cout.autre_aide_embauche",
        "Comptez-vous sur une autre aide à l’embauche ?",
        groupe=COUT,
        aide="Apprentissage, handicap, insertion… Elle n’est pas comptée.",
    ),
    Question(
        "cout.facture_mensuelle",
        "Combien le groupement facture-t-il un temps plein, par mois ?",
        unite="€",
        groupe=COUT,
        si=_groupement,
    ),
    Question(
        "cout.salaire_brut_mensuel",
        "Quel salaire brut mensuel, pour un temps plein ?",
        unite="€",
        groupe=COUT,
        si=_salarie,
        aide="Sans réponse : le minimum légal ou conventionnel connu.",
    ),
    Question(
        "cout.anciennete_annees",
        "Quelle ancienneté reprenez-vous ?",
        unite="ans",
        groupe=COUT,
        si=_salarie,
        aide="Elle majore le salaire minimal.",
    ),
    *(_autre_salarie(rang) for rang in range(1, AUTRES_SALARIES + 1)),
    Question(
        "cout.temps_partiel_demande",
        "L’assistant a-t-il demandé par écrit ce temps court, ou le complète-t-il chez le même employeur ?",
        groupe=COUT,
        si=lambda vu: _salarie(vu) and vu.temps_trop_court,
        aide="La convention collective fixe une durée minimale par semaine.",
    ),
    Question(
        "cout.honoraire_consultation",
        "Quel est l’honoraire moyen d’une consultation ?",
        unite="€",
        groupe=COUT,
        aide="Pour estimer combien de consultations couvrent ce que l’aide ne couvre pas.",
    ),
    Question("cout.part_de_charges", "Quelle part de vos honoraires va aux charges ?", unite="%", groupe=COUT),
    Question("cout.jours_par_an", "Combien de jours consultez-vous par an ?", unite="jours", groupe=COUT),
)

#: What the cost supposes, and whoever knows better may change beside the result.
HYPOTHESES = (
    Question(
        "cout.mutuelle_mensuelle",
        "Combien coûte la complémentaire santé, part de l’employeur, par mois ?",
        unite="€",
        groupe=COUT,
        si=_salarie,
        ou_trouver="Sur le contrat collectif du cabinet : la moitié au moins de la cotisation est à l’employeur.",
    ),
    Question(
        "cout.taux_prevoyance",
        "Quelle part du salaire va à la prévoyance, part de l’employeur ?",
        unite="%",
        groupe=COUT,
        si=_salarie,
    ),
    Question(
        "cout.taux_formation",
        "Quelle part du salaire va à la formation professionnelle ?",
        unite="%",
        groupe=COUT,
        si=_salarie,
    ),
    Question(
        "cout.assujetti_taxe_salaires",
        "Le cabinet doit-il la taxe sur les salaires ?",
        groupe=COUT,
        si=_salarie,
        aide="Oui pour un cabinet qui n’est pas soumis à la TVA.",
    ),
    Question(
        "cout.redevable_taxe_apprentissage",
        "Le cabinet doit-il la taxe d’apprentissage ?",
        groupe=COUT,
        si=_salarie,
        aide="Une société soumise à l’impôt sur les sociétés la doit ; nous supposons que non autrement.",
    ),
)
