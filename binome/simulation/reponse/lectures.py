"""Both readings of each open point, side by side: what each gives, and who settles."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from binome import francais
from binome.simulation.modele.nomenclatures import NomOption
from binome.simulation.modele.resultat import Lecture, MontantLu, PointOuvert
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.variantes import Variante
from openfisca_assistants_medicaux.lectures import LECTURES, Point, SourceDeLecture, points_ouverts

PREFIXE = "lecture_"


def differe(point: PointOuvert, rang: int) -> bool:
    """True when the two readings of an open point do not give the same amount for a contract year."""
    if not point.ouverte or point.a is None or point.b is None:
        return False
    montants = [{annee.rang: annee for annee in lecture.annees}.get(rang) for lecture in (point.a, point.b)]
    return montants[0] != montants[1]


def lister(
    calcul: Calcul, variantes: Iterable[Variante], options: Mapping[int, str], *, verdicts: bool = True
) -> tuple[PointOuvert, ...]:
    """The points whose two readings differ, by row; `options` names the option of each row (none for a group).

    Without `verdicts`, eligibility is not judged: amounts alone may differ.
    """
    points = []
    variantes = tuple(variantes)
    # Where several options are shown, each sentence says of which it speaks.
    plusieurs = len({variante.origine for variante in variantes}) > 1
    for variante in variantes:
        option = options.get(variante.origine)
        lues = {
            variante.retenue: _lire(calcul, variante.origine, _source(variante.point, variante.retenue), verdicts),
            variante.autre: _lire(calcul, variante.ligne, _source(variante.point, variante.autre), verdicts),
        }
        if _reponse(lues["a"]) == _reponse(lues["b"]):
            continue
        points.append(
            PointOuvert(
                point=variante.point.nom,
                arbitrage=variante.point.arbitrage,
                question=variante.point.question,
                option=option,
                retenue=variante.retenue,
                ouverte=True,
                a=lues["a"],
                b=lues["b"],
                phrase=_phrase(variante, lues["a"], lues["b"], option if plusieurs else None),
            )
        )
    return tuple(points)


def tranches(
    calcul: Calcul, dites: Mapping[str, Any], signature: datetime.date, ligne: int, option: str | None
) -> tuple[PointOuvert, ...]:
    """The points that the fund settled for a contract, among those that may change its answer."""
    noms = {code: nom for nom, code in LECTURES.items()}
    points = []
    for point in points_ouverts(calcul.loi, signature, dites):
        retenue = noms.get(int(dites.get(f"{PREFIXE}{point.nom}", 0)))
        if retenue is None:
            continue
        source = _source(point, retenue)
        lue = _lire(calcul, ligne, source, verdicts=True)
        points.append(
            PointOuvert(
                point=point.nom,
                arbitrage=point.arbitrage,
                question=point.question,
                option=option,
                retenue=retenue,
                ouverte=False,
                a=lue if retenue == "a" else None,
                b=lue if retenue == "b" else None,
                phrase=f"{point.question} Tranché par la caisse : {source.texte}.",
            )
        )
    return tuple(points)


def _source(point: Point, lecture: str) -> SourceDeLecture:
    return point.a if lecture == "a" else point.b


def _lire(calcul: Calcul, ligne: int, source: SourceDeLecture, verdicts: bool) -> Lecture:
    eligible, ouverte = (
        str(calcul.membre(nom, ligne).name) if verdicts else "oui" for nom in ("eligible", "option_ouverte")
    )
    refusee = "non" in (eligible, ouverte)
    annees = () if refusee else tuple(_annee(calcul, ligne, rang) for rang in range(1, calcul.annees + 1))
    montants = [annee.montant for annee in annees]
    total = sum(m for m in montants if m is not None) if montants and None not in montants else None
    return Lecture(
        texte=source.texte,
        source=source.source,
        eligible=eligible,
        option_ouverte=ouverte,
        annees=annees,
        total_cinq_ans=total,
    )


def _annee(calcul: Calcul, ligne: int, rang: int) -> MontantLu:
    position = ligne * calcul.annees + rang - 1
    debut = calcul.date("debut_annuite", position)
    assert debut is not None  # noqa: S101 - a contract always has a date of signature
    return MontantLu(rang=rang, debut=debut, montant=calcul.entier("montant_prevu", position))


def _reponse(lecture: Lecture) -> tuple[Any, ...]:
    return lecture.eligible, lecture.option_ouverte, lecture.annees


def _phrase(variante: Variante, a: Lecture, b: Lecture, option: str | None) -> str:
    """The option where it is to be told, the question, both readings, where they part, and who settles."""
    ecarts = " ; ".join(_ecarts(a, b))
    de = "" if option is None else f"{NomOption(option).libelle}. "
    return (
        f"{de}{variante.point.question} Deux lectures : a) {a.texte} ; b) {b.texte}. {ecarts[:1].upper()}{ecarts[1:]}. "
        f"La caisse tranche ; {variante.retenue}) est suivie ici pour prévoir."
    )


def _ecarts(a: Lecture, b: Lecture) -> list[str]:
    if not a.annees or not b.annees:
        return [f"a) {_verdict(a)} ; b) {_verdict(b)}"]
    montants = [
        f"année {x.rang} : {francais.euros(x.montant)} (a) ou {francais.euros(y.montant)} (b)"
        for x, y in zip(a.annees, b.annees, strict=True)
        if x.montant != y.montant
    ]
    dates = [
        f"année {x.rang} à partir du {francais.date_courte(x.debut)} (a) ou du {francais.date_courte(y.debut)} (b)"
        for x, y in zip(a.annees, b.annees, strict=True)
        if x.debut != y.debut
    ]
    return montants + dates or [f"a) {_verdict(a)} ; b) {_verdict(b)}"]


def _verdict(lecture: Lecture) -> str:
    if lecture.eligible == "non":
        return "non éligible"
    if lecture.option_ouverte == "non":
        return "option fermée"
    total = "" if lecture.total_cinq_ans is None else f", {francais.euros(lecture.total_cinq_ans)} prévus en tout"
    return ("à confirmer" if "indeterminee" in (lecture.eligible, lecture.option_ouverte) else "ouverte") + total
