"""From today's patients to the objective, beside the national percentiles: one strip for each indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from binome import francais
from binome.documents.graphiques import style
from binome.documents.graphiques.calques import calque, etendue, largeur_du_texte, texte, textes, x, y
from binome.documents.graphiques.rendu import Dessin
from binome.documents.graphiques.tableau import TableauDeGraphique
from binome.simulation import Objectif, PercentileNational, Resultat, percentiles
from binome.simulation.mots import ecriture

INCONNU, NON_PUBLIE = "non déterminé", "non publié"
TITRE = "De la patientèle de départ à l’objectif"

#: Heights inside a strip, in pixels from its top.
Y_TITRE, Y_VALEUR, Y_DETAIL, Y_TRAJET, Y_REGLE, Y_RANG, Y_PATIENTS = 15, 47, 64, 80, 112, 132, 148
#: A second row of percentile labels, and the gap between strips.
RANGEE, ENTRE = 36, 20
INTERLIGNE = 18
#: Room around a mark, in pixels.
ECART = 12


def modele() -> alt.TopLevelMixin:
    """The chart of every situation and width."""
    ferme = "datum.ferme"
    regle = calque("regles").mark_rule(color=style.REGLE, strokeWidth=1.5).encode(x=x(), x2="x2", y=y())
    intervalles = (
        calque("intervalles")
        .mark_rect(fill=style.REGLE_PALE, stroke=style.REGLE, strokeWidth=1, strokeDash=[2, 2])
        .encode(x=x(), x2="x2", y=y(), y2="y2")
    )
    percentiles_ = (
        calque("percentiles")
        .mark_rule(color=style.ENCRE)
        .encode(x=x(), y=y(), y2="y2", strokeWidth=alt.condition(ferme, alt.value(2), alt.value(1)))
    )
    aplombs = (
        calque("aplombs").mark_rule(color=style.DOUX, strokeWidth=1, strokeDash=[1, 3]).encode(x=x(), y=y(), y2="y2")
    )
    trajets = (
        calque("trajets")
        .mark_rule(color=style.OCRE, strokeWidth=4)
        .encode(x=x(), x2="x2", y=y(), strokeDash=alt.condition(ferme, alt.value([1, 0]), alt.value([3, 4])))
    )
    reperes = (
        calque("reperes")
        .mark_point(opacity=1, strokeWidth=2)
        .encode(
            x=x(),
            y=y(),
            shape=alt.Shape("forme:N", scale=None),
            fill=alt.Fill("fond:N", scale=None),
            stroke=alt.Stroke("trait:N", scale=None),
            size=alt.Size("aire:Q", scale=None),
        )
    )
    return alt.layer(regle, intervalles, aplombs, percentiles_, trajets, reperes, textes())


MODELES = (modele,)


@dataclass(frozen=True)
class _Repere:
    """A number of patients that the strip must show, and the room its texts take on each side, in pixels."""

    patients: float
    gauche: float
    droite: float


@dataclass(frozen=True)
class _Echelle:
    """Patients to pixels."""

    debut: float
    par_pixel: float

    def pixel(self, patients: float) -> float:
        return round((patients - self.debut) / self.par_pixel, 1)


def _echelle(reperes: list[_Repere], largeur: float) -> _Echelle:
    """The most open scale on which every mark keeps the room of its texts inside `largeur` pixels."""
    par_pixel = max(
        ((b.patients - a.patients) / max(largeur - a.gauche - b.droite, 1) for a in reperes for b in reperes),
        default=1.0,
    )
    par_pixel = max(par_pixel, 0.05)
    gauche = min(r.patients - r.gauche * par_pixel for r in reperes)
    droite = max(r.patients + r.droite * par_pixel for r in reperes)
    # What room is left over goes to both sides.
    return _Echelle(gauche - (largeur * par_pixel - (droite - gauche)) / 2, par_pixel)


def dessiner(resultat: Resultat, largeur: int) -> Dessin:
    """The data of the chart, laid out for `largeur` pixels."""
    utile = largeur - 2 * style.MARGE
    nationaux = percentiles(resultat)
    calques: dict[str, list[dict[str, Any]]] = {
        nom: [] for nom in ("regles", "intervalles", "percentiles", "aplombs", "trajets", "reperes", "textes")
    }
    haut = 0.0
    for rang, objectif in enumerate(resultat.objectifs):
        haut += ENTRE if rang else 0
        situes = [p for p in nationaux if p.indicateur == objectif.indicateur and p.valeur is not None]
        haut = _bande(calques, objectif, situes, utile, haut, refuse=resultat.verdict.eligible == "non")
    haut += 8
    for ligne in style.lignes_de(_note(resultat, nationaux), utile):
        haut += INTERLIGNE
        calques["textes"].append(texte(0, haut, ligne))
    return Dessin(
        modele=modele,
        titre=TITRE,
        description=_description(resultat, nationaux),
        largeur=largeur,
        hauteur=round(haut + 6) + 2 * style.MARGE,
        donnees=calques,
    )


def _bande(
    calques: dict[str, list[dict[str, Any]]],
    objectif: Objectif,
    situes: list[PercentileNational],
    largeur: float,
    haut: float,
    *,
    refuse: bool,
) -> float:
    """Lay out the strip of one indicator from `haut`; the bottom of the strip."""
    calques["textes"].append(texte(0, haut + Y_TITRE, objectif.libelle, "titre"))
    dit = _dit(objectif, refuse=refuse)
    if objectif.base is None:
        manque = "départ non déterminé" if objectif.cible is not None else "départ et objectif non déterminés"
        calques["textes"].append(texte(0, haut + Y_VALEUR, manque))
    reperes = [*(_autour(p) for p in situes), *_bouts(objectif, dit)]
    if not reperes:
        return haut + Y_VALEUR + 6
    echelle = _echelle(reperes, largeur)
    bouts = [patients for patients in (objectif.base, _arrivee(objectif)) if patients is not None]
    bas = haut + Y_TRAJET + 8
    if situes:
        bas = _percentiles(calques, situes, echelle, largeur, haut)
        for pixel in {echelle.pixel(patients) for patients in bouts}:
            calques["aplombs"].append({"x": pixel, "y": haut + Y_TRAJET, "y2": haut + Y_REGLE})
    if bouts:
        _trajet(calques, objectif, dit, echelle, haut)
    return bas


def _vers_la_droite(objectif: Objectif) -> bool:
    """False when a notified target is under the base: the texts of the two ends then change sides."""
    return objectif.base is None or objectif.cible is None or objectif.cible >= objectif.base


def _bouts(objectif: Objectif, dit: list[tuple[str, str]]) -> list[_Repere]:
    """The base and the objective, with the room that their texts take outwards."""
    arrivee, reperes = _arrivee(objectif), []
    place_depart, place_objectif = _place(_depart(objectif)), _place(dit)
    if objectif.base is None and arrivee is not None:
        # The base, said to be unknown, is written on the left of the strip.
        return [_Repere(arrivee, largeur_du_texte("départ non déterminé", "detail") + ECART, place_objectif)]
    if objectif.base is not None:
        seul = place_objectif if arrivee is None else ECART
        reperes.append(_Repere(objectif.base, place_depart, seul))
    if arrivee is not None:
        reperes.append(_Repere(arrivee, ECART, place_objectif))
    if _vers_la_droite(objectif):
        return reperes
    return [_Repere(r.patients, r.droite, r.gauche) for r in reperes]


def _trajet(
    calques: dict[str, list[dict[str, Any]]],
    objectif: Objectif,
    dit: list[tuple[str, str]],
    echelle: _Echelle,
    haut: float,
) -> None:
    """The way from the base to the objective, its two marks and their texts."""
    arrivee, ligne, ferme = _arrivee(objectif), haut + Y_TRAJET, objectif.cible is not None
    depart = None if objectif.base is None else echelle.pixel(objectif.base)
    but = None if arrivee is None else echelle.pixel(arrivee)
    distance = 0.0 if depart is None or but is None else abs(but - depart)
    # Marks that touch are drawn one inside the other.
    serres = depart is not None and but is not None and distance < ECART
    if depart is not None and but is not None and not serres:
        calques["trajets"].append({"x": depart, "x2": but, "y": ligne, "ferme": ferme})
    if but is not None:
        fond, aire = style.OCRE if ferme else style.PAPIER, 330 if serres else 200
        calques["reperes"].append(_marque(but, ligne, "diamond", fond, style.OCRE, aire))
    if depart is not None:
        calques["reperes"].append(_marque(depart, ligne, "circle", style.ACCENT, style.PAPIER, 70 if serres else 150))
    # Texts start a little inside their mark, unless the two ends are too near for that.
    retrait = max(-5.0, min(6.0, (distance - 10) / 2)) if depart is not None else 6.0
    sens = 1 if _vers_la_droite(objectif) else -1
    ancre_depart, ancre_but = ("end", "start") if sens > 0 else ("start", "end")
    if depart is not None:
        _ecrire(calques, _depart(objectif), depart + sens * retrait, haut, ancre_depart)
    repere = but if but is not None else depart
    if repere is not None:
        _ecrire(calques, dit, repere - sens * retrait, haut, ancre_but)


def _marque(pixel: float, ligne: float, forme: str, fond: str, trait: str, aire: int) -> dict[str, Any]:
    return {"x": pixel, "y": ligne, "forme": forme, "fond": fond, "trait": trait, "aire": aire}


def _ecrire(
    calques: dict[str, list[dict[str, Any]]], dit: list[tuple[str, str]], pixel: float, haut: float, ancre: str
) -> None:
    """A value, and under it what it is."""
    for hauteur, (ecrit, genre) in zip((haut + Y_VALEUR, haut + Y_DETAIL), dit, strict=True):
        calques["textes"].append(texte(pixel, hauteur, ecrit, genre, ancre))


def _percentiles(
    calques: dict[str, list[dict[str, Any]]],
    situes: list[PercentileNational],
    echelle: _Echelle,
    largeur: float,
    haut: float,
) -> float:
    """The ruler of the national percentiles; the bottom of its labels."""
    regle = haut + Y_REGLE
    calques["regles"].append({"x": 0, "x2": largeur, "y": regle})
    ecrits = []
    for p in situes:
        pixel = echelle.pixel(p.valeur or 0)
        calques["percentiles"].append({"x": pixel, "y": regle - 7, "y2": regle + 7, "ferme": p.publie})
        if p.bas is not None and p.haut is not None:
            debut, fin = (max(0.0, min(largeur, echelle.pixel(borne))) for borne in (p.bas, p.haut))
            calques["intervalles"].append({"x": debut, "x2": fin, "y": regle - 4, "y2": regle + 4})
        ecrits.append(
            (
                texte(pixel, haut + Y_RANG, f"P{p.percentile}", "gras", "middle"),
                texte(pixel, haut + Y_PATIENTS, _patients_du_percentile(p), "detail", "middle"),
            )
        )
    boites = [(min(etendue(a)[0], etendue(b)[0]), max(etendue(a)[1], etendue(b)[1])) for a, b in ecrits]
    rangs = style.rangees(boites)
    for rang, pose in zip(rangs, ecrits, strict=True):
        for element in pose:
            calques["textes"].append({**element, "y": element["y"] + RANGEE * rang})
    return haut + Y_PATIENTS + RANGEE * max(rangs) + 4


def _autour(p: PercentileNational) -> _Repere:
    demi = largeur_du_texte(_patients_du_percentile(p), "detail") / 2 + 2
    return _Repere(p.valeur or 0, demi, demi)


def _place(dit: list[tuple[str, str]]) -> float:
    return max(largeur_du_texte(ecrit, genre) for ecrit, genre in dit) + ECART


def _arrivee(objectif: Objectif) -> int | None:
    """Where the objective's mark goes: the target, or the furthest that its known bound allows."""
    if objectif.cible is not None:
        return objectif.cible
    if objectif.base is None or objectif.gain_au_plus is None:
        return None
    return objectif.base + objectif.gain_au_plus


