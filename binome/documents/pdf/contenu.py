"""What the two pages say, in the order they say it: plain texts and rows, which the template only lays out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from binome import francais
from binome.documents import graphiques
from binome.simulation import (
    AIDE_IMPOSABLE,
    INDICATEURS,
    Annee,
    Condition,
    CoutAnnuel,
    CoutOption,
    Objectif,
    Resultat,
    certitude_en_mots,
    phrase_de_la_version,
)
from binome.simulation.mots import ecriture
from binome.simulation.mots.phrases import pour_lecteur
from openfisca_assistants_medicaux.certitude import Certitude

Contenu = dict[str, Any]

#: Width that the charts are drawn for, in pixels.
LARGEUR = 560
SANS_OBJET = "—"

#: Order of conditions: what refuses, what is missing, what is met.
ORDRE = ("non_remplie", "indeterminee", "derogation", "remplie")

#: A word that no line can hold: it may break every so often.
_MOT_LONG = re.compile(r"\S{28}(?=\S)")


def de(resultat: Resultat, adresse: str | None) -> Contenu:
    """The content of the document. Charts are SVG texts with their alternative."""
    refuse = resultat.verdict.eligible == "non"
    titre = resultat.situation.titre
    contenu: Contenu = {
        "titre": titre or "Simulation de l'aide à l'emploi d'un assistant médical",
        "document": f"Aide à l'emploi d'assistants médicaux : {titre or 'simulation'}",
        "sous_titre": _sous_titre(resultat),
        "date": francais.date_longue(resultat.date_appreciation),
        "verdict": _verdict(resultat),
        "groupe": resultat.situation.groupe is not None,
        "saisie": [list(paire) for paire in ecriture.saisie(resultat.situation, resultat.valeurs_par_defaut)],
        "adherents": _adherents(resultat),
        "defauts": [
            ecriture.minuscule(ecriture.supposition(resultat.situation, c)) for c in resultat.valeurs_par_defaut
        ],
        "conditions": _conditions(resultat),
        "sans_objet": sum(c.verdict == "sans_objet" for c in resultat.verdict.conditions),
        "options": None if refuse else _options(resultat),
        "position": _position(resultat),
        "objectifs": [] if refuse else [_objectif(objectif) for objectif in resultat.objectifs],
        "objectif": None if refuse or not resultat.objectifs else _figure("objectif", resultat),
        "annees": _annees(resultat),
        "mensuel": _figure("mensuel", resultat) if resultat.annees and resultat.cout else None,
        "cout": _cout(resultat),
        "echeances": [_echeance(resultat, rang) for rang in range(len(resultat.echeances))],
        "hypotheses": _hypotheses(resultat),
        "certitude": certitude_en_mots(resultat.certitude),
        "version": _version(resultat),
    }
    return {**_typographie(contenu), "adresse": adresse}


def _typographie(element: Any, cle: str = "") -> Any:
    """The same content, its texts as French printers write them; drawings are left as they are."""
    if isinstance(element, dict):
        return {nom: _typographie(valeur, nom) for nom, valeur in element.items()}
    if isinstance(element, list):
        return [_typographie(valeur) for valeur in element]
    if not isinstance(element, str) or cle == "svg":
        return element
    texte = francais.lier(pour_lecteur(element)).replace("'", "’")
    return _MOT_LONG.sub(lambda trouve: f"{trouve.group()}\u200b", texte)


def _sous_titre(resultat: Resultat) -> str:
    situation = resultat.situation
    morceaux = [
        resultat.regime_libelle,
        f"contrat {resultat.dispositif}",
        f"signature le {francais.date_longue(situation.date_signature)}",
    ]
    if situation.contrat is not None and situation.contrat.date_bascule is not None:
        morceaux.append(f"règles nouvelles demandées le {francais.date_longue(situation.contrat.date_bascule)}")
    if situation.groupe is not None:
        etp = francais.valeur(situation.groupe.etp_demandes)
        morceaux.append(f"{francais.pluriel(len(situation.groupe.membres), 'adhérent')}, {etp}{francais.INSECABLE}ETP")
    return " · ".join(morceaux)


def _verdict(resultat: Resultat) -> Contenu:
    verdict = resultat.verdict
    return {
        "etat": verdict.eligible,
        "phrase": verdict.phrase,
        "certitude": certitude_en_mots(verdict.certitude),
        "messages": [*resultat.messages, *(f"{point.arbitrage}. {point.phrase}" for point in resultat.lectures)],
        "pour_changer": [ecriture.majuscule(conseil) for conseil in verdict.pour_changer],
        "titre_changer": "Ce qui changerait le verdict" if verdict.eligible == "non" else "Ce qui reste à renseigner",
    }


def _adherents(resultat: Resultat) -> list[str]:
    groupe = resultat.situation.groupe
    return [] if groupe is None else [ecriture.adherent(m, rang) for rang, m in enumerate(groupe.membres, start=1)]


def _conditions(resultat: Resultat) -> list[Contenu]:
    utiles = [c for c in resultat.verdict.conditions if c.verdict in ORDRE]
    utiles.sort(key=lambda condition: ORDRE.index(condition.verdict))
    return [_condition(condition) for condition in utiles]


def _condition(condition: Condition) -> Contenu:
    return {
        "etat": condition.verdict,
        "libelle": condition.libelle,
        "raison": ecriture.raison_de(condition),
        "reference": condition.reference,
        "certitude": certitude_en_mots(condition.certitude, condition.origine),
    }


def _position(resultat: Resultat) -> str:
    bande = resultat.bande
    if bande is None or resultat.verdict.eligible == "non":
        return ""
    sure = f" Certitude : {certitude_en_mots(bande.certitude, bande.origine)}." if bande.certitude else ""
    return f"{bande.phrase}{sure}"


def _options(resultat: Resultat) -> Contenu | None:
    """The options that may be had, side by side, and why the others may not; the group's own plan when collective."""
    couts = {} if resultat.cout is None else {cout.option: cout for cout in resultat.cout.options}
    if not resultat.options:
        if not resultat.annees:
            return None
        cout = next(iter(couts.values()), None)
        colonne = _colonne(cout.libelle if cout else "Groupe", "", resultat.annees, resultat.objectifs, cout)
        return _comparaison([colonne], [resultat.annees], None, [])
    montrees = [o for o in resultat.options if (o.ouverte != "non" or o.choisie) and o.annees]
    colonnes = [
        _colonne(
            option.libelle, ecriture.OUVERTE[option.ouverte], option.annees, option.objectifs, couts.get(option.option)
        )
        for option in montrees
    ]
    choisie = next((rang for rang, option in enumerate(montrees) if option.choisie), None)
    reserves = ecriture.reserves([o for o in resultat.options if o.ouverte != "oui" or o not in montrees])
    return _comparaison(colonnes, [option.annees for option in montrees], choisie, reserves)


