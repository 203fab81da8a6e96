"""The same rules, written by hand in NumPy for the doctors of the bench: what the law as code is measured against.

Individual contracts of every regime, without switch, renewal, interruption, result nor notified figure: those of
`population.medecins`. The figures come from the law's parameters, read once (`Figures`); the rules are written here a
second time, straight on, without variables, trace, certainty nor packets. A test holds that both give the same
figures on the bench's doctors: without it, the ratio would mean nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.distributions import (
    INFINI,
    MARGES,
    PERCENTILES,
    Marges,
    distributions_de,
)
from openfisca_assistants_medicaux.nomenclatures import (
    INDICATEURS,
    Bande,
    Option,
    Regime,
    Reponse,
    Secteur,
    Specialite,
    Zone,
)

Colonne = NDArray[Any]
#: Verdict of a condition.
OUI, INCONNU, NON = 1, 0, -1
LIMITES = (30, 50, 70, 90, 95)
TAUX = ("p30_p50", "p50_p70", "p70_p90", "p90_p95", "p95_plus")
ANNEES = 5
MILLION = 1_000_000


class Figures:
    """The law's figures as arrays, as known on a day."""

    def __init__(self, loi: Any, date: datetime.date) -> None:
        self.loi = loi
        self.date = np.datetime64(date, "D")
        self._lues: dict[Any, tuple[Colonne, Colonne]] = {}
        marges = [self._valeurs(chemin)[1] for chemin in MARGES]
        distributions = distributions_de(loi)
        table = distributions.table(Marges(*(float(valeurs[-1]) for valeurs in marges)))
        self.codes = distributions.codes()
        # Distribution, specialty, indicator, percentile.
        self.bas, self.haut = table.bas, table.haut

    def _valeurs(self, chemin: str) -> tuple[Colonne, list[Any]]:
        noeud = self.loi.parameters
        for morceau in chemin.split("."):
            if morceau not in noeud.children:
                # The law has no such parameter: an unknown.
                return np.array([], dtype="datetime64[D]"), []
            noeud = noeud.children[morceau]
        connues = [
            v
            for v in reversed(noeud.values_list)
            if np.datetime64(v.metadata.get("connu_le", v.instant_str), "D") <= self.date
        ]
        return np.array([v.instant_str for v in connues], dtype="datetime64[D]"), [v.value for v in connues]

    def lire(self, chemin: str, dates: Colonne, lecture: Callable[[Any], Any], sinon: Any = np.nan) -> Colonne:
        """The value in force at each date, as `lecture` makes it a number (or a line of a table); `sinon` without."""
        cle = (chemin, lecture)
        if cle not in self._lues:
            effets, valeurs = self._valeurs(chemin)
            self._lues[cle] = effets, np.array([sinon, *(sinon if v is None else lecture(v) for v in valeurs)])
        effets, table = self._lues[cle]
        return table[np.searchsorted(effets, dates, side="right")]

    def nombre(self, chemin: str, dates: Colonne) -> Colonne:
        """A number; NaN when unknown."""
        return self.lire(chemin, dates, float)

    def dans(self, chemin: str, dates: Colonne, codes: Colonne, liste: Any) -> tuple[Colonne, Colonne]:
        """(is the member in the list in force, is that list known)."""
        cle = (chemin, liste)
        if cle not in self._lues:
            effets, valeurs = self._valeurs(chemin)
            table = np.zeros((len(valeurs) + 1, len(list(liste)) + 1), dtype=bool)
            for rang, noms in enumerate(valeurs, start=1):
                for nom in noms or ():
                    table[rang, liste[nom].index] = True
                table[rang, -1] = noms is not None
            self._lues[cle] = effets, table
        effets, table = self._lues[cle]
        rangs = np.searchsorted(effets, dates, side="right")
        return table[rangs, codes], table[rangs, -1]

    def bareme(self, chemins: Mapping[int, str], cles: Colonne, dates: Colonne) -> Colonne:
        """Each row reads the parameter of its key, in euros; NaN when unknown or without parameter."""
        cle = tuple(chemins.items())
        if cle not in self._lues:
            toutes = {chemin: self._valeurs(chemin) for chemin in chemins.values()}
            effets = np.unique(np.concatenate([dates_effet for dates_effet, _ in toutes.values()]))
            table = np.full((max(chemins) + 1, len(effets) + 1), np.nan)
            for code, chemin in chemins.items():
                dates_effet, valeurs = toutes[chemin]
                places = np.searchsorted(dates_effet, effets, side="right") - 1
                table[code, 1:] = [np.nan if p < 0 or valeurs[p] is None else valeurs[p] for p in places]
            self._lues[cle] = effets, table
        effets, table = self._lues[cle]
        return table[cles, np.searchsorted(effets, dates, side="right")]


