"""Write binome/simulation/cout/donnees: what an employer pays, by period of constant rules, from OpenFisca-France.

`make bareme-cout` runs it in an isolated environment. A period holds:

* contributions before relief: straight segments of the gross salary (a slope and a constant each);
* the relief: its rate moves by whole ten-thousandths, so that the gross salary where each step ends, to the cent, says
  it exactly, rounding rule included. An interpolated table would miss by up to one step, two euros a year.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bareme_cout.france import Vecteur, mois_de, postes, systeme, taux_d_allegement

DONNEES = Path(__file__).parent.parent / "binome" / "simulation" / "cout" / "donnees"
ANNEES = range(2019, 2027)
#: Gross monthly salaries covered, in cents.
BAS, HAUT = 100_000, 1_200_000
#: Farther than this from OpenFisca-France (euros a month, its own rounding of each contribution), a segment is wrong.
TOLERANCE = 0.04
#: Slopes are sums of contribution rates, written to the hundred-thousandth.
CENT_MILLIEME = 100_000

HYPOTHESES = [
    "Employeur de moins de onze salariés, hors Alsace-Moselle et outre-mer, sans versement mobilité",
    "Salarié non cadre du régime général, même salaire chaque mois, sans heure supplémentaire",
    "Taux d'accident du travail de la classe de risque faible d'OpenFisca-France, non celui notifié par la Carsat",
    "Réductions calculées mois par mois ; cumul annuel égal à celui d'OpenFisca-France de janvier à décembre",
    "Plafond de la sécurité sociale entier en février (OpenFisca-France le réduit à 28 trentièmes)",
    "Taxe d'apprentissage et taxe sur les salaires à part",
    "Temps partiel : le barème du temps plein au salaire reconstitué, SMIC et plafond proratisés",
]


def sonde() -> Vecteur:
    """Gross salaries, one per 5 €, on which months are compared and segments checked."""
    return np.arange(BAS, HAUT + 1, 500) / 100


def segments(mois: str, bruts: Vecteur, cotisations: Vecteur) -> tuple[list[dict[str, Any]], float]:
    """Contributions as two straight segments, below and above the social security ceiling, and the worst gap."""
    plafond = round(100 * systeme().parameters(mois).prelevements_sociaux.pss.plafond_securite_sociale_mensuel)
    trouves, pire = [], 0.0
    for jusqu_a, ici in ((plafond, bruts * 100 <= plafond), (None, bruts * 100 > plafond)):
        pente, _ = np.polyfit(bruts[ici], cotisations[ici], 1)
        taux = round(pente * CENT_MILLIEME)
        constante = float(np.mean(cotisations[ici] - bruts[ici] * taux / CENT_MILLIEME))
        centimes = 0 if jusqu_a else round(100 * constante)
        ecart = float(np.abs(bruts[ici] * taux / CENT_MILLIEME + centimes / 100 - cotisations[ici]).max())
        if ecart > TOLERANCE:
            raise ValueError(f"{mois}: contributions are not straight ({ecart:.3f} € a month)")
        pire = max(pire, ecart)
        trouves.append({"jusqu_a": jusqu_a, "taux": taux, "constante": centimes})
    return trouves, pire


def marches(mois: str) -> dict[str, Any]:
    """Highest relief rate, and the gross salary (cents) up to which each lower rate is still reached or exceeded."""
    maximum = int(taux_d_allegement(mois, np.array([BAS / 100]))[0])
    taux = np.arange(maximum, 0, -1)
    bas, haut = np.full(len(taux), BAS), np.full(len(taux), HAUT)
    while (haut - bas).max() > 1:
        milieu = (bas + haut) // 2
        atteint = taux_d_allegement(mois, milieu / 100) >= taux
        bas, haut = np.where(atteint, milieu, bas), np.where(atteint, haut, milieu)
    return {"taux_maximal": maximum, "ecarts": np.diff(bas, prepend=0).tolist()}


def periodes(annees: range) -> tuple[list[dict[str, Any]], float]:
    """The periods of constant rules, oldest first, and the worst gap met."""
    bruts, trouvees, pire, precedents = sonde(), [], 0.0, None
    for annee in annees:
        for mois, lignes in postes(annee, bruts).items():
            vus = {nom: np.round(valeurs, 4) for nom, valeurs in lignes.items()}
            if precedents and all(np.allclose(vus[nom], precedents[nom], atol=1e-3) for nom in vus):
                continue
            precedents = vus
            droites, ecart = segments(mois, bruts, lignes["cotisations"])
            pire = max(pire, ecart)
            trouvees.append(
                {
                    "depuis": f"{mois}-01",
                    "cotisations": droites,
                    "formation": _taux(lignes["formation"], bruts),
                    "taxe_apprentissage": _taux(lignes["taxe_apprentissage"], bruts),
                    "allegement": marches(mois),
                }
            )
            print(mois, "écart", round(ecart, 4), flush=True)
    return trouvees, pire


def _taux(montants: Vecteur, bruts: Vecteur) -> int:
    return round(float(np.median(montants / bruts)) * CENT_MILLIEME)


def smic(annees: range) -> list[tuple[str, int]]:
    """Gross monthly SMIC (cents, 35 hours a week) from each month where it moves."""
    montants: list[tuple[str, int]] = []
    for mois in (mois for annee in annees for mois in mois_de(annee)):
        horaire = systeme().parameters(mois).marche_travail.salaire_minimum.smic.smic_b_horaire
        mensuel = round(horaire * 100 * 35 * 52 / 12)
        if not montants or montants[-1][1] != mensuel:
            montants.append((f"{mois}-01", mensuel))
    return montants


def taxe_salaires(annees: range) -> list[dict[str, Any]]:
    """Rates (ten-thousandths), thresholds, franchise and décote (euros) of the taxe sur les salaires, by year."""
    lignes = []
    for annee in annees:
        taxe = (
            systeme().parameters(f"{annee}-12").prelevements_sociaux.autres_taxes_participations_assises_salaires.taxsal
        )
        bareme = taxe.taux_maj
        majorations = dict(zip(bareme.thresholds, bareme.rates, strict=True))
        (seuil_1, taux_1), (seuil_2, taux_2) = [(s, t) for s, t in sorted(majorations.items()) if t][:2]
        lignes.append(
            {
                "annee": annee,
                "taux_normal": round(taxe.metro * 10_000),
                "seuil_1": round(seuil_1),
                "majoration_1": round(taux_1 * 10_000),
                "seuil_2": round(seuil_2),
                "majoration_2": round(taux_2 * 10_000),
                "franchise": round(taxe.franchise),
                "decote_plafond": round(taxe.decote_montant),
                "decote_taux": round(taxe.decote_taux * 10_000),
            }
        )
    return lignes


def ecrire(dossier: Path, annees: range) -> None:
    """Write the three files of a folder."""
    dossier.mkdir(parents=True, exist_ok=True)
    trouvees, pire = periodes(annees)
    entete = {
        "titre": "Cotisations patronales d'un salarié de cabinet médical, par période de règles constantes",
        "openfisca_france": version("openfisca-france"),
        "openfisca_core": version("openfisca-core"),
        "genere_le": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "annees": [annees[0], annees[-1]],
        "brut_minimal": BAS,
        "brut_maximal": HAUT,
        "ecart_mensuel_maximal": round(pire, 4),
        "hypotheses": HYPOTHESES,
    }
    lignes = ",\n".join(json.dumps(p, separators=(",", ":")) for p in trouvees)
    texte = json.dumps(entete, ensure_ascii=False, indent=1)[:-2] + f',\n "periodes": [\n{lignes}\n]}}\n'
    (dossier / "bareme.json").write_text(texte, encoding="utf-8")
    _csv(dossier / "smic.csv", ["depuis", "smic_mensuel_centimes"], smic(annees))
    taxes = taxe_salaires(annees)
    _csv(dossier / "taxe_salaires.csv", list(taxes[0]), [list(taxe.values()) for taxe in taxes])


def _csv(chemin: Path, entetes: list[str], lignes: list[Any]) -> None:
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.writer(fichier, lineterminator="\n")
        ecrivain.writerow(entetes)
        ecrivain.writerows(lignes)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--dossier", type=Path, default=DONNEES)
    options.add_argument("--annees", type=int, nargs=2, default=(ANNEES[0], ANNEES[-1]), metavar=("DE", "À"))
    choix = options.parse_args()
    ecrire(choix.dossier, range(choix.annees[0], choix.annees[1] + 1))
