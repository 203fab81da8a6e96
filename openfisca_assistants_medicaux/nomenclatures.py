"""Closed lists of the domain: what an input or an answer may be.

Member names are the words used in data (ASCII, without accents); values are what a French reader sees.
The first member of an input list means « not told » wherever a guess would change an answer. The few lists that
start with an ordinary case (installed doctor, no telework, individual contract) say so by their first member.
"""

import datetime
from typing import Any

from openfisca_core.indexed_enums import Enum

#: « Not told » or « not known » for integers (patients, cents, counts). Never a quantity.
NON_DETERMINE = -1

#: « Not told » or « does not apply » for dates: no date of the scheme comes near it.
DATE_ABSENTE = "0001-01-01"
#: The same, as the default value of a variable.
SANS_DATE = datetime.date.fromisoformat(DATE_ABSENTE)


class Reponse(Enum):
    """A three-valued answer: an unknown is neither a yes nor a no."""

    indeterminee = "Indéterminé"
    non = "Non"
    oui = "Oui"


class Condition(Enum):
    """The verdict on one condition of eligibility."""

    indeterminee = "Indéterminée"
    non_remplie = "Non remplie"
    remplie = "Remplie"
    derogation = "Dérogation"
    sans_objet = "Sans objet"


class Dispositif(Enum):
    """Individual contract of one doctor, or collective contract of a society (2026)."""

    individuel = "Contrat individuel"
    collectif = "Aide collective"


class Regime(Enum):
    """The successive rule sets; `aucun` before the scheme existed."""

    aucun = "Aucun régime"
    AV7 = "Avenant 7 (2019)"
    AV8 = "Avenant 8 (2020)"
    RA = "Règlement arbitral (2023)"
    CM24 = "Convention médicale 2024"
    COLL = "Aide collective (2026)"


class Option(Enum):
    """Share of a full-time assistant that the aid finances."""

    aucune = "Aucune"
    tiers_etp = "1/3 ETP"
    demi_etp = "1/2 ETP"
    un_etp = "1 ETP"
    un_etp_et_demi = "1,5 ETP"
    deux_etp = "2 ETP"


#: A full-time post: what the posts that a group asks for are counted in.
TEMPS_PLEIN: Any = Option.un_etp


class Indicateur(Enum):
    """What the objectives of a contract follow, in the order of the statements."""

    patientele_mt = "Patientèle médecin traitant"
    file_active = "File active"


#: Names of the indicators.
INDICATEURS = tuple(indicateur.name for indicateur in Indicateur)


class Bande(Enum):
    """Where a doctor stands in the national distribution; lower bounds are inclusive."""

    non_determinee = "Non déterminée"
    moins_de_p30 = "Moins de P30"
    p30_p50 = "P30 à P50"
    p50_p70 = "P50 à P70"
    p70_p90 = "P70 à P90"
    p90_p95 = "P90 à P95"
    p95_plus = "P95 et plus"


class Secteur(Enum):
    """Conventional sector."""

    non_renseigne = "Non renseigné"
    secteur_1 = "Secteur 1"
    secteur_1_dp = "Secteur 1 avec droit permanent à dépassement"
    secteur_2_optam = "Secteur 2 Optam"
    secteur_2_optam_co = "Secteur 2 Optam-CO"
    secteur_2_optam_aco = "Secteur 2 Optam-ACO"
    secteur_2 = "Secteur 2 sans Optam"
    non_conventionne = "Non conventionné (secteur 3)"


class StatutExercice(Enum):
    """How the doctor practises."""

    installe = "Médecin libéral installé"
    collaborateur = "Médecin collaborateur libéral"
    remplacant = "Médecin remplaçant"
    centre_de_sante = "Médecin salarié d'un centre de santé"


class Zone(Enum):
    """ARS zoning of the main practice: the two under-served zones, then what the orders call the rest.

    The last three are outside an under-served zone too; each keeps the name that its order gives it (arbitrage D28).
    """

    non_renseignee = "Non renseignée"
    zip = "Zone d'intervention prioritaire (ZIP)"
    zac = "Zone d'action complémentaire (ZAC)"
    hors_zone = "Hors zone sous-dense"
    zone_de_vigilance = "Zone de vigilance (ZV)"
    hors_classement = "Hors classement (HC)"
    hors_zonage = "Hors zonage (HZ)"


class Teletravail(Enum):
    """Telework of the assistant."""

    aucun = "Aucun"
    partiel = "Partiel"
    total = "Total"


class RemplacementSecretaire(Enum):
    """How the secretary who became an assistant is replaced."""

    non_renseigne = "Non renseigné"
    aucun = "Aucun remplacement"
    salarie = "Secrétaire salarié"
    telesecretariat = "Secrétariat à distance"