def _comparaison(
    colonnes: list[Contenu], annees: list[tuple[Annee, ...]], choisie: int | None, reserves: list[str]
) -> Contenu:
    lignes = _libelles(annees)
    total = next((rang for rang, libelle in enumerate(lignes) if libelle.startswith("Total")), None)
    return {"choisie": choisie, "colonnes": colonnes, "lignes": lignes, "total": total, "reserves": reserves}


def _libelles(colonnes: list[tuple[Annee, ...]]) -> list[str]:
    """Names of the rows of the comparison; the same order as the cells of `_colonne`."""
    toutes = [annee for annees in colonnes for annee in annees]
    libelles = ["Ouverte"]
    libelles += [f"Aide, année {rangees[0].rang}" for rangees in zip(*colonnes, strict=True)]
    libelles.append("Total de l'aide")
    libelles += ["Objectif patientèle MT", "Objectif file active"]
    premiere, derniere = (toutes[0].rang, toutes[-1].rang) if toutes else (0, 0)
    libelles += [f"Reste à payer par mois, année {rang}" for rang in (premiere, derniere)]
    return libelles


def _colonne(
    libelle: str,
    ouverte: str,
    annees: tuple[Annee, ...],
    objectifs: tuple[Objectif, ...],
    cout: CoutOption | None,
) -> Contenu:
    par_nom = {objectif.indicateur: ecriture.gain(objectif) for objectif in objectifs}
    couts = {} if cout is None else {annee.rang: annee for annee in cout.annees}
    bouts = [couts.get(annee.rang) for annee in (annees[0], annees[-1])]
    cellules = [ouverte, *map(_prevu, annees), _plafond(annees, ecriture.total_de(annees))]
    cellules += [par_nom.get(nom, SANS_OBJET) for nom in INDICATEURS]
    cellules += [SANS_OBJET if annee is None else ecriture.euros_ronds(annee.reste_a_charge_mensuel) for annee in bouts]
    return {"libelle": libelle, "cellules": cellules}