def _depart(objectif: Objectif) -> list[tuple[str, str]]:
    return [(francais.nombre(objectif.base or 0), "valeur"), ("départ", "detail")]


def _dit(objectif: Objectif, *, refuse: bool) -> list[tuple[str, str]]:
    """What the objective's mark says: a value, and what it is."""
    if objectif.cible is not None and objectif.cible == objectif.base:
        return [("se maintenir", "objectif"), ("objectif", "detail")]
    if objectif.cible is not None:
        detail = "objectif" if not objectif.gain else f"objectif : +{francais.nombre(objectif.gain)}"
        return [(francais.nombre(objectif.cible), "objectif"), (detail, "detail")]
    if refuse:
        return [("aide refusée", "gras"), ("pas d’objectif", "detail")]
    if objectif.gain_au_plus is not None:
        return [
            (f"+{francais.nombre(objectif.gain_au_plus)} au plus", "objectif"),
            ("objectif non déterminé", "detail"),
        ]
    return [("objectif", "objectif"), (INCONNU, "detail")]


def _patients_du_percentile(p: PercentileNational) -> str:
    valeur = francais.nombre(p.valeur or 0)
    return valeur if p.publie else f"≈{francais.FINE}{valeur}"


def _note(resultat: Resultat, nationaux: tuple[PercentileNational, ...]) -> str:
    """How to read the ruler, in a sentence or two."""
    if resultat.dispositif == "collectif":
        return "Totaux des médecins du groupe : les percentiles nationaux, comptés par médecin, ne s’y comparent pas."
    situes = [p for p in nationaux if p.valeur is not None]
    if not situes:
        return "Percentiles nationaux de la spécialité : non publiés."
    rang = min((p.percentile for p in situes), key=lambda p: abs(p - 50))
    fine, insecable = francais.FINE, francais.INSECABLE
    phrase = (
        f"Sous la ligne{insecable}: percentiles nationaux. P{rang}{insecable}: "
        f"{rang}{insecable}% des médecins de la spécialité suivent moins de patients."
    )
    if any(not p.publie for p in situes):
        phrase += f" ≈{insecable}:{insecable}non publié, estimé{fine}; le cadre en pointillé est sa marge."
    return phrase