class ProfilAssistant(Enum):
    """Qualification of the assistant at hire."""

    non_renseigne = "Non renseigné"
    cqp_am = "CQP assistant médical"
    dei = "Diplôme d'État d'infirmier"
    deas = "Diplôme d'État d'aide-soignant"
    deap = "Diplôme d'État d'auxiliaire de puériculture"
    autre = "Autre profil, sans CQP"


class FormeJuridique(Enum):
    """Legal form of a group of doctors."""

    non_renseignee = "Non renseignée"
    SCP = "Société civile professionnelle"
    SCM = "Société civile de moyens"
    SISA = "Société interprofessionnelle de soins ambulatoires"
    SEL = "Société d'exercice libéral"
    autre = "Autre forme"


class Beneficiaire(Enum):
    """Who receives the money."""

    medecin = "Médecin"
    societe_signataire = "Société signataire"


class StatutIndicateur(Enum):
    """An indicator of year 3 and later against the base and the target."""

    indeterminee = "Indéterminé"
    baisse = "Baisse"
    stable = "Stable (objectif non atteint, sans baisse)"
    maintenu = "Sans baisse, objectif non déterminé"
    atteint = "Objectif atteint"
    sans_objet = "Indicateur non suivi"


class RegleAnnuite(Enum):
    """What made the part paid of a contract year, or what is missing to tell it."""

    indeterminee = "Part non déterminée par les textes lus"
    sans_verification = "Aucun résultat vérifié"
    objectifs_suspendus = "Objectifs suspendus avec le contrat"
    avant_bascule = "Année ouverte avant le passage aux règles nouvelles"
    a_evaluer = "Résultat attendu"
    objectif_inconnu = "Objectif non déterminé"
    resultat_manquant = "Un résultat manque"
    bande_inconnue = "Position face au P95 non déterminée"
    entiere = "Aide entière"
    partielle = "Part de l'aide, lue dans la table des résultats"
    au_prorata = "Prorata du meilleur taux d'atteinte"
    nulle = "Aucune aide"
    fixe = "Montant fixe à partir du P95"
    decidee = "Part décidée par la caisse"


class LectureTranchee(Enum):
    """The reading of a point that the texts read leave open; each point says what its two readings are."""

    non_tranchee = "Non tranchée"
    a = "Lecture a"
    b = "Lecture b"


class SuiteAbsence(Enum):
    """What an absence of the assistant calls for."""

    sans_objet = "Aucune absence"
    aucune_action = "Aucune action"
    a_signaler = "À signaler à la CPAM"
    suspension = "Suspension du contrat"


class Territoire(Enum):
    """Where the practice is, as far as the employment of the assistant depends on it."""

    metropole = "France métropolitaine"
    guadeloupe = "Guadeloupe"
    guyane = "Guyane"
    martinique = "Martinique"
    mayotte = "Mayotte"
    reunion = "La Réunion"
    saint_barthelemy = "Saint-Barthélemy"
    saint_martin = "Saint-Martin"
    saint_pierre_et_miquelon = "Saint-Pierre-et-Miquelon"


#: Codes of the overseas départements and collectivités where the scheme applies.
CODES_OUTRE_MER = {
    "971": "guadeloupe",
    "972": "martinique",
    "973": "guyane",
    "974": "reunion",
    "975": "saint_pierre_et_miquelon",
    "976": "mayotte",
    "977": "saint_barthelemy",
    "978": "saint_martin",
}
#: Codes of the départements of metropolitan France.
CODES_METROPOLE = frozenset({f"{code:02d}" for code in range(1, 96) if code != 20} | {"2A", "2B"})


class ContratDeTravail(Enum):
    """The employment contract of the assistant."""

    cdi = "CDI"
    cdd = "CDD"