def _prevu(annee: Annee) -> str:
    """The amount planned for a year, which its results may still lower."""
    return _plafond([annee], ecriture.montant_de(annee))


def _plafond(annees: Sequence[Annee], montant: str) -> str:
    """A sum over years, or the most that it can be."""
    return f"au plus {montant}" if ecriture.au_plus(annees) and montant != ecriture.INCONNU else montant


def _objectif(objectif: Objectif) -> Contenu:
    return {
        "libelle": objectif.libelle,
        "base": ecriture.patients(objectif.base),
        "gain": ecriture.gain(objectif),
        "cible": ecriture.cible(objectif),
        "origine": ecriture.origine(objectif),
    }


def _figure(nom: str, resultat: Resultat) -> Contenu:
    svg = graphiques.svg(nom, resultat, LARGEUR)
    tableau = graphiques.tableau(nom, resultat)
    lignes = [
        f"{ligne[0]} : " + ", ".join(f"{c} {v}" for c, v in zip(tableau.colonnes[1:], ligne[1:], strict=False))
        for ligne in tableau.lignes
    ]
    return {
        "svg": svg.decode() if isinstance(svg, bytes) else svg,
        "titre": tableau.titre,
        "alternative": f"{tableau.titre}. {' ; '.join(lignes)}.",
    }


def _annees(resultat: Resultat) -> Contenu | None:
    annees = resultat.annees
    if not annees:
        return None
    choisie = next((option.libelle for option in resultat.options if option.choisie), None)
    return {
        "titre": f"Versements, année par année{f', {choisie}' if choisie else ''}",
        "lignes": [_annee(annee, ecriture.deux_montants(resultat, annee.rang)) for annee in annees],
        "total": ecriture.total_de(annees),
        "au_plus": bool(ecriture.au_plus(annees)),
        "beneficiaire": resultat.beneficiaire.lower(),
        "regles": [f"{rangs} : {regle}" for rangs, regle in ecriture.regles(annees)],
    }


def _annee(annee: Annee, deux: str) -> Contenu:
    return {
        "rang": str(annee.rang),
        "periode": f"{francais.date_courte(annee.debut)} – {francais.date_courte(annee.fin)}",
        "maximum": "\n".join(ecriture.maximum(annee)),
        "verification": ecriture.verification(annee)
        .replace("du\n", "du ")
        .replace("jours\n", "jours ")
        .replace("\n", " · "),
        "prevu": f"{_prevu(annee)}\n{deux}" if deux else _prevu(annee),
        "versements": [
            {
                "date": "date à fixer" if versement.date is None else francais.date_courte(versement.date),
                "montant": francais.euros(versement.montant),
                "libelle": versement.libelle,
            }
            for versement in annee.versements
        ],
        "certitude": SANS_OBJET if annee.certitude is None else certitude_en_mots(annee.certitude, annee.origine),
    }


