"""Month by month over the contract: the instalments of the aid against the monthly cost of the assistant."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt

from binome import francais
from binome.documents.graphiques import style
from binome.documents.graphiques.calques import calque, etendue, largeur_du_texte, texte, textes, x, y
from binome.documents.graphiques.rendu import Dessin
from binome.documents.graphiques.tableau import TableauDeGraphique
from binome.simulation import Annee, CoutAnnuel, Resultat
from binome.simulation.mots import ecriture

INCONNU = "non déterminé"
TITRE = "Versements de l’aide et coût de l’assistant, mois par mois"
ABREGES = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")

#: Wide layout: heights in pixels of what is above the tallest bar, of that bar, and of a line of text.
SOMMET, BATON_HAUT, INTERLIGNE = 40, 180, 18
#: Narrow layout: width of the column of years, height of a year, length kept for the longest label.
COLONNE, ANNEE_HAUTE = 104, 92
EPAISSEUR = 16


def modele() -> alt.TopLevelMixin:
    """The chart of every situation and width: along the page when it is wide, down the page when it is narrow."""
    ferme = "datum.ferme"
    separations = (
        calque("separations").mark_rule(color=style.REGLE, strokeWidth=1).encode(x=x(), x2="x2", y=y(), y2="y2")
    )
    charge = calque("charges").mark_rect(fill=style.BRIQUE_PALE).encode(x=x(), x2="x2", y=y(), y2="y2")
    versements = (
        calque("versements")
        .mark_rect(stroke=style.ACCENT, strokeWidth=1.5, strokeDash=alt.ExprRef(f"{ferme} ? [1, 0] : [4, 3]"))
        .encode(
            x=x(),
            x2="x2",
            y=y(),
            y2="y2",
            fill=alt.condition(ferme, alt.value(style.ACCENT), alt.value(style.ACCENT_PALE)),
        )
    )
    cout = calque("couts").mark_rule(color=style.BRIQUE, strokeWidth=2.5).encode(x=x(), x2="x2", y=y(), y2="y2")
    base = calque("axe").mark_rule(color=style.REGLE, strokeWidth=1.5).encode(x=x(), x2="x2", y=y(), y2="y2")
    return alt.layer(separations, charge, base, versements, cout, textes())


MODELES = (modele,)


@dataclass(frozen=True)
class _Mois:
    """What is paid in one month, in cents: an amount for sure, and an amount at most."""

    debut: datetime.date
    ferme: int
    au_plus: int
    libelles: tuple[str, ...]

    @property
    def montant(self) -> int:
        return self.ferme + self.au_plus

    @property
    def ecrit(self) -> str:
        return f"{'≤' + francais.INSECABLE if self.au_plus else ''}{francais.euros(self.montant)}"


def _mois_verses(annees: tuple[Annee, ...]) -> list[_Mois]:
    """The months in which something is paid, in order."""
    par_mois: dict[datetime.date, list[tuple[int, bool, str]]] = defaultdict(list)
    for annee in annees:
        for versement in annee.versements:
            if versement.date is not None:
                par_mois[versement.date.replace(day=1)].append((versement.montant, annee.au_plus, versement.libelle))
    return [
        _Mois(
            debut=debut,
            ferme=sum(montant for montant, borne, _ in lignes if not borne),
            au_plus=sum(montant for montant, borne, _ in lignes if borne),
            libelles=tuple(libelle for _, _, libelle in lignes),
        )
        for debut, lignes in sorted(par_mois.items())
    ]


def _cout(resultat: Resultat) -> tuple[CoutAnnuel, ...]:
    """The yearly costs of the option shown; empty when nothing is priced."""
    if resultat.cout is None or not resultat.annees:
        return ()
    montree = next((o.option for o in resultat.options if o.choisie), "groupe")
    return next((c.annees for c in resultat.cout.options if c.option == montree), ())


def _cout_ecrit(annee: CoutAnnuel) -> str:
    """The monthly cost to the euro: an estimate has no cents."""
    return ecriture.euros_ronds(annee.cout_mensuel)


def _mois_ecrit(date: datetime.date) -> str:
    return f"{francais.MOIS[date.month - 1]} {date.year}"


def _mois_abrege(date: datetime.date) -> str:
    return f"{ABREGES[date.month - 1]}{francais.INSECABLE}{date.year}"


@dataclass(frozen=True)
class _Temps:
    """Days to pixels, along the contract."""

    debut: datetime.date
    fin: datetime.date
    depart: float
    longueur: float

    def pixel(self, jour: datetime.date) -> float:
        return round(self.depart + (jour - self.debut).days / (self.fin - self.debut).days * self.longueur, 1)


def _temps(resultat: Resultat, mois: list[_Mois], depart: float, longueur: float) -> _Temps:
    fin = max([annee.fin for annee in resultat.annees] + [m.debut + datetime.timedelta(days=31) for m in mois])
    return _Temps(min(a.debut for a in resultat.annees).replace(day=1), fin, depart, longueur)


def dessiner(resultat: Resultat, largeur: int) -> Dessin:
    """The data of the chart, laid out for `largeur` pixels."""
    calques: dict[str, list[dict[str, Any]]] = {
        nom: [] for nom in ("separations", "charges", "axe", "versements", "couts", "textes")
    }
    utile = largeur - 2 * style.MARGE
    if not resultat.annees:
        haut = 0.0
    elif largeur < style.ETROIT:
        haut = _en_colonne(calques, resultat, utile)
    else:
        haut = _en_ligne(calques, resultat, utile)
    haut += 8 if resultat.annees else 0
    for ligne in style.lignes_de(_note(resultat), utile):
        haut += INTERLIGNE
        calques["textes"].append(texte(0, haut, ligne))
    return Dessin(
        modele=modele,
        titre=TITRE,
        description=_description(resultat),
        largeur=largeur,
        hauteur=round(haut + 6) + 2 * style.MARGE,
        donnees=calques,
    )


def _plafond(mois: list[_Mois], couts: tuple[CoutAnnuel, ...]) -> int:
    """The highest amount drawn; never zero."""
    return max([m.montant for m in mois] + [c.cout_mensuel for c in couts] + [1])


def _en_ligne(calques: dict[str, list[dict[str, Any]]], resultat: Resultat, largeur: float) -> float:
    """Years from left to right; the bottom of the chart."""
    mois, couts = _mois_verses(resultat.annees), _cout(resultat)
    temps = _temps(resultat, mois, 0, largeur)
    plafond = _plafond(mois, couts)
    axe = SOMMET + BATON_HAUT

    def hauteur(montant: int) -> float:
        return round(montant / plafond * BATON_HAUT, 1)

    plus_haut_cout = max((hauteur(c.cout_mensuel) for c in couts), default=0.0)
    poses = calques["textes"]
    calques["axe"].append({"x": 0, "x2": largeur, "y": axe, "y2": axe})
    etiquettes = []
    for m in mois:
        milieu = min(max(temps.pixel(m.debut + datetime.timedelta(days=14)), EPAISSEUR / 2), largeur - EPAISSEUR / 2)
        bornes = {"x": milieu - EPAISSEUR / 2, "x2": milieu + EPAISSEUR / 2}
        ferme, sommet = axe - hauteur(m.ferme), axe - hauteur(m.montant)
        if m.ferme:
            calques["versements"].append({**bornes, "y": ferme, "y2": axe, "ferme": True})
        if m.au_plus:
            calques["versements"].append({**bornes, "y": sommet, "y2": ferme, "ferme": False})
        au_dessus = min(sommet, axe - plus_haut_cout) - 7
        centre = _dedans(milieu, m.ecrit, "versement", largeur)
        etiquettes.append(texte(centre, au_dessus, m.ecrit, "versement", "middle"))
    for annee in resultat.annees:
        if not annee.versements:
            milieu = (temps.pixel(annee.debut) + temps.pixel(annee.fin)) / 2
            etiquettes.append(texte(milieu, axe - 7 - plus_haut_cout, _sans_versement(annee), "detail", "middle"))
    poses += _sans_rencontre(etiquettes)
    dates = [
        texte(
            _dedans(temps.pixel(m.debut + datetime.timedelta(days=14)), _mois_abrege(m.debut), "detail", largeur),
            axe + 18,
            _mois_abrege(m.debut),
            "detail",
            "middle",
        )
        for m in mois
    ]
    rangs = style.rangees([etendue(d) for d in dates])
    poses += [{**d, "y": d["y"] + 16 * rang} for d, rang in zip(dates, rangs, strict=True)]
    bas = axe + 18 + 16 * max(rangs, default=0)
    accolade = bas + 16
    for annee in resultat.annees:
        debut, fin = temps.pixel(annee.debut), temps.pixel(annee.fin)
        calques["separations"].append({"x": debut, "x2": fin - 5, "y": accolade, "y2": accolade})
        poses.append(texte(debut, accolade + INTERLIGNE, f"Année {annee.rang}", "gras"))
    dits = _couts_dits(couts, temps)
    for c in couts:
        debut, fin = temps.pixel(c.debut), temps.pixel(c.fin)
        niveau = axe - hauteur(c.cout_mensuel)
        calques["charges"].append({"x": debut, "x2": fin, "y": niveau, "y2": axe})
        calques["couts"].append({"x": debut, "x2": fin, "y": niveau, "y2": niveau})
        for rang, dit in enumerate(dits[c.rang], start=2):
            poses.append(texte(debut, accolade + rang * INTERLIGNE, dit, "cout"))
    for avant, apres in pairwise(couts):
        jour = temps.pixel(apres.debut)
        niveaux = [axe - hauteur(c.cout_mensuel) for c in (avant, apres)]
        calques["couts"].append({"x": jour, "x2": jour, "y": niveaux[0], "y2": niveaux[1]})
    return accolade + (1 + max(map(len, dits.values()), default=0)) * INTERLIGNE


def _couts_dits(couts: tuple[CoutAnnuel, ...], temps: _Temps) -> dict[int, tuple[str, ...]]:
    """What is written of the cost under each year: one line, or two for all when a year is too narrow for one."""
    entiers = {c.rang: f"coût {_cout_ecrit(c)} / mois" for c in couts}
    places = {c.rang: temps.pixel(c.fin) - temps.pixel(c.debut) for c in couts}
    if all(largeur_du_texte(dit, "cout") <= places[rang] - 4 for rang, dit in entiers.items()):
        return {rang: (dit,) for rang, dit in entiers.items()}
    return {c.rang: (f"coût {_cout_ecrit(c)}", "par mois") for c in couts}


def _en_colonne(calques: dict[str, list[dict[str, Any]]], resultat: Resultat, largeur: float) -> float:
    """Years from top to bottom, bars to the right; the bottom of the chart."""
    mois, couts = _mois_verses(resultat.annees), _cout(resultat)
    temps = _temps(resultat, mois, 12, ANNEE_HAUTE * len(resultat.annees))
    plafond = _plafond(mois, couts)
    etiquette = max([largeur_du_texte(m.ecrit, "versement") for m in mois] + [60]) + 12
    longueur_du_plus_haut = largeur - COLONNE - etiquette

    def longueur(montant: int) -> float:
        return round(montant / plafond * longueur_du_plus_haut, 1)

    poses = calques["textes"]
    fin_de_l_axe = temps.depart + temps.longueur
    calques["axe"].append({"x": COLONNE, "x2": COLONNE, "y": temps.depart, "y2": fin_de_l_axe})
    for m in mois:
        milieu = temps.pixel(m.debut + datetime.timedelta(days=14))
        bornes = {"y": milieu - EPAISSEUR / 2, "y2": milieu + EPAISSEUR / 2}
        ferme, bout = COLONNE + longueur(m.ferme), COLONNE + longueur(m.montant)
        if m.ferme:
            calques["versements"].append({**bornes, "x": COLONNE, "x2": ferme, "ferme": True})
        if m.au_plus:
            calques["versements"].append({**bornes, "x": ferme, "x2": bout, "ferme": False})
        apres = max([bout] + [COLONNE + longueur(c.cout_mensuel) for c in couts]) + 7
        poses.append(texte(apres, milieu + 1, m.ecrit, "versement"))
        poses.append(texte(apres, milieu + 15, _mois_abrege(m.debut)))
    for annee in resultat.annees:
        debut = temps.pixel(annee.debut)
        calques["separations"].append({"x": 0, "x2": COLONNE, "y": debut, "y2": debut})
        poses.append(texte(0, debut + 17, f"Année {annee.rang}", "gras"))
        if not annee.versements:
            # In the middle of the year: the balance of the year before may be paid at its start.
            milieu = (debut + temps.pixel(annee.fin)) / 2
            poses.append(texte(COLONNE + 8, milieu, _sans_versement(annee)))
    for c in couts:
        debut, fin = temps.pixel(c.debut), temps.pixel(c.fin)
        bout = COLONNE + longueur(c.cout_mensuel)
        calques["charges"].append({"x": COLONNE, "x2": bout, "y": debut, "y2": fin})
        calques["couts"].append({"x": bout, "x2": bout, "y": debut, "y2": fin})
        poses.append(texte(0, debut + 35, f"coût {_cout_ecrit(c)}", "cout"))
        poses.append(texte(0, debut + 51, "par mois", "cout"))
    return fin_de_l_axe


def _dedans(milieu: float, ecrit: str, genre: str, largeur: float) -> float:
    """The middle of a text moved so that the text stays inside the chart."""
    demi = largeur_du_texte(ecrit, genre) / 2
    return min(max(milieu, demi), largeur - demi)


def _sans_rencontre(etiquettes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labels, each raised above those that it would touch."""
    placees: list[dict[str, Any]] = []
    for etiquette in etiquettes:
        posee = dict(etiquette)
        gauche, droite = etendue(posee)
        for autre in sorted(placees, key=lambda p: -p["y"]):
            debut, fin = etendue(autre)
            if gauche < fin + 4 and debut < droite + 4 and abs(autre["y"] - posee["y"]) < INTERLIGNE - 2:
                posee["y"] = autre["y"] - INTERLIGNE + 2
        placees.append(posee)
    return placees


