"""`binome simuler`: the whole answer to one situation."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from binome.cli.arguments import DateAppreciation, Detail, Distributions, Fichier, Json, Option

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import Console

    from binome.simulation import resultat as r
    from binome.simulation.simuler import Simulation
    from binome.simulation.situation import Situation


def simuler(
    fichier: Fichier,
    date: DateAppreciation = None,
    option: Option = None,
    distributions: Distributions = None,
    detail: Detail = False,
    json: Json = False,
) -> None:
    """Simule une situation : éligibilité, montants, objectifs, échéances, et leurs raisons."""
    resultat = preparer(fichier, date, option, distributions).resultat()
    if json:
        sys.stdout.write(resultat.model_dump_json(indent=2) + "\n")
        return
    from binome.cli import affichage

    montrer(affichage.console(), resultat, fichier, detail=detail)


def preparer(fichier: str, date: str | None, option: str | None, distributions: list[str] | None) -> Simulation:
    """Read a situation and run it."""
    from binome.cli.fichiers import distributions_lues, lire_date, lire_situation

    jour = None if date is None else lire_date(date, "--date")
    ajoutees = distributions_lues(distributions or ())
    situation = lire_situation(fichier, option)
    from binome.simulation.simuler import Simulation

    return Simulation(situation, jour, ajoutees)


def montrer(sortie: Console, resultat: r.Resultat, fichier: str, *, detail: bool) -> None:
    """Write a result for people."""
    _entete(sortie, resultat)
    _verdict(sortie, resultat, detail=detail)
    refuse = resultat.verdict.eligible == "non"
    if resultat.bande is not None and not refuse:
        _position(sortie, resultat)
    if not refuse:
        _options(sortie, resultat, detail=detail)
        _annees(sortie, resultat)
        _objectifs(sortie, resultat)
    _cout(sortie, resultat, detail=detail)
    _echeances(sortie, resultat, detail=detail)
    _hypotheses(sortie, resultat, detail=detail)
    _defauts(sortie, resultat, detail=detail)
    _pied(sortie, resultat, fichier)


def _entete(sortie: Console, resultat: r.Resultat) -> None:
    from binome.cli.affichage import Paragraphe, dire
    from binome.simulation import francais

    situation = resultat.situation
    sortie.print(Paragraphe(situation.titre or "Simulation", "bold"))
    signature = francais.date_longue(situation.date_signature)
    morceaux = [resultat.regime_libelle, f"contrat {resultat.dispositif}", f"signature le {signature}"]
    if situation.contrat is not None and situation.contrat.date_bascule is not None:
        bascule = francais.date_longue(situation.contrat.date_bascule)
        morceaux.append(f"passage aux règles nouvelles demandé le {bascule}")
    if situation.groupe is not None:
        etp = francais.valeur(situation.groupe.etp_demandes)
        morceaux.append(f"{francais.pluriel(len(situation.groupe.membres), 'adhérent')}, {etp}{francais.INSECABLE}ETP")
    dire(sortie, " · ".join(morceaux), "dim", retrait=0)
    dire(sortie, f"Apprécié au {francais.date_longue(resultat.date_appreciation)}", "dim", retrait=0)
    for message in resultat.messages:
        dire(sortie, f"! {message}", "yellow", retrait=0)


def _verdict(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    from binome.cli.affichage import REPONSES, Paragraphe, conditions, dire, puces, titre
    from binome.simulation import francais

    verdict = resultat.verdict
    marque, style = REPONSES[verdict.eligible]
    sortie.print()
    sortie.print(Paragraphe(f"{marque} {verdict.phrase}", style))
    cachees = [] if detail else [c for c in verdict.conditions if c.verdict == "sans_objet"]
    conditions(sortie, [c for c in verdict.conditions if c not in cachees], detail=detail)
    if cachees:
        compte = francais.pluriel(len(cachees), "condition")
        dire(sortie, f"– {compte} sans objet sous ces règles (--detail les montre).", "dim")
    if verdict.pour_changer:
        titre(sortie, "Ce qui changerait le verdict" if verdict.eligible == "non" else "Ce qui reste à renseigner")
        puces(sortie, verdict.pour_changer)


def _position(sortie: Console, resultat: r.Resultat) -> None:
    from binome.cli.affichage import certitude, dire, titre

    assert resultat.bande is not None  # noqa: S101 - asked only then
    titre(sortie, "Position nationale")
    sure = resultat.bande.certitude
    dire(sortie, resultat.bande.phrase + (f" Certitude : {certitude(sure)}." if sure else ""))


def _options(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    """The options that may be had, side by side, and why the others may not."""
    from binome.cli.affichage import INCONNU, tableau, titre

    if not resultat.options:
        return
    titre(sortie, "Options côte à côte")
    possibles = [o for o in resultat.options if any(montant_de(annee) != INCONNU for annee in o.annees)]
    if possibles:
        choisie = next((rang + 1 for rang, option in enumerate(possibles) if option.choisie), None)
        entetes = ["", *(f"{option.libelle}{' (choisie)' if option.choisie else ''}" for option in possibles)]
        lignes = [["Ouverte", *({"oui": "oui", "non": "non"}.get(o.ouverte, "à confirmer") for o in possibles)]]
        for rangees in zip(*(option.annees for option in possibles), strict=True):
            libelle = f"Année {rangees[0].rang}{_au_plus(rangees)}"
            lignes.append([libelle, *(montant_de(annee) for annee in rangees)])
        lignes.append(
            [
                f"Total{_au_plus(a for o in possibles for a in o.annees)}",
                *(total_de(option.annees) for option in possibles),
            ]
        )
        for rang, objectif in enumerate(possibles[0].objectifs):
            lignes.append([f"Objectif {_court(objectif)}", *(_gain(option.objectifs[rang]) for option in possibles)])
        tableau(sortie, entetes, lignes, droite=range(1, len(entetes)), gras=choisie)
    _reserves(sortie, [o for o in resultat.options if o.ouverte != "oui" or o not in possibles], detail=detail)


def _au_plus(annees: Iterable[r.Annee]) -> str:
    return ", au plus" if any(annee.evaluee and annee.montant_du is None for annee in annees) else ""


def _reserves(sortie: Console, options: Iterable[r.Option], *, detail: bool) -> None:
    """Why options are refused, or what they wait for; those that share a reason share a line."""
    from binome.cli.affichage import phrase_de, puces
    from binome.simulation import francais

    par_raison: dict[str, list[str]] = {}
    for option in options:
        attendu = {"non": "non_remplie", "indeterminee": "indeterminee"}.get(option.ouverte, "")
        causes = [c for c in option.conditions if c.verdict == attendu]
        ecrites = [f"{phrase_de(c)} ({c.reference})" if detail else _en_cause(c) for c in causes]
        tete = {"non": "non ouverte", "indeterminee": "à confirmer"}.get(option.ouverte, "montants non déterminés")
        par_raison.setdefault(" ; ".join([tete, *ecrites]).replace(" ; ", " — ", 1), []).append(option.libelle)
    lignes = [f"{francais.enumeration(libelles)} : {raison}" for raison, libelles in par_raison.items()]
    puces(sortie, lignes, "", "–")


def _en_cause(condition: r.Condition) -> str:
    from binome.cli.affichage import minuscule

    if condition.verdict == "indeterminee":
        return condition.raison
    if condition.nom == "condition_option_souscriptible":
        return "l'option n'existe pas à la date de signature"
    return f"condition non remplie : {minuscule(condition.libelle.partition(' : ')[2] or condition.libelle)}"


def _court(objectif: r.Objectif) -> str:
    return "MT" if objectif.indicateur == "patientele_mt" else "file active"


def _gain(objectif: r.Objectif) -> str:
    from binome.cli.affichage import INCONNU
    from binome.simulation import francais

    if objectif.gain == 0:
        return "maintien"
    if objectif.gain is not None:
        return f"+{francais.nombre(objectif.gain)}"
    if objectif.gain_au_plus is not None:
        return f"+{francais.nombre(objectif.gain_au_plus)} au plus"
    return INCONNU


def montant_de(annee: r.Annee) -> str:
    """The amount planned for a year, or those that stay possible."""
    from binome.cli.affichage import INCONNU
    from binome.simulation import francais

    if annee.montant_prevu is not None:
        return francais.euros(annee.montant_prevu)
    return " ou ".join(francais.euros(possible.montant) for possible in annee.montants_possibles) or INCONNU


def total_de(annees: Iterable[r.Annee]) -> str:
    """Sum of the amounts planned; a range when several amounts stay possible."""
    from binome.cli.affichage import INCONNU
    from binome.simulation import francais

    bornes = [_bornes(annee) for annee in annees]
    connues = [borne for borne in bornes if borne is not None]
    if not connues or len(connues) < len(bornes):
        return INCONNU
    bas, haut = sum(b for b, _ in connues), sum(h for _, h in connues)
    ecrit = francais.euros(type(connues[0][0])(bas))
    return ecrit if bas == haut else f"{ecrit} à {francais.euros(type(connues[0][0])(haut))}"


def _bornes(annee: r.Annee) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest amounts of a year; None when results or days cut amounts that are not firm."""
    if annee.montant_prevu is not None:
        return annee.montant_prevu, annee.montant_prevu
    possibles = [possible.montant for possible in annee.montants_possibles]
    a_evaluer = annee.taux_modulation is None and annee.statut_patientele_mt is annee.statut_file_active is None
    entier = (a_evaluer or annee.taux_modulation == "1") and annee.jours_dus == annee.jours
    return (min(possibles), max(possibles)) if possibles and entier else None


