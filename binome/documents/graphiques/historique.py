"""Statement after statement: the patients of a doctor against the starting level and the objective."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import altair as alt

from binome import francais
from binome.documents.graphiques import style
from binome.documents.graphiques.calques import calque
from binome.documents.graphiques.rendu import Dessin, en_svg
from binome.simulation import INDICATEURS

LARGEUR, HAUTEUR = 760, 260


def modele() -> alt.TopLevelMixin:
    """One line for each indicator, its points, and a dashed rule at each objective."""
    couleur = alt.Color(
        "indicateur:N",
        scale=alt.Scale(domain=list(INDICATEURS.values()), range=[style.ENCRE, style.OCRE]),
        legend=alt.Legend(title=None, orient="top"),
    )
    temps = alt.X("date:T", title=None, axis=alt.Axis(format="%m/%Y", grid=False))
    patients = alt.Y("patients:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format="d"))
    traits = calque("points").mark_line(strokeWidth=2).encode(x=temps, y=patients, color=couleur)
    points = calque("points").mark_point(filled=True, size=60).encode(x=temps, y=patients, color=couleur)
    objectifs = (
        calque("objectifs").mark_rule(strokeDash=[6, 4], strokeWidth=1.5).encode(y=alt.Y("patients:Q"), color=couleur)
    )
    return alt.layer(objectifs, traits, points)


def rendre(
    releves: Sequence[tuple[datetime.date, int | None, int | None]],
    objectifs: Mapping[str, tuple[int | None, int | None]],
) -> str:
    """The SVG of statements (date, MT patients, active file) and objectives (base, target) by indicator."""
    points = [
        {"date": date.isoformat(), "indicateur": libelle, "patients": nombre}
        for date, *nombres in releves
        for libelle, nombre in zip(INDICATEURS.values(), nombres, strict=True)
        if nombre is not None
    ]
    cibles = [
        {"indicateur": INDICATEURS[nom], "patients": cible}
        for nom, (_, cible) in objectifs.items()
        if cible is not None
    ]
    return en_svg(
        Dessin(
            modele=modele,
            titre="Relevés de patientèle",
            description=_description(points, cibles),
            largeur=LARGEUR,
            hauteur=HAUTEUR,
            donnees={"points": points, "objectifs": cibles},
            marges=(56, 40, 16, 32),
        )
    )


def _description(points: Sequence[Mapping[str, object]], cibles: Sequence[Mapping[str, object]]) -> str:
    phrases = []
    for libelle in INDICATEURS.values():
        suite = [point for point in points if point["indicateur"] == libelle]
        if suite:
            cible = next((c["patients"] for c in cibles if c["indicateur"] == libelle), None)
            vise = "" if cible is None else f", objectif {francais.nombre(int(str(cible)))}"
            premier, dernier = (francais.nombre(int(str(p["patients"]))) for p in (suite[0], suite[-1]))
            phrases.append(f"{libelle} : de {premier} à {dernier}{vise}.")
    return " ".join(phrases) or "Aucun relevé."