def _cout(resultat: Resultat) -> Contenu | None:
    """The cost under the option chosen, under each when none is."""
    cout = resultat.cout
    if cout is None or not (cout.options or cout.non_determine):
        return None
    choisie = next((o.option for o in resultat.options if o.choisie), None)
    montrees = [option for option in cout.options if option.option == choisie] or list(cout.options)
    annees = [annee for option in montrees for annee in option.annees]
    connu = [option for option in cout.connu if option.option == choisie] or list(cout.connu)
    return {
        "titre": f"Ce que coûte l'assistant{f', {montrees[0].libelle}' if len(montrees) == 1 else ''}",
        "options": [_cout_d_option(option) for option in montrees],
        "refus": cout.non_determine or "",
        "colonnes": ["Année", *ecriture.COUT_PARTIEL],
        "connu": [
            {"libelle": option.libelle, "lignes": [[str(a.rang), *ecriture.cout_partiel(a)] for a in option.annees]}
            for option in connu
        ],
        "constante": any(annee.legislation_constante for annee in annees),
        "surplus": ecriture.AIDE_DEPASSE if any((annee.reste_a_charge or 0) < 0 for annee in annees) else "",
        "plafond": any(annee.aide_au_plus and annee.reste_a_charge is not None for annee in annees),
        "salaire": "" if cout.salaire is None else _salaire(cout.salaire.brut_mensuel, cout.salaire.raison),
        "hypotheses": [
            [annonce, [f"{ecriture.minuscule(h.libelle)} : {h.valeur_ecrite}" for h in retenues]]
            for annonce, retenues in (
                ("Coût et seuil de rentabilité, valeurs saisies", [h for h in cout.hypotheses if not h.par_defaut]),
                ("Coût et seuil de rentabilité, valeurs par défaut", [h for h in cout.hypotheses if h.par_defaut]),
            )
            if retenues
        ],
        # That the aid is no net money is written under the table, where it matters.
        "notes": [*cout.avertissements, *(note for note in cout.notes if note != AIDE_IMPOSABLE)],
    }


def _cout_d_option(option: CoutOption) -> Contenu:
    borne = any(annee.aide_au_plus for annee in option.annees)
    sommes = (
        ecriture.euros_ronds(option.total_cinq_ans),
        _aide_ecrite(option.aide_cinq_ans, borne=borne),
        ecriture.euros_ronds(option.reste_a_charge_cinq_ans),
    )
    total = ["Total", "", *sommes, "", ""]
    return {"libelle": option.libelle, "lignes": [*(_ligne_de_cout(annee) for annee in option.annees), total]}


def _aide_ecrite(aide: int | None, *, borne: bool) -> str:
    """The aid set against a cost; `borne`: it is a maximum."""
    return f"{'au plus ' if borne and aide is not None else ''}{ecriture.euros_ronds(aide)}"


def _salaire(brut: int, raison: str) -> str:
    return f"Salaire brut d'un temps plein : {francais.euros(brut)} par mois. {raison}"


def _ligne_de_cout(annee: CoutAnnuel) -> list[str]:
    return [
        f"{annee.rang}{' *' if annee.legislation_constante else ''}",
        ecriture.euros_ronds(annee.cout_mensuel),
        ecriture.euros_ronds(annee.total),
        _aide_ecrite(annee.aide, borne=annee.aide_au_plus),
        ecriture.euros_ronds(annee.reste_a_charge),
        ecriture.euros_ronds(annee.reste_a_charge_mensuel),
        ecriture.consultations(annee),
    ]


def _echeance(resultat: Resultat, rang: int) -> Contenu:
    echeance = resultat.echeances[rang]
    return {
        "date": francais.date_courte(echeance.date),
        "libelle": echeance.libelle,
        "passee": echeance.date < resultat.date_appreciation,
        "certitude": certitude_en_mots(echeance.certitude, echeance.origine),
    }


def _hypotheses(resultat: Resultat) -> list[Contenu]:
    """Values of the law that are not an official text, by certainty, the weakest first; then those of the fund."""
    groupes: list[Contenu] = []
    for sure, trouvees in ecriture.par_certitude(resultat.hypotheses):
        phrases = [f"{h.description} : {h.valeur}" for h in trouvees]
        if sure is Certitude.cite:
            phrases = [ecriture.textes_cites(trouvees)]
        groupes.append({"certitude": ecriture.majuscule(sure.en_mots), "phrases": phrases, "suite": len(phrases) == 1})
    if resultat.valeurs_de_la_caisse:
        annonce, phrases = ecriture.d_apres_la_caisse(resultat.valeurs_de_la_caisse)
        groupes.append({"certitude": annonce, "phrases": phrases, "suite": len(phrases) == 1})
    return groupes


def _version(resultat: Resultat) -> str:
    return (
        f"{phrase_de_la_version(resultat.version)} · règles : {resultat.regime_libelle} · "
        f"apprécié au {francais.date_courte(resultat.date_appreciation)}"
    )