def _annees(sortie: Console, resultat: r.Resultat) -> None:
    from binome.cli.affichage import dire, liste_de_rangs, minuscule, tableau, titre
    from binome.simulation import francais

    annees = resultat.annees
    if not annees:
        return
    choisie = next((option.libelle for option in resultat.options if option.choisie), None)
    titre(sortie, f"Année par année{f', {choisie}' if choisie else ''}")
    entetes = ["", "Du… au…", "Maximum", "Vérification", "À recevoir", "Versements"]
    lignes = [
        [
            str(annee.rang),
            f"{francais.date_courte(annee.debut)}\n{francais.date_courte(annee.fin)}",
            "\n".join(_maximum(annee)),
            _verification(annee),
            _a_recevoir(annee),
            "\n".join(_versement(versement) for versement in annee.versements),
        ]
        for annee in annees
    ]
    tableau(sortie, entetes, lignes, droite=(2, 4))
    dire(
        sortie,
        f"Total du contrat{_au_plus(annees)} : {total_de(annees)} ; bénéficiaire : {resultat.beneficiaire.lower()}.",
        "bold",
    )
    regles: dict[str, list[int]] = {}
    for annee in annees:
        regles.setdefault(annee.explication, []).append(annee.rang)
        for possible in annee.montants_possibles:
            regles.setdefault(f"{francais.euros(possible.montant)} {possible.condition}.", []).append(annee.rang)
    for regle, rangs in regles.items():
        dire(sortie, f"{liste_de_rangs(rangs)} : {minuscule(regle)}", "dim")