_REGIME = {regime.name: regime.index for regime in Regime}
_POPULATION = {"adultes_plus_16": 0.0, "adultes_et_enfants": 1.0}
_RETENU = {"meilleur": 0.0, "patientele_mt": 1.0, "les_deux": 2.0}
_FORMULE = {"grille_par_bande": 0.0, "droite_continue": 1.0}
_ARRONDI = {"entier_inferieur": 0.0, "au_plus_proche": 1.0}


@dataclass
class Positions:
    """Where each doctor stands: bands surely and possibly reached."""

    sures: Colonne
    possibles: Colonne


def calculer(f: Figures, c: Mapping[str, Colonne]) -> dict[str, Colonne]:
    """Every figure that the bench asks, for columns of the law's types."""
    signature, specialite, option = c["date_signature"], c["specialite"], c["option"]
    generaliste = specialite == Specialite.medecine_generale.index
    adultes = f.lire("eligibilite.seuil.population", signature, _POPULATION.__getitem__, -1.0)
    mt = np.where(adultes < 0, -1, np.where(adultes == 0, c["patientele_mt_adultes"], c["patientele_mt"]))
    fa = c["file_active"]
    distribution = f.lire("eligibilite.seuil.date_distribution", signature, f.codes.__getitem__, f.codes[""]).astype(
        int
    )
    suivi_mt = _suivi_mt(f, signature, specialite)
    r: dict[str, Colonne] = {"regime": f.lire("regimes.regime", signature, _REGIME.__getitem__, 0)}
    patients = np.where(generaliste, mt, fa)
    seuil_bas, seuil_haut = _seuil(f, signature, specialite, distribution)
    r["seuil_activite"] = np.where((seuil_bas == seuil_haut) & (seuil_haut < INFINI), seuil_bas, -1)
    manque = np.maximum(r["seuil_activite"] - patients, 0)
    r["patients_manquants"] = np.where((r["seuil_activite"] >= 0) & (patients >= 0), manque, -1)
    seuil = np.where(patients >= seuil_haut, OUI, np.where(patients < seuil_bas, NON, INCONNU))
    seuil = np.where(_beaucoup_d_enfants(f, c), OUI, seuil)
    zone = _zone(f, c, distribution, patients)
    du_medecin = [seuil, *_du_medecin(f, c, zone)]
    r["eligible_medecin"] = _tous(du_medecin)
    r["eligible"] = _tous([*du_medecin, zone])
    ouverte, _ = f.dans("options.ouvertes_aux_nouveaux_contrats", signature, option, Option)
    r["option_ouverte"] = _tous([np.where(ouverte, OUI, NON), zone])
    p = _positions(f, signature, specialite, distribution, mt, fa, suivi_mt)
    r["bande_basse"], r["bande_haute"] = Bande.moins_de_p30.index + p.sures, Bande.moins_de_p30.index + p.possibles
    _objectifs(f, c, r, p, mt, suivi_mt, distribution)
    _argent(f, c, r, p)
    return r


def _beaucoup_d_enfants(f: Figures, c: Mapping[str, Colonne]) -> Colonne:
    """A large share of children, deduced from the total and the adults, waives the threshold."""
    totale, adultes = c["patientele_mt"].astype(np.int64), c["patientele_mt_adultes"].astype(np.int64)
    part = f.nombre("eligibilite.derogations.part_enfants_moins_16", c["date_signature"])
    millioniemes = np.where(np.isnan(part), 0, np.rint(np.where(np.isnan(part), 0, part) * 1_000_000)).astype(np.int64)
    connus = (totale > 0) & (adultes >= 0) & (adultes <= totale)
    return connus & ~np.isnan(part) & ((totale - adultes) * 1_000_000 > millioniemes * totale)


