"""`binome simuler`: the whole answer to one situation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from binome.cli.arguments import DateAppreciation, Detail, Distributions, Fichier, Json, Option

if TYPE_CHECKING:
    from rich.console import Console

    from binome.simulation import Annee, Hypothese, Resultat, Simulation, Versement


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
        from binome.documents.donnees import rendre

        sys.stdout.write(rendre(resultat))
        return
    from binome.cli import affichage

    montrer(affichage.console(), resultat, fichier, detail=detail)


def preparer(fichier: str, date: str | None, option: str | None, distributions: list[str] | None) -> Simulation:
    """Read a situation and run it."""
    from binome.cli.fichiers import distributions_lues, lire_date, lire_situation

    jour = None if date is None else lire_date(date, "--date")
    ajoutees = distributions_lues(distributions or ())
    situation = lire_situation(fichier, option)
    from binome.simulation import Simulation

    return Simulation(situation, jour, ajoutees)


def montrer(sortie: Console, resultat: Resultat, fichier: str, *, detail: bool) -> None:
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
    _lectures(sortie, resultat)
    _cout(sortie, resultat, detail=detail)
    _echeances(sortie, resultat, detail=detail)
    _hypotheses(sortie, resultat, detail=detail)
    _defauts(sortie, resultat, detail=detail)
    _pied(sortie, resultat, fichier)


def _entete(sortie: Console, resultat: Resultat) -> None:
    from binome import francais
    from binome.cli.affichage import Paragraphe, dire

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


def _verdict(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    from binome import francais
    from binome.cli.affichage import REPONSES, Paragraphe, conditions, dire, puces, titre

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


def _lectures(sortie: Console, resultat: Resultat) -> None:
    """The points that stay open between two readings, with both amounts; those that the fund settled."""
    from binome.cli.affichage import puces, titre

    if resultat.lectures:
        ouvertes = any(point.ouverte for point in resultat.lectures)
        titre(sortie, "Deux lectures : a ou b" if ouvertes else "Lectures tranchées par la caisse")
        puces(sortie, (f"{point.arbitrage}. {point.phrase}" for point in resultat.lectures))


def _position(sortie: Console, resultat: Resultat) -> None:
    from binome.cli.affichage import certitude, dire, titre

    assert resultat.bande is not None  # noqa: S101 - asked only then
    titre(sortie, "Position nationale")
    bande = resultat.bande
    sure = f" Certitude : {certitude(bande.certitude, bande.origine)}." if bande.certitude else ""
    dire(sortie, f"{bande.phrase}{sure}")


def _options(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    """The options that may be had, side by side, and why the others may not."""
    from binome.cli.affichage import puces, tableau, titre
    from binome.simulation.mots import ecriture

    if not resultat.options:
        return
    titre(sortie, "Options côte à côte")
    possibles = [
        o for o in resultat.options if any(ecriture.montant_de(annee) != ecriture.INCONNU for annee in o.annees)
    ]
    if possibles:
        choisie = next((rang + 1 for rang, option in enumerate(possibles) if option.choisie), None)
        entetes = ["", *(f"{option.libelle}{' (choisie)' if option.choisie else ''}" for option in possibles)]
        lignes = [["Ouverte", *(ecriture.OUVERTE[o.ouverte] for o in possibles)]]
        for rangees in zip(*(option.annees for option in possibles), strict=True):
            libelle = f"Année {rangees[0].rang}{ecriture.au_plus(rangees)}"
            lignes.append([libelle, *(ecriture.montant_de(annee) for annee in rangees)])
        lignes.append(
            [
                f"Total{ecriture.au_plus(a for o in possibles for a in o.annees)}",
                *(ecriture.total_de(option.annees) for option in possibles),
            ]
        )
        for rang, objectif in enumerate(possibles[0].objectifs):
            lignes.append(
                [
                    f"Objectif {ecriture.court(objectif)}",
                    *(ecriture.gain(option.objectifs[rang]) for option in possibles),
                ]
            )
        tableau(sortie, entetes, lignes, droite=range(1, len(entetes)), gras=choisie)
    tues = [o for o in resultat.options if o.ouverte != "oui" or o not in possibles]
    puces(sortie, ecriture.reserves(tues, detail=detail), "", "–")


def _annees(sortie: Console, resultat: Resultat) -> None:
    from binome import francais
    from binome.cli.affichage import dire, tableau, titre
    from binome.simulation.mots import ecriture

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
            "\n".join(ecriture.maximum(annee)),
            ecriture.verification(annee),
            _a_recevoir(annee),
            "\n".join(_versement(versement) for versement in annee.versements),
        ]
        for annee in annees
    ]
    tableau(sortie, entetes, lignes, droite=(2, 4))
    total = f"Total du contrat{ecriture.au_plus(annees)} : {ecriture.total_de(annees)}"
    dire(sortie, f"{total} ; bénéficiaire : {resultat.beneficiaire.lower()}.", "bold")
    for rangs, regle in ecriture.regles(annees):
        dire(sortie, f"{rangs} : {regle}", "dim")


def _a_recevoir(annee: Annee) -> str:
    from binome.simulation.mots.ecriture import montant_de

    montant = montant_de(annee).replace(" ou ", " ou\n")
    return montant if annee.montant_du is not None or annee.montant_prevu is None else f"au plus\n{montant}"


def _versement(versement: Versement) -> str:
    from binome import francais

    date = "date à fixer" if versement.date is None else francais.date_courte(versement.date)
    return f"{date}{francais.INSECABLE}{francais.euros(versement.montant)}"


def _objectifs(sortie: Console, resultat: Resultat) -> None:
    from binome.cli.affichage import puces, tableau, titre
    from binome.simulation.mots import ecriture

    if not resultat.objectifs:
        return
    titre(sortie, "Objectifs")
    entetes = ["Indicateur", "Départ", "À gagner", "À atteindre", "D'où il vient"]
    lignes = [
        [
            objectif.libelle,
            ecriture.patients(objectif.base),
            ecriture.gain(objectif),
            ecriture.cible(objectif),
            ecriture.origine(objectif),
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


def _cout(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    from binome.cli.cout import montrer as montrer_le_cout

    if resultat.cout is not None:
        choisie = next((option.option for option in resultat.options if option.choisie), None)
        montrer_le_cout(sortie, resultat.cout, choisie, detail=detail)


def _echeances(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    from binome import francais
    from binome.cli.affichage import Paragraphe, certitude, tableau, titre

    if not resultat.echeances:
        return
    titre(sortie, "Échéances")
    entetes = ["Date", "Échéance", *(["Référence", "Certitude"] if detail else [])]
    lignes = []
    for echeance in resultat.echeances:
        textes = [francais.date_courte(echeance.date), echeance.libelle]
        if detail:
            textes += [echeance.reference, certitude(echeance.certitude, echeance.origine)]
        passee = echeance.date < resultat.date_appreciation
        lignes.append([Paragraphe(texte, "dim" if passee else "") for texte in textes])
    tableau(sortie, entetes, lignes)


def _hypotheses(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    """Values of the law that are not an official text, weakest first."""
    from binome.cli.affichage import STYLES_CERTITUDE, dire, puces, titre
    from binome.simulation.mots.ecriture import d_apres_la_caisse, majuscule, par_certitude, textes_cites
    from openfisca_assistants_medicaux.certitude import Certitude

    if resultat.valeurs_de_la_caisse:
        annonce, phrases = d_apres_la_caisse(resultat.valeurs_de_la_caisse)
        titre(sortie, annonce)
        puces(sortie, phrases)
    if not resultat.hypotheses:
        return
    titre(sortie, "Ce qui n'est pas tiré d'un texte officiel")
    for sure, trouvees in par_certitude(resultat.hypotheses):
        # What an official text says, as others quote it, is long and ordinary: its texts tell enough, unless asked.
        ecrites = [_hypothese(h, detail=detail) for h in trouvees]
        if sure is Certitude.cite and not detail:
            ecrites = [textes_cites(trouvees)]
        dire(sortie, f"{majuscule(sure.en_mots)} :", STYLES_CERTITUDE[sure.name])
        puces(sortie, ecrites)


def _hypothese(hypothese: Hypothese, *, detail: bool) -> str:
    phrase = f"{hypothese.description} : {hypothese.valeur}"
    if not detail:
        return phrase
    sources = "\n".join(f"  {r.titre}{f' <{r.lien}>' if r.lien else ''}" for r in hypothese.references)
    return f"{phrase} [{hypothese.nom}]\n{sources}"


def _defauts(sortie: Console, resultat: Resultat, *, detail: bool) -> None:
    from binome.cli.affichage import dire, puces, titre
    from binome.simulation.mots.ecriture import majuscule, minuscule, supposition

    if not resultat.valeurs_par_defaut:
        return
    titre(sortie, "Non renseigné, donc supposé")
    textes = {champ: supposition(resultat.situation, champ) for champ in resultat.valeurs_par_defaut}
    if detail:
        puces(sortie, [f"{texte} [{champ}]" for champ, texte in textes.items()])
    else:
        dire(sortie, majuscule(" ; ".join(minuscule(texte) for texte in textes.values())) + ".")


def _pied(sortie: Console, resultat: Resultat, fichier: str) -> None:
    from binome import francais
    from binome.cli.affichage import certitude, dire
    from binome.simulation import phrase_de_la_version

    sortie.print()
    dire(sortie, f"Certitude d'ensemble : {certitude(resultat.certitude)}.", retrait=0)
    appreciation = francais.date_courte(resultat.date_appreciation)
    dire(
        sortie,
        f"{phrase_de_la_version(resultat.version)} · règles : {resultat.regime_libelle} · apprécié au {appreciation}",
        "dim",
        retrait=0,
    )
    figure = "annees.3.montant_prevu" if resultat.annees else "eligible"
    dire(sortie, f"D'où vient un chiffre : binome expliquer {fichier} {figure}", "dim", retrait=0)