def _maximum(annee: r.Annee) -> list[str]:
    from binome.cli.affichage import INCONNU
    from binome.simulation import francais

    if annee.montant_maximal is not None:
        return [francais.euros(annee.montant_maximal)]
    montants = [francais.euros(possible.montant) for possible in annee.montants_possibles]
    return [f"{montant} ou" for montant in montants[:-1]] + montants[-1:] or [INCONNU]


def _verification(annee: r.Annee) -> str:
    from binome.simulation import francais

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
        lignes.append("part : " + ("inconnue" if annee.taux_modulation is None else _part(annee.taux_modulation)))
        if annee.projection:
            lignes.append("(supposé)")
    if annee.jours_dus != annee.jours:
        lignes.append(f"{annee.jours_dus} jours\nsur {annee.jours}")
    return "\n".join(lignes)


#: What an indicator did, in a word.
STATUTS = {
    "indeterminee": "inconnu",
    "baisse": "en baisse",
    "stable": "stable",
    "maintenu": "sans baisse",
    "atteint": "atteint",
    "sans_objet": "non suivi",
}


def _part(fraction: str) -> str:
    from binome.simulation.grandeurs import pour_cent

    return pour_cent(float(Fraction(fraction)))


def _a_recevoir(annee: r.Annee) -> str:
    montant = montant_de(annee).replace(" ou ", " ou\n")
    return montant if annee.montant_du is not None or annee.montant_prevu is None else f"au plus\n{montant}"


def _versement(versement: r.Versement) -> str:
    from binome.simulation import francais

    date = "date à fixer" if versement.date is None else francais.date_courte(versement.date)
    return f"{date}{francais.INSECABLE}{francais.euros(versement.montant)}"


def _objectifs(sortie: Console, resultat: r.Resultat) -> None:
    from binome.cli.affichage import patients, puces, tableau, titre

    if not resultat.objectifs:
        return
    titre(sortie, "Objectifs")
    entetes = ["Indicateur", "Départ", "À gagner", "À atteindre", "D'où il vient"]
    lignes = [
        [
            objectif.libelle,
            patients(objectif.base),
            _gain(objectif),
            _cible(objectif),
            _origine(objectif),
        ]
        for objectif in resultat.objectifs
    ]
    tableau(sortie, entetes, lignes, droite=(1, 2, 3))
    if any(objectif.gain is None for objectif in resultat.objectifs):
        puces(
            sortie,
            ["Un objectif non déterminé se saisit tel que la CPAM l'a notifié (champ « objectifs_notifies »)."],
            "dim",
        )