def _suivi_mt(f: Figures, signature: Colonne, specialite: Colonne) -> Colonne:
    """Whether patients « médecin traitant » are followed beside the active file."""
    nombre = {
        nom: f.lire(f"objectifs.indicateurs.{nom}", signature, len, -1)
        for nom in ("medecine_generale", "pediatrie", "autres_specialites")
    }
    propre = np.where(
        specialite == Specialite.medecine_generale.index,
        nombre["medecine_generale"],
        np.where(specialite == Specialite.pediatrie.index, nombre["pediatrie"], -1),
    )
    return np.where(propre > 0, propre, nombre["autres_specialites"]) == len(INDICATEURS)


def _seuil(f: Figures, signature: Colonne, specialite: Colonne, distribution: Colonne) -> tuple[Colonne, Colonne]:
    publie = np.where(
        specialite == Specialite.medecine_generale.index,
        f.nombre("eligibilite.seuil.medecine_generale", signature),
        np.where(
            specialite == Specialite.cardiologie_vasculaire.index,
            f.nombre("eligibilite.seuil.cardiologie", signature),
            np.nan,
        ),
    )
    connu = ~np.isnan(publie)
    percentile = f.lire("eligibilite.seuil.percentile_minimal", signature, PERCENTILES.index, -1).astype(int)
    bas, haut = (table[distribution, specialite, 1, percentile] for table in (f.bas, f.haut))
    chiffre = np.where(connu, publie, 0).astype(np.int64)
    bas, haut = np.where(percentile < 0, 0, bas), np.where(percentile < 0, INFINI, haut)
    return np.where(connu, chiffre, bas), np.where(connu, chiffre, haut)


def _zone(f: Figures, c: Mapping[str, Colonne], distribution: Colonne, patients: Colonne) -> Colonne:
    """The zone that a full time asks for, and the patients that a ZAC asks for."""
    signature, zone, specialite = c["date_signature"], c["zone"], c["specialite"]
    visee = (c["option"] == Option.un_etp.index) & (f.lire("options.un_etp.zones_requises", signature, len, -1) > 0)
    admise, _ = f.dans("options.un_etp.zones_requises", signature, zone, Zone)
    percentile = f.lire("options.un_etp.zac_percentile_minimal", signature, PERCENTILES.index, -1).astype(int)
    soumise = visee & (zone == Zone.zac.index) & (percentile >= 0)
    indicateur = np.where(specialite == Specialite.medecine_generale.index, 0, 1)
    bas, haut = (table[distribution, specialite, indicateur, percentile] for table in (f.bas, f.haut))
    remplie = admise & (~soumise | (patients >= haut))
    refusee = ~admise | (soumise & (patients < bas))
    return np.where(~visee | remplie, OUI, np.where(refusee, NON, INCONNU))


def _du_medecin(f: Figures, c: Mapping[str, Colonne], zone: Colonne) -> list[Colonne]:
    """The doctor's other conditions."""
    signature, specialite = c["date_signature"], c["specialite"]
    admis, connu = f.dans("eligibilite.secteurs_admis", signature, c["secteur"], Secteur)
    conventionnement = np.where(admis, OUI, np.where(connu, NON, INCONNU))

    exclue, liste_connue = f.dans("eligibilite.specialites_exclues", signature, specialite, Specialite)
    partout, zonage = f.dans("eligibilite.specialites_france_entiere", signature, specialite, Specialite)
    admise = np.where(zonage, partout, liste_connue & ~exclue)
    de_la_specialite = np.where(admise, OUI, np.where(~zonage & exclue, NON, INCONNU))

    visee, _ = f.dans("eligibilite.honoraires_cliniques.specialites", signature, specialite, Specialite)
    minimum = f.nombre("eligibilite.honoraires_cliniques.minimum", signature)
    part = np.rint(c["part_honoraires_cliniques"] * MILLION)
    assez = part >= np.rint(np.nan_to_num(minimum) * MILLION)
    honoraires = np.where(~visee, OUI, np.where(np.isnan(minimum), INCONNU, np.where(assez, OUI, NON)))

    exige = f.nombre("eligibilite.exercice_regroupe.exige", signature)
    regroupe = c["nombre_medecins_lieu"] >= f.nombre("eligibilite.exercice_regroupe.nombre_medecins_minimum", signature)
    dispensee, _ = f.dans("eligibilite.exercice_regroupe.zones_dispensees", signature, c["zone"], Zone)
    # A doctor alone in a ZAC is dispensed for the full time only, on the conditions of the zone; sharing is not told.
    en_zac = dispensee & (c["zone"] == Zone.zac.index)
    pour_un_temps_plein = (zone == OUI) & (c["option"] == Option.un_etp.index)
    dispense = dispensee & (~en_zac | pour_un_temps_plein)
    exercice = np.where((exige == 0) | regroupe | dispense, OUI, INCONNU)

    coordonne = np.where(np.isnan(f.nombre("eligibilite.exercice_coordonne.delai", signature)), OUI, INCONNU)
    return [conventionnement, de_la_specialite, honoraires, exercice, coordonne]


