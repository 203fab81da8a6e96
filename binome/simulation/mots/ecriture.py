"""How the parts of a result are written for a reader, on a screen or on paper: amounts, objectives, fields.

Nothing here decides anything: it words what the result holds.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from pydantic import BaseModel

from binome import argent, francais
from binome.simulation.modele import resultat as r
from binome.simulation.modele.cout import AnneePartielle, CoutAnnuel
from binome.simulation.modele.nomenclatures import INDICATEURS, INDICATEURS_COURTS, Modalite, ModeEmploi
from binome.simulation.modele.situation import PARTS, Membre, MontantsNotifies, Situation
from binome.simulation.mots.grandeurs import pour_cent
from openfisca_assistants_medicaux.certitude import D_APRES_LA_CAISSE, Certitude

INCONNU = "non déterminé"

#: What an indicator did, in a word.
STATUTS = {
    "indeterminee": "inconnu",
    "baisse": "en baisse",
    "stable": "stable",
    "maintenu": "sans baisse",
    "atteint": "atteint",
    "sans_objet": "non suivi",
}

OUVERTE = {"oui": "oui", "non": "non", "indeterminee": "à confirmer"}

#: Labels of fields whose description explains more than it names.
LIBELLES_COURTS = {
    **INDICATEURS,
    "date_releve": "Date du relevé",
    "forme_juridique": "Forme juridique",
    "part_honoraires_cliniques": "Part d'honoraires cliniques",
    "date_bascule": "Règles nouvelles demandées",
    "locaux_adaptes": "Locaux adaptés",
    "departement_sous_dote": "Département ouvert à la spécialité",
}

EMPLOYEURS = {
    ModeEmploi.direct: "le médecin ou son cabinet",
    ModeEmploi.groupement_employeurs: "un groupement d'employeurs",
    ModeEmploi.groupement_medecins: "un groupement de médecins",
    ModeEmploi.sisa: "une SISA",
    ModeEmploi.scm: "une SCM",
}


def majuscule(texte: str) -> str:
    """The same text, its first letter a capital."""
    return texte[:1].upper() + texte[1:]


def minuscule(texte: str) -> str:
    """The same text, its first letter small, unless it begins an acronym."""
    return texte if texte[1:2].isupper() else texte[:1].lower() + texte[1:]


def deux_montants(resultat: r.Resultat, rang: int, option: str | None = None) -> str:
    """Both amounts of a contract year, where the readings of open points differ: « 5 250 € ou 10 500 € (D12) ».

    Those of an option; by default, of the one chosen, or of the group.
    """
    option = option or next((o.option for o in resultat.options if o.choisie), None)
    dits = []
    for point in resultat.lectures:
        if point.option != option:
            continue
        lues = [_montant_lu(lecture, rang) for lecture in (point.a, point.b) if lecture is not None]
        if point.ouverte and lues[0] != lues[1]:
            dits.append(f"{' ou '.join(lues)} ({point.arbitrage})")
    return " ; ".join(dits)


def _montant_lu(lecture: r.Lecture, rang: int) -> str:
    montants = [francais.euros(annee.montant) for annee in lecture.annees if annee.rang == rang]
    return montants[0] if montants else "aucune aide"


def liste_de_rangs(rangs: Sequence[int]) -> str:
    """« Année 1 », « Années 3 à 5 », « Années 1 et 4 »."""
    if len(rangs) == 1:
        return f"Année{francais.INSECABLE}{rangs[0]}"
    suite = list(rangs) == list(range(rangs[0], rangs[-1] + 1))
    if suite and len(rangs) > 2:
        return f"Années{francais.INSECABLE}{rangs[0]} à{francais.INSECABLE}{rangs[-1]}"
    return f"Années{francais.INSECABLE}{francais.enumeration([str(rang) for rang in rangs])}"


def raison_de(condition: r.Condition) -> str:
    """Why a condition is so; empty when its mark says it all."""
    raison = condition.raison
    if condition.verdict in {"remplie", "non_remplie"} and raison.startswith("condition"):
        return ""
    # A waiver has the mark of a condition that is met: the word tells them apart.
    return f"dérogation : {raison}" if condition.verdict == "derogation" and "dérogation" not in raison else raison


def phrase_de(condition: r.Condition) -> str:
    """A condition and why it is so, in one sentence."""
    raison = raison_de(condition)
    return f"{condition.libelle}{f' — {raison}' if raison else ''}"


def en_cause(condition: r.Condition) -> str:
    """What a condition of an option waits for, or why it refuses the option."""
    return condition.raison


def reserves(options: Iterable[r.Option], *, detail: bool = False) -> list[str]:
    """Why options are refused, or what they wait for; those that share a reason share a line."""
    par_raison: dict[str, list[str]] = {}
    for option in options:
        attendu = {"non": "non_remplie", "indeterminee": "indeterminee"}.get(option.ouverte, "")
        causes = [c for c in option.conditions if c.verdict == attendu]
        ecrites = [f"{phrase_de(c)} ({c.reference})" if detail else en_cause(c) for c in causes]
        tete = {"non": "non ouverte", "indeterminee": "à confirmer"}.get(option.ouverte, "montants non déterminés")
        par_raison.setdefault(" ; ".join([tete, *ecrites]).replace(" ; ", " — ", 1), []).append(option.libelle)
    return [f"{francais.enumeration(libelles)} : {raison}" for raison, libelles in par_raison.items()]


def au_plus(annees: Iterable[r.Annee]) -> str:
    """« , au plus » when a year of these still depends on results."""
    return ", au plus" if any(annee.evaluee and annee.montant_du is None for annee in annees) else ""


def montant_de(annee: r.Annee) -> str:
    """The amount planned for a year, or those that stay possible."""
    if annee.montant_prevu is not None:
        return francais.euros(annee.montant_prevu)
    return " ou ".join(francais.euros(possible.montant) for possible in annee.montants_possibles) or INCONNU


def total_de(annees: Iterable[r.Annee]) -> str:
    """Sum of the amounts planned; a range when several amounts stay possible."""
    bornes = [_bornes(annee) for annee in annees]
    connues = [borne for borne in bornes if borne is not None]
    if not connues or len(connues) < len(bornes):
        return INCONNU
    bas, haut = sum(b for b, _ in connues), sum(h for _, h in connues)
    ecrit = francais.euros(bas)
    return ecrit if bas == haut else f"{ecrit} à {francais.euros(haut)}"


def _bornes(annee: r.Annee) -> tuple[int, int] | None:
    """Lowest and highest amounts of a year; None when results or days cut amounts that are not firm."""
    if annee.montant_prevu is not None:
        return annee.montant_prevu, annee.montant_prevu
    possibles = [possible.montant for possible in annee.montants_possibles]
    a_evaluer = annee.taux_modulation is None and annee.statut_patientele_mt is annee.statut_file_active is None
    entier = (a_evaluer or annee.taux_modulation == "1") and annee.jours_dus == annee.jours
    return (min(possibles), max(possibles)) if possibles and entier else None


def maximum(annee: r.Annee) -> list[str]:
    """The maximum of a year, or each of those that stay possible, a line each."""
    if annee.montant_maximal is not None:
        return [francais.euros(annee.montant_maximal)]
    montants = [francais.euros(possible.montant) for possible in annee.montants_possibles]
    return [f"{montant} ou" for montant in montants[:-1]] + montants[-1:] or [INCONNU]


def verification(annee: r.Annee) -> str:
    """What is looked at for a year, or what it gave, on a few short lines."""
    lignes = []
    if not annee.evaluee:
        lignes.append("aucune")
    elif annee.statut_patientele_mt is None and annee.statut_file_active is None:
        if annee.releve_evaluation is not None:
            lignes.append(f"relevé du\n{francais.date_courte(annee.releve_evaluation)}")
        else:
            lignes.append("à évaluer")
    else:
        if annee.statut_patientele_mt is not None:
            lignes.append(f"MT : {STATUTS[annee.statut_patientele_mt]}")
        if annee.statut_file_active is not None:
            lignes.append(f"FA : {STATUTS[annee.statut_file_active]}")
        lignes.append("part : " + ("inconnue" if annee.taux_modulation is None else part(annee.taux_modulation)))
        if annee.projection:
            lignes.append("(supposé)")
    if annee.jours_dus != annee.jours:
        lignes.append(f"{annee.jours_dus} jours\nsur {annee.jours}")
    return "\n".join(lignes)


def part(fraction: str) -> str:
    """An exact fraction as a percentage."""
    return pour_cent(float(Fraction(fraction)))


def regles(annees: Iterable[r.Annee]) -> list[tuple[str, str]]:
    """The rule that applied to each year: those that share it share a line."""
    par_regle: dict[str, list[int]] = {}
    for annee in annees:
        par_regle.setdefault(annee.explication, []).append(annee.rang)
        for possible in annee.montants_possibles:
            par_regle.setdefault(f"{francais.euros(possible.montant)} {possible.condition}.", []).append(annee.rang)
    return [(liste_de_rangs(rangs), minuscule(regle)) for regle, rangs in par_regle.items()]


def court(objectif: r.Objectif) -> str:
    """The short name of an indicator."""
    return INDICATEURS_COURTS[objectif.indicateur]


def gain(objectif: r.Objectif) -> str:
    """Patients to gain: « +260 », « maintien », « +277 au plus »."""
    if objectif.gain == 0:
        return "maintien"
    if objectif.gain is not None:
        return f"+{francais.nombre(objectif.gain)}"
    if objectif.gain_au_plus is not None:
        return f"+{francais.nombre(objectif.gain_au_plus)} au plus"
    return INCONNU


def cible(objectif: r.Objectif) -> str:
    """The number of patients to reach."""
    if objectif.cible is not None:
        return francais.nombre(objectif.cible)
    if objectif.gain_au_plus is not None and objectif.base is not None:
        return f"{francais.nombre(objectif.base + objectif.gain_au_plus)} au plus"
    return INCONNU


def origine(objectif: r.Objectif) -> str:
    """Where an objective comes from."""
    if objectif.notifie:
        return "notifié par la caisse"
    if objectif.certitude is None:
        return "à demander à la CPAM"
    sure = Certitude[objectif.certitude]
    return f"{sure.en_mots}{D_APRES_LA_CAISSE if objectif.origine and sure.officielle else ''}"


def d_apres_la_caisse(valeurs: Sequence[r.Hypothese]) -> tuple[str, list[str]]:
    """The operator's values that a result used: their certainty in words, and a phrase for each."""
    annonce = f"{majuscule(Certitude.texte.en_mots)}{D_APRES_LA_CAISSE}"
    return annonce, [f"{v.description} : {v.valeur}" for v in valeurs]