class Specialite(Enum):
    """Medical specialties of the SNDS nomenclature (IR_SPE_V); the three GP codes are one specialty."""

    non_renseignee = "Non renseignée"
    medecine_generale = "Médecine générale"
    anesthesie_reanimation = "Anesthésiologie - réanimation chirurgicale"
    cardiologie_vasculaire = "Pathologie cardio-vasculaire"
    chirurgie_generale = "Chirurgie générale"
    dermatologie = "Dermatologie et vénérologie"
    radiologie = "Radiodiagnostic et imagerie médicale"
    gynecologie_obstetrique = "Gynécologie obstétrique"
    gastro_enterologie = "Gastro-entérologie et hépatologie"
    medecine_interne = "Médecine interne"
    neurochirurgie = "Neurochirurgie"
    orl = "Oto-rhino-laryngologie"
    pediatrie = "Pédiatrie"
    pneumologie = "Pneumologie"
    rhumatologie = "Rhumatologie"
    ophtalmologie = "Ophtalmologie"
    chirurgie_urologique = "Chirurgie urologique"
    neuropsychiatrie = "Neuropsychiatrie"
    stomatologie = "Stomatologie"
    reanimation_medicale = "Réanimation médicale"
    medecine_physique = "Médecine physique et de réadaptation"
    neurologie = "Neurologie"
    psychiatrie = "Psychiatrie générale"
    geriatrie = "Gériatrie"
    nephrologie = "Néphrologie"
    anatomie_cytologie_pathologiques = "Anatomie et cytologie pathologiques"
    biologie_medicale = "Directeur de laboratoire, médecin"
    chirurgie_orthopedique = "Chirurgie orthopédique et traumatologie"
    endocrinologie = "Endocrinologie et métabolismes"
    chirurgie_infantile = "Chirurgie infantile"
    chirurgie_maxillo_faciale = "Chirurgie maxillo-faciale"
    chirurgie_maxillo_faciale_stomatologie = "Chirurgie maxillo-faciale et stomatologie"
    chirurgie_plastique = "Chirurgie plastique, reconstructrice et esthétique"
    chirurgie_thoracique_cardiovasculaire = "Chirurgie thoracique et cardio-vasculaire"
    chirurgie_vasculaire = "Chirurgie vasculaire"
    chirurgie_viscerale_digestive = "Chirurgie viscérale et digestive"
    chirurgie_orale = "Chirurgie orale"
    gynecologie_medicale = "Gynécologie médicale"
    hematologie = "Hématologie"
    medecine_nucleaire = "Médecine nucléaire"
    oncologie_medicale = "Oncologie médicale"
    oncologie_radiotherapique = "Oncologie radiothérapique"
    psychiatrie_enfant_adolescent = "Psychiatrie de l'enfant et de l'adolescent"
    radiotherapie = "Radiothérapie"
    obstetrique = "Obstétrique"
    genetique_medicale = "Génétique médicale"
    gynecologie_obstetrique_et_medicale = "Gynécologie obstétrique et gynécologie médicale"
    sante_publique = "Santé publique et médecine sociale"
    maladies_infectieuses = "Maladies infectieuses et tropicales"
    medecine_legale = "Médecine légale et expertises médicales"
    medecine_urgence = "Médecine d'urgence"
    medecine_vasculaire = "Médecine vasculaire"
    allergologie = "Allergologie"


#: SNDS code (IR_SPE_V, 2020-12-15) -> specialty. Dentists (36) and technical codes (0, 99) are left out on purpose.
CODES_SNDS = {
    1: "medecine_generale",
    2: "anesthesie_reanimation",
    3: "cardiologie_vasculaire",
    4: "chirurgie_generale",
    5: "dermatologie",
    6: "radiologie",
    7: "gynecologie_obstetrique",
    8: "gastro_enterologie",
    9: "medecine_interne",
    10: "neurochirurgie",
    11: "orl",
    12: "pediatrie",
    13: "pneumologie",
    14: "rhumatologie",
    15: "ophtalmologie",
    16: "chirurgie_urologique",
    17: "neuropsychiatrie",
    18: "stomatologie",
    20: "reanimation_medicale",
    22: "medecine_generale",
    23: "medecine_generale",
    31: "medecine_physique",
    32: "neurologie",
    33: "psychiatrie",
    34: "geriatrie",
    35: "nephrologie",
    37: "anatomie_cytologie_pathologiques",
    38: "biologie_medicale",
    41: "chirurgie_orthopedique",
    42: "endocrinologie",
    43: "chirurgie_infantile",
    44: "chirurgie_maxillo_faciale",
    45: "chirurgie_maxillo_faciale_stomatologie",
    46: "chirurgie_plastique",
    47: "chirurgie_thoracique_cardiovasculaire",
    48: "chirurgie_vasculaire",
    49: "chirurgie_viscerale_digestive",
    69: "chirurgie_orale",
    70: "gynecologie_medicale",
    71: "hematologie",
    72: "medecine_nucleaire",
    73: "oncologie_medicale",
    74: "oncologie_radiotherapique",
    75: "psychiatrie_enfant_adolescent",
    76: "radiotherapie",
    77: "obstetrique",
    78: "genetique_medicale",
    79: "gynecologie_obstetrique_et_medicale",
    80: "sante_publique",
    81: "maladies_infectieuses",
    82: "medecine_legale",
    83: "medecine_urgence",
    84: "medecine_vasculaire",
    85: "allergologie",
}
