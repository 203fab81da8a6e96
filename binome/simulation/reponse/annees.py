"""The contract years of a result: amounts, results, instalments."""

from __future__ import annotations

from fractions import Fraction

from binome.simulation.modele.nomenclatures import INDICATEURS
from binome.simulation.modele.resultat import Annee, MontantPossible, Versement
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.explications import lectures_utilisees
from binome.simulation.mots import phrases
from binome.simulation.mots.grandeurs import grandeur

#: What the certainty of a result rests on, for each year: the amounts, and when they are paid.
FIGURES_D_ARGENT = ("montant_maximal", "montant_du", "versement_1_date", "versement_2_date")

#: Amount variables from the ordinary band up, with the position each one asks for.
PAR_BANDE = (
    ("montant_bande_ordinaire", "", "est sous le P90"),
    ("montant_bande_p90_p95", "patientele_au_moins_p90", "atteint le P90"),
    ("montant_bande_p95_plus", "patientele_au_moins_p95", "atteint le P95"),
)


def lister(calcul: Calcul, ligne: int, situation: Situation) -> tuple[Annee, ...]:
    """The years of one row, in order."""
    supposees = {projection.annee for projection in situation.projections}
    return tuple(
        _annee(
            calcul, ligne, rang, rang in supposees and calcul.vrai("annuite_evaluee", ligne * calcul.annees + rang - 1)
        )
        for rang in range(1, calcul.annees + 1)
    )


def total(annees: tuple[Annee, ...]) -> int | None:
    """Planned sum of the years, in cents; None when one of them is not determined, or when there is none."""
    prevus = [annee.montant_prevu for annee in annees]
    return sum(p for p in prevus if p is not None) if prevus and None not in prevus else None


def _annee(calcul: Calcul, ligne: int, rang: int, projection: bool) -> Annee:
    position = ligne * calcul.annees + rang - 1
    debut, fin = calcul.date("debut_annuite", position), calcul.date("fin_annuite", position)
    assert debut is not None  # noqa: S101 - a contract always has a date of signature
    assert fin is not None  # noqa: S101
    numerateur = calcul.entier("taux_numerateur", position)
    taux = None if numerateur is None else Fraction(numerateur, int(calcul.colonne("taux_denominateur")[position]))
    evaluee = calcul.vrai("annuite_evaluee", position)
    mt = str(calcul.membre("statut_patientele_mt", position).name)
    fa = str(calcul.membre("statut_file_active", position).name)
    mesuree = evaluee and {mt, fa} - {"indeterminee", "sans_objet"}
    maximal, du = (calcul.certitudes(nom, position) for nom in ("montant_maximal", "montant_du"))
    inconnu, montant_du = calcul.entier("montant_maximal_haut", position) is None, calcul.entier("montant_du", position)
    jours_dus, jours = (int(calcul.colonne(nom)[position]) for nom in ("jours_dus", "jours_annuite"))
    constats = dict(zip(map(str.lower, INDICATEURS.values()), (mt, fa), strict=True))
    return Annee(
        rang=rang,
        debut=debut,
        fin=fin,
        montant_maximal=calcul.entier("montant_maximal", position),
        montants_possibles=_montants_possibles(calcul, ligne, position),
        evaluee=evaluee,
        date_evaluation=calcul.date("date_evaluation", position),
        releve_evaluation=calcul.date("releve_evaluation", position),
        projection=projection,
        statut_patientele_mt=mt if mesuree and mt != "sans_objet" else None,
        statut_file_active=fa if mesuree else None,
        taux_modulation=None if taux is None else str(taux),
        jours_dus=jours_dus,
        jours=jours,
        montant_du=montant_du,
        montant_prevu=calcul.entier("montant_prevu", position),
        au_plus=montant_du is None,
        versements=_versements(calcul, position),
        explication=phrases.regle_de_l_annee(
            _regle(calcul, position),
            {libelle: statut for libelle, statut in constats.items() if statut != "sans_objet"},
            taux,
            jours_dus,
            jours,
        ),
        certitude=None if inconnu else min(maximal, du).name,
        certitude_maximal=None if inconnu else maximal.name,
        certitude_du=None if montant_du is None else du.name,
        origine=calcul.certitudes.origine(("montant_maximal", position), ("montant_du", position)),
    )


def _regle(calcul: Calcul, position: int) -> str:
    """What made the amount of a year: the law's own answer, unless nothing is due or the amount itself is unknown."""
    if int(calcul.colonne("jours_dus")[position]) == 0:
        return "rien_de_du"
    regle = str(calcul.membre("regle_annuite", position).name)
    inconnu = calcul.entier("montant_maximal_haut", position) is None
    return "montant_inconnu" if inconnu and regle in ("sans_verification", "a_evaluer") else regle


def _montants_possibles(calcul: Calcul, ligne: int, position: int) -> tuple[MontantPossible, ...]:
    """The distinct amounts of the bands in which the doctor may stand, when there are several."""
    bas, haut = calcul.entier("montant_maximal_bas", position), calcul.entier("montant_maximal_haut", position)
    if bas is None or haut is None or bas == haut:
        return ()
    possibles: dict[int, str] = {}
    for variable, atteinte, libelle in PAR_BANDE:
        montant = calcul.entier(variable, position)
        if montant is None or not bas <= montant <= haut or montant in possibles:
            continue
        if atteinte and calcul.membre(atteinte, ligne).name == "non":
            continue
        possibles[montant] = f"si la patientèle {libelle}{_estimation(calcul, ligne, atteinte)}"
    return tuple(
        MontantPossible(montant=montant, condition=condition) for montant, condition in sorted(possibles.items())
    )


def _estimation(calcul: Calcul, ligne: int, position: str) -> str:
    if not position:
        return ""
    lues = lectures_utilisees(calcul, [(position, ligne)])
    estimees = [grandeur(e.valeur, e.unite) for e in lues if isinstance(e.valeur, str) and e.unite == "patients"]
    return f" (estimé : {' ; '.join(dict.fromkeys(estimees))} patients)" if estimees else ""


def _versements(calcul: Calcul, position: int) -> tuple[Versement, ...]:
    premier, second = (calcul.entier(f"versement_{rang}_montant", position) for rang in (1, 2))
    if premier is None or second is None or int(calcul.colonne("jours_dus")[position]) == 0:
        return ()
    dates = [calcul.date(f"versement_{rang}_date", position) for rang in (1, 2)]
    en_deux = dates[1] is not None or second != 0
    premiere_annee = calcul.vrai("premiere_annee", position)
    libelles = phrases.LIBELLES_VERSEMENT["unique" if not en_deux else "avance" if premiere_annee else "acomptes"]
    montants = (premier, second) if en_deux else (premier,)
    interrompue = int(calcul.colonne("jours_dus")[position]) < int(calcul.colonne("jours_annuite")[position])
    certitudes = [
        min(calcul.certitudes(nom, position) for nom in (f"versement_{rang}_date", "part_premier_versement"))
        for rang in (1, 2)
    ]
    origines = [
        calcul.certitudes.origine((f"versement_{rang}_date", position), ("part_premier_versement", position))
        for rang in (1, 2)
    ]
    return tuple(
        Versement(
            date=date,
            montant=montant,
            libelle=f"{libelle}, après régularisation" if interrompue else libelle,
            certitude=certitude.name,
            origine=origine,
        )
        for date, montant, libelle, certitude, origine in zip(
            dates, montants, libelles, certitudes, origines, strict=False
        )
    )