def par_certitude(hypotheses: Sequence[r.Hypothese]) -> Iterator[tuple[Certitude, list[r.Hypothese]]]:
    """The law's values that are no official text read, by certainty, the weakest first; none is left empty."""
    for sure in sorted(Certitude):
        trouvees = [h for h in hypotheses if h.certitude == sure.name]
        if trouvees:
            yield sure, trouvees


def textes_cites(hypotheses: Iterable[r.Hypothese]) -> str:
    """The official texts that values are quoted from, the most quoted first."""
    comptes = Counter(h.references[0].titre.partition(" (")[0] for h in hypotheses if h.references)
    return " ; ".join(titre for titre, _ in comptes.most_common())


def patients(nombre: int | None) -> str:
    """A number of patients, or « non déterminé »."""
    return INCONNU if nombre is None else francais.nombre(nombre)


def euros_ronds(montant: int | None) -> str:
    """An amount of a cost in cents, to the euro: an estimate has no cents."""
    return francais.euros(None if montant is None else round(montant, -2))


#: What an aid larger than the cost is, and is not.
AIDE_DEPASSE = "l'aide dépasse le coût, avant l'impôt et les cotisations dus sur elle"
#: Columns of what is known of a cost that is not determined.
COUT_PARTIEL = (
    "Salaires bruts",
    "Cotisations avant réduction",
    "Taxe sur les salaires",
    "La même, avant franchise",
    "Coût, au plus",
    "Aide",
)