def _tous(conditions: list[Colonne]) -> Colonne:
    """« Non » as soon as one fails, « oui » when all are met."""
    moins = conditions[0]
    for condition in conditions[1:]:
        moins = np.minimum(moins, condition)
    codes = np.array([Reponse.non.index, Reponse.indeterminee.index, Reponse.oui.index])
    return codes[moins + 1]


def _positions(
    f: Figures,
    signature: Colonne,
    specialite: Colonne,
    distribution: Colonne,
    mt: Colonne,
    fa: Colonne,
    suivi_mt: Colonne,
) -> Positions:
    """Limits surely and possibly reached, by the indicator that the rules retain."""
    regle = f.lire("distributions.indicateur_retenu", signature, _RETENU.__getitem__, -1.0)
    comptes = []
    for table in (f.haut, f.bas):
        atteintes = []
        for place, patients in enumerate((mt, fa)):
            atteintes.append(
                sum((patients >= table[distribution, specialite, place, PERCENTILES.index(limite)]).astype(np.int64)
                    for limite in LIMITES)
            )  # fmt: skip
        de_mt = np.where(suivi_mt, atteintes[0], atteintes[1])
        meilleur, moindre = np.maximum(de_mt, atteintes[1]), np.minimum(de_mt, atteintes[1])
        comptes.append(np.where(regle == 1, de_mt, np.where(regle == 2, moindre, meilleur)))
    return Positions(*comptes)


def _objectifs(
    f: Figures,
    c: Mapping[str, Colonne],
    r: dict[str, Colonne],
    p: Positions,
    mt: Colonne,
    suivi_mt: Colonne,
    distribution: Colonne,
) -> None:
    """Patients to gain, their bound and the number to reach, for both indicators."""
    signature, option, specialite = c["date_signature"], c["option"], c["specialite"]
    formule = f.lire("objectifs.formule", signature, _FORMULE.__getitem__, -1.0)
    borne_de_la_formule = f.lire("objectifs.borne_superieure", signature, _FORMULE.__getitem__, -1.0)
    grille, droite = formule == 0, formule == 1
    bornee = (formule < 0) & (borne_de_la_formule == 1)
    taux, taux_au_plus = _taux_de_la_grille(f, signature, option, p)
    generaliste = specialite == Specialite.medecine_generale.index
    p95 = p.sures == len(LIMITES)
    maintien = np.nan_to_num(f.nombre("objectifs.ra.demi_etp.p95", signature), nan=-1).astype(np.int64)
    demi = np.where(generaliste & (option == Option.demi_etp.index) & p95, maintien, -1)
    for nom, base, suivi in (("patientele_mt", mt, suivi_mt), ("file_active", c["file_active"], None)):
        arrondi = f.lire("objectifs.av7.arrondi", signature, _ARRONDI.__getitem__, -1.0)
        gain_grille = _part(base, taux, arrondi)
        au_plus = np.where(gain_grille >= 0, gain_grille, _part(base, taux_au_plus, arrondi))
        gain_droite = demi
        if nom == "patientele_mt":
            gain_droite = np.where(
                generaliste & (option == Option.un_etp.index),
                _droite(f, signature, specialite, distribution, base, p95),
                demi,
            )
        gain = np.where(grille, gain_grille, np.where(droite, gain_droite, -1))
        gain = np.where(bornee & (gain_droite == 0), 0, gain)
        borne = np.where(grille, au_plus, np.where(droite | bornee, gain_droite, -1))
        if suivi is not None:
            gain, borne = np.where(suivi, gain, -1), np.where(suivi, borne, -1)
        r[f"gain_{nom}"], r[f"borne_gain_{nom}"] = gain, borne
        r[f"cible_{nom}"] = np.where((base >= 0) & (gain >= 0), base + gain, -1)