def _sans_versement(annee: Annee) -> str:
    return INCONNU if annee.montant_prevu is None else "aucun versement"


def _note(resultat: Resultat) -> str:
    """How to read the chart, in a sentence or two."""
    if not resultat.annees:
        if resultat.verdict.eligible == "non":
            return "Aide refusée : aucun versement."
        return "Aucune option choisie : versements non déterminés."
    deux_points = f"{francais.INSECABLE}: "
    cles = [f"Bâtons{deux_points}versements de l’aide"]
    if any(annee.au_plus and annee.versements for annee in resultat.annees):
        cles.append(f"pointillé (≤){deux_points}au plus, selon vos résultats")
    if _cout(resultat):
        cles.append(f"trait{deux_points}coût mensuel de l’assistant")
    phrases = [f"{francais.FINE}; ".join(cles) + "."]
    if any(v.date is None for annee in resultat.annees for v in annee.versements):
        phrases.append("Un versement dont la date est inconnue n’est pas dessiné.")
    return " ".join(phrases)


def _description(resultat: Resultat) -> str:
    mois, couts = _mois_verses(resultat.annees), _cout(resultat)
    phrases = [f"{_mois_ecrit(m.debut)} : {'au plus ' if m.au_plus else ''}{francais.euros(m.montant)}." for m in mois]
    phrases += [f"Année {c.rang}, coût de l’assistant : {_cout_ecrit(c)} par mois." for c in couts]
    return " ".join([*phrases, _note(resultat)])