def cout_partiel(annee: AnneePartielle) -> tuple[str, ...]:
    """The cells of those columns for a contract year."""
    return (
        euros_ronds(annee.brut),
        euros_ronds(annee.cotisations),
        euros_ronds(annee.taxe_salaires),
        euros_ronds(annee.taxe_salaires_avant_franchise),
        euros_ronds(annee.total_au_plus),
        f"{'au plus ' if annee.aide_au_plus and annee.aide is not None else ''}{euros_ronds(annee.aide)}",
    )


def consultations(annee: CoutAnnuel) -> str:
    """Additional consultations per day that cover what the aid leaves."""
    if annee.reste_a_charge is None:
        return INCONNU
    return "aucune" if annee.consultations_par_jour is None else str(annee.consultations_par_jour).replace(".", ",")


def supposition(situation: Situation, champ: str) -> str:
    """A field left out, by its path, and the value that it took, as a reader knows them."""
    partie, _, nom = champ.partition(".")
    modele = getattr(situation, partie)
    libelle = (type(modele).model_fields[nom].description or nom).replace(" (taux)", "")
    return f"{libelle} : {minuscule(_en_mots(modele, nom))}"


def saisie(situation: Situation, sauf: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What was entered, but the fields named in `sauf`: the label of each field and its value in words.

    The title and the doctors of a group are left to the caller; the assumptions of the cost are in `Cout.hypotheses`.
    """
    omis = set(sauf)
    for partie in ("medecin", "patientele", "contrat", "groupe", "assistant"):
        modele = getattr(situation, partie)
        if modele is not None:
            yield from _champs(modele, {champ.removeprefix(f"{partie}.") for champ in omis})
    if situation.employeur is not None:
        yield "Employeur", EMPLOYEURS[situation.employeur.mode]
    for nom in INDICATEURS:
        notifie = getattr(situation.objectifs_notifies, nom)
        if notifie is not None:
            libelle = "Objectif notifié, patientèle MT" if nom == "patientele_mt" else "Objectif notifié, file active"
            yield libelle, _objectif_notifie(notifie.cible, notifie.gain)
    for nom, champ in MontantsNotifies.model_fields.items():
        montant = getattr(situation.montants_notifies, nom)
        if montant is not None:
            yield champ.description or nom, francais.euros(argent.en_centimes(montant))
    for annonce, lignes in (("Résultat", situation.resultats), ("Résultat supposé", situation.projections)):
        for ligne in lignes:
            constates = ((court, getattr(ligne, indicateur)) for indicateur, court in INDICATEURS_COURTS.items())
            dits = [f"{nom} {francais.nombre(nombre)}" for nom, nombre in constates if nombre is not None]
            yield f"{annonce}, année{francais.INSECABLE}{ligne.annee}", ", ".join(dits)


def adherent(membre: Membre, rang: int) -> str:
    """A doctor of a group, the patients that he brings, and his dates when they are told."""
    active = "" if membre.file_active is None else f", file active {francais.nombre(membre.file_active)}"
    dates = "".join(
        f", {evenement} le {francais.date_courte(jour)}"
        for evenement, jour in (("installation", membre.date_installation), ("adhésion", membre.date_adhesion))
        if jour is not None
    )
    return f"{membre.nom or f'Médecin {rang}'} : MT {francais.nombre(membre.patientele_mt)}{active}{dates}"


def _champs(modele: BaseModel, omis: set[str]) -> Iterator[tuple[str, str]]:
    for nom, champ in type(modele).model_fields.items():
        if isinstance(getattr(modele, nom), BaseModel):
            yield from _champs(getattr(modele, nom), omis)
        elif nom not in omis and nom != "membres" and getattr(modele, nom) is not None:
            libelle = LIBELLES_COURTS.get(nom) or re.split(r" \(| : |, ", champ.description or nom)[0]
            yield libelle, majuscule(_en_mots(modele, nom))


def _en_mots(modele: BaseModel, nom: str) -> str:
    valeur = getattr(modele, nom)
    if isinstance(valeur, Modalite):
        return valeur.libelle
    if isinstance(valeur, datetime.date):
        return francais.date_longue(valeur)
    if nom in PARTS:
        return pour_cent(valeur)
    return francais.valeur(valeur)


def _objectif_notifie(cible: int | None, gain: int | None) -> str:
    """The objective as notified."""
    if cible is not None:
        return f"Atteindre {francais.pluriel(cible, 'patient')}"
    return f"Gagner {francais.pluriel(gain or 0, 'patient')}"