def _taux_de_la_grille(f: Figures, signature: Colonne, option: Colonne, p: Positions) -> tuple[Colonne, Colonne]:
    """(rate when a single one is possible, nearest known rate at the lowest band or below), NaN without."""
    options = ("tiers_etp", "demi_etp", "un_etp")
    chemins = {
        Option[nom].index * len(TAUX) + rang: f"objectifs.av7.taux.{nom}.{bande}"
        for nom in options
        for rang, bande in enumerate(TAUX)
    }
    par_bande = [f.bareme(chemins, option * len(TAUX) + rang, signature) for rang in range(len(TAUX))]
    taux, borne = np.full(len(option), np.nan), np.full(len(option), np.nan)
    accord = p.sures >= 1
    for rang, de_la_bande in enumerate(par_bande, start=1):
        taux = np.where(p.sures == rang, de_la_bande, taux)
        borne = np.where((rang <= p.sures) & ~np.isnan(de_la_bande), de_la_bande, borne)
    for rang, de_la_bande in enumerate(par_bande, start=1):
        accord &= (rang < p.sures) | (rang > p.possibles) | (de_la_bande == taux)
    return np.where(accord, taux, np.nan), np.where(p.sures >= 1, borne, np.nan)


def _part(base: Colonne, taux: Colonne, arrondi: Colonne) -> Colonne:
    connu = ~np.isnan(taux) & (base >= 0)
    produit = np.maximum(base, 0) * np.rint(np.nan_to_num(taux) * MILLION).astype(np.int64)
    return np.where(connu, np.where(arrondi == 1, (2 * produit + MILLION) // (2 * MILLION), produit // MILLION), -1)


def _droite(
    f: Figures, signature: Colonne, specialite: Colonne, distribution: Colonne, base: Colonne, p95: Colonne
) -> Colonne:
    """The line of the règlement arbitral for a full time; -1 where it cannot be drawn."""
    p30, haut = (table[distribution, specialite, 0, PERCENTILES.index(30)] for table in (f.bas, f.haut))
    p99 = np.nan_to_num(f.nombre("objectifs.ra.un_etp.p99_patientele_mt", signature), nan=-1).astype(np.int64)
    coefficient = np.rint(np.nan_to_num(f.nombre("objectifs.ra.un_etp.coefficient_p30", signature)) * MILLION)
    plafond = f.nombre("objectifs.ra.un_etp.plafond_p95", signature)
    arrondi = f.lire("objectifs.ra.arrondi", signature, _ARRONDI.__getitem__, -1.0)
    connue = (base >= 0) & (p30 == haut) & (haut < INFINI) & (base >= p30) & (p99 >= 0)
    p30, p99 = np.where(connue, p30, 0), np.where(connue, p99, 1)
    numerateur = p30 * coefficient.astype(np.int64) * np.maximum(p99 - base, 0)
    denominateur = MILLION * np.maximum(p99 - p30, 1)
    gain = np.where(arrondi == 1, (2 * numerateur + denominateur) // (2 * denominateur), numerateur // denominateur)
    gain = np.where(p95 & (plafond >= 0), np.minimum(gain, np.nan_to_num(plafond)), gain).astype(np.int64)
    return np.where(connue, gain, -1)


def _argent(f: Figures, c: Mapping[str, Colonne], r: dict[str, Colonne], p: Positions) -> None:
    """Amounts and payments of each year, in cents, of shape (contracts, years)."""
    signature, option = c["date_signature"], c["option"]
    rangs = np.arange(1, ANNEES + 1)
    debuts = plus_des_mois(signature[:, None], 12 * (rangs - 1))
    r["debut_annuite"] = debuts
    duree = f.nombre("vie_du_contrat.duree", signature)
    du_contrat = rangs <= np.nan_to_num(duree)[:, None]
    options, colonnes = ("tiers_etp", "demi_etp", "un_etp"), ("annee_1", "annee_2", "annee_3_et_suivantes")
    par_annee = {
        Option[nom].index * 3 + rang: f"montants.{nom}.{colonne}"
        for nom in options
        for rang, colonne in enumerate(colonnes)
    }
    ordinaire = _cents(f.bareme(par_annee, option[:, None] * 3 + np.minimum(rangs, 3) - 1, debuts), du_contrat)
    releve, fixe = (
        _cents(
            f.bareme({Option[nom].index: f"montants.{nom}.{bande}" for nom in options}, option[:, None], debuts),
            du_contrat,
        )
        for bande in ("bande_p90_p95", "bande_p95_plus")
    )
    suite = rangs >= 3
    releve = np.where(suite, releve, ordinaire)
    fixe = np.where(~suite & (ordinaire < 0), -1, fixe)
    bas, haut = (
        np.where((comptes >= 5)[:, None], fixe, np.where((comptes >= 4)[:, None], releve, ordinaire))
        for comptes in (p.sures, p.possibles)
    )
    evaluee = ~(rangs < f.nombre("objectifs.premiere_annee_verifiee", signature)[:, None])
    maximal = np.where(bas == haut, bas, -1)
    du = np.where(evaluee, -1, maximal)
    prevu = np.where(evaluee, np.maximum(maximal, -1), du)
    non = Reponse.non.index
    ouverte = ((r["eligible"] != non) & (r["option_ouverte"] != non))[:, None]
    r |= {
        nom: np.where(ouverte, montant, -1)
        for nom, montant in (
            ("montant_maximal_bas", bas),
            ("montant_maximal_haut", haut),
            ("montant_du", du),
            ("montant_prevu", prevu),
        )
    }
    complet = (r["montant_prevu"] >= 0).all(axis=1)
    r["total_cinq_ans"] = np.where(complet, r["montant_prevu"].sum(axis=1), -1)
    _versements(f, c, r, r["montant_prevu"], debuts)


def _cents(euros: Colonne, du_contrat: Colonne) -> Colonne:
    return np.where(np.isnan(euros) | ~du_contrat, -1, np.rint(np.nan_to_num(euros) * 100)).astype(np.int64)


def _versements(f: Figures, c: Mapping[str, Colonne], r: dict[str, Colonne], prevu: Colonne, debuts: Colonne) -> None:
    """The one or two payments of each year."""
    signature = c["date_signature"]
    part = np.ones(prevu.shape)
    part[:, 0] = f.nombre("versements.avance.taux", signature)
    part[:, 2:] = f.lire("versements.annee_3_et_suivantes.acomptes", signature, _premier)[:, None]
    millioniemes = np.where(np.isnan(part), -1, np.rint(np.nan_to_num(part) * MILLION)).astype(np.int64)
    connu = (prevu >= 0) & (millioniemes >= 0)
    premier = np.where(connu, (2 * prevu * millioniemes + MILLION) // (2 * MILLION), -1)
    r["versement_1_montant"] = premier
    r["versement_2_montant"] = np.where(premier >= 0, prevu - premier, -1)
    vide = np.datetime64("NaT", "D")
    dates = [np.full(prevu.shape, vide), np.full(prevu.shape, vide)]
    jours, mois = (f.nombre(f"versements.avance.delai_{unite}", signature) for unite in ("jours", "mois"))
    apres_embauche = c["date_embauche"] + np.nan_to_num(jours).astype("timedelta64[D]")
    apres_signature = _plus_si_connu(signature, mois)
    dates[0][:, 0] = np.where(np.isnan(jours), apres_signature, apres_embauche)
    moment = f.lire("versements.annee_2.moment", signature, ("date_anniversaire",).index, -1.0)
    dates[0][:, 1] = np.where(moment == 0, debuts[:, 1], vide)
    dates[1][:, 0] = _plus_si_connu(signature, f.nombre("versements.solde_annee_1.mois", signature))
    for rang, lecture in enumerate((_premier, _second)):
        decalage = f.lire("versements.annee_3_et_suivantes.mois_des_acomptes", signature, lecture)
        dates[rang][:, 2:] = _plus_si_connu(debuts[:, 2:], decalage[:, None])
    dates[1] = np.where(millioniemes < MILLION, dates[1], vide)
    r["versement_1_date"], r["versement_2_date"] = dates


def _premier(liste: Any) -> float:
    return float(liste[0]) if liste else np.nan


def _second(liste: Any) -> float:
    return float(liste[1]) if len(liste) > 1 else np.nan


def _plus_si_connu(dates: Colonne, mois: Colonne) -> Colonne:
    decalees = plus_des_mois(dates, np.nan_to_num(mois).astype(np.int64))
    return np.where(np.isnan(mois), np.datetime64("NaT", "D"), decalees)


def plus_des_mois(dates: Colonne, mois: Colonne) -> Colonne:
    """The same day some months later, or the last one of its month."""
    de_depart = dates.astype("datetime64[M]")
    jour = dates - de_depart.astype("datetime64[D]")
    atteint = de_depart + mois
    dernier = (atteint + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(atteint.astype("datetime64[D]") + jour, dernier)
