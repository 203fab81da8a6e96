"""The collective contract of 2026: who may sign, for how many ETP."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import en_millioniemes, zero_si_inconnu
from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois_si_connu
from openfisca_assistants_medicaux.certitude import Certitude, source
from openfisca_assistants_medicaux.conditions import verdict
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE, Condition, FormeJuridique
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif


class forme_juridique(Variable):
    value_type = Enum
    possible_values = FormeJuridique
    default_value = FormeJuridique.non_renseignee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Forme juridique de la société signataire"


class nombre_adherents(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Nombre de médecins adhérents au contrat collectif"


class nombre_adherents_refuses(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le secteur ou la spécialité n'est pas admis"


class nombre_adherents_indetermines(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le secteur ou la spécialité n'est pas renseigné"


class nombre_adherents_sous_contrat_individuel(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le contrat individuel n'est pas résilié"


class etp_demandes(Variable):
    value_type = float
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "ETP d'assistants demandés par le groupe"


class nombre_pamsu_docteur_junior(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Médecins adhérents PAMSU accueillant un docteur junior"


class structure_agreee_docteur_junior(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "La structure est agréée terrain de stage ambulatoire pour les docteurs juniors"


class date_accueil_docteur_junior(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'accueil du docteur junior"


class patientele_mt_deja_gagnee(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant déjà gagnés par les contrats individuels antérieurs ; -1 : gain inconnu"


class file_active_deja_gagnee(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients de file active déjà gagnés par les contrats individuels antérieurs ; -1 : gain inconnu"


class plafond_etp(Variable):
    value_type = float
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Plafond d'ETP du groupe, bonus docteur junior compris"
    reference = "Aide collective (exemple publié : 4 médecins dont 2 PAMSU, 5 ETP) ; arbitrage D19"

    def formula(contrat, period):
        """Un plafond par adhérent, plus le bonus par médecin PAMSU ou par adhérent d'une structure agréée."""
        lire = Lecteur(contrat, period)
        collectif = est_collectif(contrat, period)
        adherents = np.maximum(contrat("nombre_adherents", period), 0)
        par_medecin = lire.nombre(
            "aide_collective.plafond_etp_par_medecin", contrat("date_signature", period), quand=collectif
        )
        accueil = contrat("date_accueil_docteur_junior", period)
        pamsu = contrat("nombre_pamsu_docteur_junior", period)
        structure = contrat("structure_agreee_docteur_junior", period)
        demande = collectif & ((pamsu > 0) | structure)
        bonus = lire.nombre("aide_collective.bonus_docteur_junior.par_medecin", accueil, quand=demande)
        cumul = (
            lire.nombre(
                "aide_collective.bonus_docteur_junior.cumul_pamsu_et_structure",
                accueil,
                quand=demande & structure & (pamsu > 0),
            )
            == 1
        )
        de_la_structure = np.where(structure, adherents, 0)
        beneficiaires = np.where(cumul, pamsu + de_la_structure, np.maximum(pamsu, de_la_structure))
        return zero_si_inconnu(par_medecin) * adherents + zero_si_inconnu(bonus) * beneficiaires


class condition_etp_demandes(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "ETP demandés : par pas d'un demi, dans la limite du plafond"
    reference = "Aide collective (ETP au plus égal au nombre de médecins adhérents, bonus en plus) ; arbitrage D19"

    def formula(contrat, period):
        """Par pas entiers, dans la limite du plafond."""
        collectif = est_collectif(contrat, period)
        pas = Lecteur(contrat, period).nombre(
            "aide_collective.pas_etp", contrat("date_signature", period), quand=collectif
        )
        pas = np.maximum(en_millioniemes(np.where(np.isnan(pas), 1.0, pas)), 1)
        etp = en_millioniemes(contrat("etp_demandes", period))
        connu = (etp > 0) & (contrat("nombre_adherents", period) >= 0)
        admis = (etp % pas == 0) & (etp <= en_millioniemes(contrat("plafond_etp", period)))
        return verdict(remplie=connu & admis, non_remplie=connu & ~admis, sans_objet=~collectif)


class condition_forme_juridique(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Forme juridique : SCP, SCM ou SISA"
    reference = "Aide collective (SEL exclue)"

    def formula(contrat, period):
        """Sociétés dont les associés gardent leur activité propre, une fois l'aide collective ouverte."""
        collectif = est_collectif(contrat, period)
        forme = contrat("forme_juridique", period)
        admise, ouverte = Lecteur(contrat, period).appartient(
            "aide_collective.formes_juridiques", contrat("date_signature", period), forme, quand=collectif
        )
        connue = np.asarray(forme) != FormeJuridique.non_renseignee.index
        return verdict(remplie=admise, non_remplie=~ouverte | (connue & ~admise), sans_objet=~collectif)


class condition_adherents(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Chaque adhérent : généraliste hors MEP, secteur 1 ou Optam"
    reference = "Aide collective"

    @source(Certitude.secondaire)
    def formula(contrat, period):
        """Chaque adhérent est jugé sur les conditions d'un médecin ; aucun ne doit être refusé."""
        collectif = est_collectif(contrat, period)
        adherents = contrat("nombre_adherents", period)
        refuses = contrat("nombre_adherents_refuses", period)
        indetermines = contrat("nombre_adherents_indetermines", period)
        Lecteur(contrat, period).pris_en_compte("condition_adherents", collectif)
        return verdict(
            remplie=(adherents > 0) & (refuses == 0) & (indetermines == 0),
            non_remplie=(adherents == 0) | (refuses > 0),
            sans_objet=~collectif,
        )


class condition_cumul(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Pas de contrat individuel et collectif à la fois"
    reference = "Aide collective (contrats individuels à résilier avant l'adhésion)"

    def formula(contrat, period):
        """Aucun adhérent ne garde de contrat individuel."""
        collectif = est_collectif(contrat, period)
        restants = contrat("nombre_adherents_sous_contrat_individuel", period) > 0
        admis = Lecteur(contrat, period).nombre(
            "aide_collective.cumul_individuel_collectif", contrat("date_signature", period), quand=collectif
        )
        return verdict(remplie=~restants | (admis == 1), non_remplie=restants & (admis == 0), sans_objet=~collectif)


class date_rne_la_plus_ancienne(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date la plus ancienne admise pour l'extrait du registre national des entreprises (RNE)"
    reference = "Aide collective (extrait de moins de trois mois)"

    def formula(contrat, period):
        """L'ancienneté admise, comptée à rebours de la signature."""
        collectif = est_collectif(contrat, period)
        signature = contrat("date_signature", period)
        mois = Lecteur(contrat, period).nombre("aide_collective.rne_anciennete_max", signature, quand=collectif)
        return np.where(collectif, ajouter_mois_si_connu(signature, -mois), ABSENTE)