def _description(resultat: Resultat, nationaux: tuple[PercentileNational, ...]) -> str:
    phrases = []
    for objectif in resultat.objectifs:
        base = INCONNU if objectif.base is None else francais.pluriel(objectif.base, "patient")
        phrases.append(f"{objectif.libelle} : départ {base} ; objectif {_objectif_ecrit(objectif)}.")
        situes = [p for p in nationaux if p.indicateur == objectif.indicateur and p.valeur is not None]
        if situes:
            phrases.append(f"Percentiles : {', '.join(f'P{p.percentile} {_percentile_ecrit(p)}' for p in situes)}.")
    return " ".join([*phrases, _note(resultat, nationaux)])


def _objectif_ecrit(objectif: Objectif) -> str:
    return ecriture.cible(objectif) if objectif.cible is None else francais.pluriel(objectif.cible, "patient")


def _percentile_ecrit(p: PercentileNational) -> str:
    if p.valeur is None:
        return NON_PUBLIE
    if p.publie or p.bas is None or p.haut is None:
        return francais.nombre(p.valeur)
    return f"≈{francais.FINE}{francais.nombre(p.valeur)} (de {francais.nombre(p.bas)} à {francais.nombre(p.haut)})"


def tableau(resultat: Resultat) -> TableauDeGraphique:
    """Every number of the chart, one column for each indicator."""
    nationaux = percentiles(resultat)
    objectifs = resultat.objectifs
    lignes: list[tuple[str, ...]] = [
        ("Départ", *(ecriture.patients(o.base) for o in objectifs)),
        ("Gain demandé", *(ecriture.gain(o) for o in objectifs)),
        ("Objectif", *(ecriture.cible(o) for o in objectifs)),
    ]
    for rang in dict.fromkeys(p.percentile for p in nationaux):
        de_rang = {p.indicateur: _percentile_ecrit(p) for p in nationaux if p.percentile == rang}
        lignes.append((f"P{rang} national", *(de_rang[o.indicateur] for o in objectifs)))
    return TableauDeGraphique(f"{TITRE}, en patients", ("Repère", *(o.libelle for o in objectifs)), tuple(lignes))
