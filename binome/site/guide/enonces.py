"""Statements of the law that no rule computes: how sure each is, and where it was read.

They are the guide's own data. A parameter of the law package is read by a rule (a test checks it); the list of an
assistant's missions, or the right to share one, is read by none. What a statement says is in the page; here is what
it rests on. No figure of the law is here.
"""

from __future__ import annotations

from dataclasses import dataclass

from binome.simulation import Reference

AVENANT_7 = Reference(
    titre="Avenant 7 à la convention médicale de 2016 (arrêté du 14 août 2019), art. 9-1 à 9-5-2-2 et annexe 34"
)
REGLEMENT_ARBITRAL = Reference(titre="Règlement arbitral (arrêté du 28 avril 2023), article non lu")
ARRETE_2019 = Reference(titre="Arrêté du 7 novembre 2019 relatif à l'exercice de l'activité d'assistant médical")
BROCHURE = Reference(
    titre="Lu dans : brochure CNAM « Un nouvel atout pour votre cabinet : l'assistant médical » (2019)"
)
AMELI_MODALITES = Reference(
    titre="Lu dans : ameli.fr, modalités générales du dispositif",
    lien="https://www.ameli.fr/exercice-coordonne/exercice-professionnel/organisations-d-exercice-coordonne/"
    "aide-l-emploi-d-assistants-medicaux-dans-les-cabinets/"
    "modalites-generales-du-dispositif-d-aide-l-emploi-d-un-assistant-medical",
)
AMELI_QUESTIONS = Reference(
    titre="Lu dans : ameli.fr, questions et réponses sur l'emploi d'un assistant médical",
    lien="https://www.ameli.fr/exercice-coordonne/exercice-professionnel/organisations-d-exercice-coordonne/"
    "aide-l-emploi-d-assistants-medicaux-dans-les-cabinets/questions-reponses-emploi-assistant-medical",
)
AMELI_EMBAUCHE = Reference(
    titre="Lu dans : ameli.fr, aide à l'embauche d'assistants médicaux (exercice coordonné)",
    lien="https://www.ameli.fr/exercice-coordonne/exercice-professionnel/organisation-d-exercice-coordonne/"
    "aide-embauche-assistants-medicaux",
)
URPS = Reference(titre="Lu dans : URPS Médecins, fiche « Médecin libéral et assistant médical » (début 2024)")
QUESTIONS_URPS = Reference(
    titre="Lu dans : assistants-medicaux.org (URPS et caisses des Pays de la Loire), foire aux questions"
)
PRESSE_2024 = Reference(titre="Lu dans : brève de presse « 6 000 contrats d'assistants médicaux » (janvier 2024)")
CONCOURS_PLURIPRO = Reference(
    titre="Lu dans : Concours pluripro, entretien avec M. Cazeneuve, de la Cnam (2023)",
    lien="https://www.concourspluripro.fr/exercice-pluriprofessionnel/metiers/"
    "salaries-de-la-structure-exercice-coordonne-non-obligatoire",
)
MESDOCS = Reference(
    titre="Lu dans : Mesdocs (groupement d'employeurs), pages de son site (2026)",
    lien="https://github.com/davidsarfati0804/assistantsmedicauxwix",
)
PETITES_LIGNES = Reference(
    titre="Lu dans : FMF, « Assistants médicaux : il faut bien lire les petites lignes »",
    lien="https://www.fmfpro.org/assistants-medicaux-il-faut-bien-lire-les-petites-lignes/",
)
FORMATION_ACOORDE = Reference(
    titre="Lu dans : acoorde.fr, « Formation et certification des assistants médicaux »",
    lien="https://www.acoorde.fr/documents/formation-et-certification-des-assistants-medicaux/",
)
CODE_SANTE = Reference(titre="Code de la santé publique, art. L.4161-1 (exercice illégal de la médecine)")
COLLECTIVE = Reference(
    titre="Aide collective à l'emploi d'assistants médicaux (validée en commission paritaire nationale), texte non lu"
)


@dataclass(frozen=True)
class Enonce:
    """What a statement rests on; its certainty is one of the law package's words."""

    certitude: str
    references: tuple[Reference, ...]


ENONCES = {
    "missions": Enonce("texte", (AVENANT_7, BROCHURE, AMELI_EMBAUCHE)),
    "liberte_des_missions": Enonce("texte", (AMELI_MODALITES, BROCHURE, URPS)),
    "facturation": Enonce("secondaire", (AMELI_EMBAUCHE,)),
    "pas_un_soignant": Enonce("texte", (CODE_SANTE, AMELI_EMBAUCHE)),
    "emploi_supplementaire": Enonce("cite", (AVENANT_7, PETITES_LIGNES)),
    "fae_des_soignants": Enonce("cite", (ARRETE_2019, FORMATION_ACOORDE)),
    "vae": Enonce("cite", (AVENANT_7, FORMATION_ACOORDE)),
    "opco": Enonce("secondaire", (URPS,)),
    "bac_ou_experience": Enonce("secondaire", (REGLEMENT_ARBITRAL, URPS)),
    "tese": Enonce("texte", (AMELI_QUESTIONS, PRESSE_2024)),
    "employeurs_possibles": Enonce("texte", (AVENANT_7, BROCHURE)),
    "groupement": Enonce("secondaire", (URPS, PRESSE_2024)),
    "groupement_de_sisa": Enonce("texte", (AMELI_QUESTIONS,)),
    "fiscalite_des_societes": Enonce("secondaire", (URPS,)),
    "contrats_distincts": Enonce("secondaire", (URPS, MESDOCS)),
    "depart_d_un_confrere": Enonce("secondaire", (MESDOCS,)),
    "cdd": Enonce("secondaire", (QUESTIONS_URPS,)),
    "secretaire": Enonce("secondaire", (REGLEMENT_ARBITRAL, URPS)),
    "telesecretariat": Enonce("secondaire", (PETITES_LIGNES,)),
    "collective": Enonce("secondaire", (COLLECTIVE, MESDOCS)),
    "ccn": Enonce("secondaire", (COLLECTIVE, MESDOCS)),
    "changement_d_assistant": Enonce("secondaire", (QUESTIONS_URPS,)),
    "absence_a_signaler": Enonce("texte", (AMELI_QUESTIONS, QUESTIONS_URPS)),
    "avenant_facteurs_externes": Enonce("secondaire", (URPS,)),
    "enfants_et_ehpad": Enonce("secondaire", (URPS,)),
    "delegue": Enonce("secondaire", (URPS,)),
    "un_objectif_suffit": Enonce("cite", (REGLEMENT_ARBITRAL, CONCOURS_PLURIPRO, URPS)),
    "baisse": Enonce("secondaire", (URPS,)),
}