def tableau(resultat: Resultat) -> TableauDeGraphique:
    """Every number of the chart: the months in which something is paid or the cost changes."""
    verses = {m.debut: m for m in _mois_verses(resultat.annees)}
    couts = _cout(resultat)
    ouvertures = {annee.debut.replace(day=1): annee for annee in resultat.annees}
    lignes = []
    for debut in sorted({*verses, *ouvertures}):
        rang = max((a.rang for d, a in ouvertures.items() if d <= debut), default=1)
        m = verses.get(debut)
        cout = next((_cout_ecrit(c) for c in couts if c.rang == rang), INCONNU)
        montant, libelle = "—", "—"
        if m is not None:
            montant = f"{'au plus ' if m.au_plus else ''}{francais.euros(m.montant)}"
            libelle = francais.enumeration(list(m.libelles))
        elif not ouvertures[debut].versements:
            montant = _sans_versement(ouvertures[debut])
        lignes.append((_mois_ecrit(debut), str(rang), montant, libelle, cout))
    for annee in resultat.annees:
        for v in annee.versements:
            if v.date is None:
                montant = f"{'au plus ' if annee.au_plus else ''}{francais.euros(v.montant)}"
                lignes.append(("Date non déterminée", str(annee.rang), montant, v.libelle, "—"))
    colonnes = ("Mois", "Année du contrat", "Versement", "Nature", "Coût de l’assistant, par mois")
    return TableauDeGraphique(TITRE, colonnes, tuple(lignes))