def _origine(objectif: r.Objectif) -> str:
    from binome.cli.affichage import certitude

    if objectif.notifie:
        return "notifié par la caisse"
    if objectif.certitude is None:
        return "à demander à la CPAM"
    return certitude(objectif.certitude)


def _cible(objectif: r.Objectif) -> str:
    from binome.cli.affichage import INCONNU
    from binome.simulation import francais

    if objectif.cible is not None:
        return francais.nombre(objectif.cible)
    if objectif.gain_au_plus is not None and objectif.base is not None:
        return f"{francais.nombre(objectif.base + objectif.gain_au_plus)} au plus"
    return INCONNU


def _cout(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    from binome.cli.cout import montrer as montrer_le_cout

    if resultat.cout is not None:
        choisie = next((option.option for option in resultat.options if option.choisie), None)
        montrer_le_cout(sortie, resultat.cout, choisie, detail=detail)


def _echeances(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    from binome.cli.affichage import Paragraphe, certitude, tableau, titre
    from binome.simulation import francais

    if not resultat.echeances:
        return
    titre(sortie, "Échéances")
    entetes = ["Date", "Échéance", *(["Référence", "Certitude"] if detail else [])]
    lignes = []
    for echeance in resultat.echeances:
        textes = [francais.date_courte(echeance.date), echeance.libelle]
        if detail:
            textes += [echeance.reference, certitude(echeance.certitude)]
        passee = echeance.date < resultat.date_appreciation
        lignes.append([Paragraphe(texte, "dim" if passee else "") for texte in textes])
    tableau(sortie, entetes, lignes)


def _hypotheses(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    """Values of the law that are not an official text, weakest first."""
    from binome.cli.affichage import STYLES_CERTITUDE, certitude, dire, majuscule, puces, titre

    if not resultat.hypotheses:
        return
    titre(sortie, "Ce qui n'est pas tiré d'un texte officiel")
    for nom in ("hypothese", "secondaire"):
        trouvees = [hypothese for hypothese in resultat.hypotheses if hypothese.certitude == nom]
        if not trouvees:
            continue
        dire(sortie, f"{majuscule(certitude(nom))} :", STYLES_CERTITUDE[nom])
        puces(sortie, [_hypothese(hypothese, detail=detail) for hypothese in trouvees])


def _hypothese(hypothese: r.Hypothese, *, detail: bool) -> str:
    phrase = f"{hypothese.description} : {hypothese.valeur}"
    if not detail:
        return phrase
    sources = "\n".join(f"  {r.titre}{f' <{r.lien}>' if r.lien else ''}" for r in hypothese.references)
    return f"{phrase} [{hypothese.nom}]\n{sources}"


def _defauts(sortie: Console, resultat: r.Resultat, *, detail: bool) -> None:
    from binome.cli.affichage import dire, majuscule, minuscule, puces, titre

    if not resultat.valeurs_par_defaut:
        return
    titre(sortie, "Non renseigné, donc supposé")
    textes = {champ: _supposition(resultat.situation, champ) for champ in resultat.valeurs_par_defaut}
    if detail:
        puces(sortie, [f"{texte} [{champ}]" for champ, texte in textes.items()])
    else:
        dire(sortie, majuscule(" ; ".join(minuscule(texte) for texte in textes.values())) + ".")


def _supposition(situation: Situation, champ: str) -> str:
    """A field left out, by its path, and the value that it took, as a reader knows them."""
    from binome.simulation import francais
    from binome.simulation.nomenclatures import Modalite

    partie, _, nom = champ.partition(".")
    modele = getattr(situation, partie)
    valeur = getattr(modele, nom)
    ecrite = valeur.libelle.lower() if isinstance(valeur, Modalite) else francais.valeur(valeur)
    return f"{type(modele).model_fields[nom].description or nom} : {ecrite}"


def _pied(sortie: Console, resultat: r.Resultat, fichier: str) -> None:
    from binome.cli.affichage import certitude, dire
    from binome.simulation import francais

    sortie.print()
    dire(sortie, f"Certitude d'ensemble : {certitude(resultat.certitude)}.", retrait=0)
    version = resultat.version
    ajoutees = f" · percentiles ajoutés : {', '.join(version.distributions)}" if version.distributions else ""
    appreciation = francais.date_courte(resultat.date_appreciation)
    dire(
        sortie,
        f"Binôme {version.binome} · OpenFisca-Core {version.openfisca_core} · règles : {resultat.regime_libelle} · "
        f"apprécié au {appreciation}{ajoutees}",
        "dim",
        retrait=0,
    )
    figure = "annees.3.montant_prevu" if resultat.annees else "eligible"
    dire(sortie, f"D'où vient un chiffre : binome expliquer {fichier} {figure}", "dim", retrait=0)
