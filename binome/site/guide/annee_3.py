"""The third year explained with amounts: every one is a simulation of an example doctor, none is typed.

The example's own numbers (patients, file active, what the fund wrote in the contract) are an illustration; what they
bring comes from the law as it is on the day of signature.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from binome.simulation import Annee, PointOuvert, Resultat, Situation, loi_du_processus, simuler
from binome.simulation.mots.grandeurs import pour_cent
from binome.site.guide.loi import parametres_du
from binome.site.guide.memoire import selon_la_loi
from openfisca_assistants_medicaux.lectures import points_de

#: The example: a general practitioner who signs for one full-time assistant.
PATIENTELE_MT = 1_300
FILE_ACTIVE = 1_700
#: Objectives as a fund may write them in the contract, where the law read so far does not tell them.
GAIN_MT = 200
GAIN_FILE_ACTIVE = 150

#: The example of a very large patient list, and that of a specialist followed on the file active alone.
FORTE_PATIENTELE = (2_500, 3_600)
SPECIALISTE = 2_000
GAIN_SPECIALISTE = 200

#: The rule that the page explains: what is paid when neither objective is reached and nothing falls.
TABLE = "modulation.deux_indicateurs.file_active_stable.patientele_mt_stable"

#: The open point about what one objective reached is worth.
MODULATION = "d12"

STATUTS = ("atteint", "stable", "baisse")


@dataclass(frozen=True)
class Cas:
    """One result of the third year, and what is paid for it."""

    statut_mt: str | None
    statut_fa: str | None
    patientele_mt: int | None
    file_active: int
    annee: Annee
    entiere: bool

    @property
    def taux(self) -> str:
        """Share of the whole amount."""
        return "non déterminé" if self.annee.taux_modulation is None else pour_cent(self._fraction)

    @property
    def issue(self) -> str:
        """entiere, partielle, nulle, or inconnue."""
        if self.annee.taux_modulation is None:
            return "inconnue"
        if self.entiere:
            return "entiere"
        return "nulle" if self._fraction == 0 else "partielle"

    @property
    def _fraction(self) -> float:
        return float(Fraction(self.annee.taux_modulation or 0))


@dataclass(frozen=True)
class ExempleDAnnee:
    """The example, on a day of signature."""

    date_signature: datetime.date
    rang: int
    base_mt: int
    base_fa: int
    gain_mt: int
    gain_fa: int
    gain_mt_de_la_loi: bool
    annees: tuple[Annee, ...]
    grille: tuple[tuple[Cas, ...], ...]
    immobile: Cas
    patient_perdu: Cas
    specialiste: tuple[Cas, ...]
    forte_patientele: tuple[Cas, ...]
    forte_bases: tuple[int, int]
    #: The same results under the older rules, on which sources contradict each other.
    anciennes: tuple[PointOuvert, ...]

    @property
    def cible_mt(self) -> int:
        """Patients médecin traitant to reach."""
        return self.base_mt + self.gain_mt

    @property
    def cible_fa(self) -> int:
        """File active to reach."""
        return self.base_fa + self.gain_fa

    @property
    def evaluee(self) -> Annee:
        """The first year on which results weigh."""
        return self.immobile.annee

    @property
    def entier(self) -> Cas:
        """Both objectives reached."""
        return self.grille[0][0]

    @property
    def en_chemin(self) -> Cas:
        """No objective reached, no fall."""
        return self.grille[1][1]

    @property
    def cas(self) -> tuple[Cas, ...]:
        """Every case of the example, from the best to the worst."""
        return (*(cas for rangee in self.grille for cas in rangee), self.immobile)


@selon_la_loi(maxsize=8)
def exemple(date: datetime.date) -> ExempleDAnnee:
    """The example signed on a day, under the rules of that day."""
    rang = int(parametres_du(date)["objectifs.premiere_annee_verifiee"].valeur)
    sans_objectif = simuler(_generaliste(date, PATIENTELE_MT, FILE_ACTIVE), date)
    calcule = {objectif.indicateur: objectif for objectif in sans_objectif.objectifs}["patientele_mt"]
    de_la_loi = calcule.gain if calcule.gain is not None else calcule.gain_au_plus
    gain_mt = GAIN_MT if de_la_loi is None else de_la_loi
    bases, gains = (PATIENTELE_MT, FILE_ACTIVE), (gain_mt, GAIN_FILE_ACTIVE)

    def cas(mt: int, fa: int) -> Cas:
        resultat = simuler(_generaliste(date, *bases, gains=gains, annee=(rang, mt, fa)), date)
        return _cas(resultat, rang, mt, fa)

    # In progress: half of the way on one, a third on the other, so that « the best of the two » shows.
    suivi_mt = {"atteint": bases[0] + gains[0], "stable": bases[0] + gains[0] // 2, "baisse": bases[0] - 1}
    suivi_fa = {"atteint": bases[1] + gains[1], "stable": bases[1] + gains[1] // 3, "baisse": bases[1] - 1}
    grille = tuple(tuple(cas(suivi_mt[mt], suivi_fa[fa]) for mt in STATUTS) for fa in STATUTS)
    return ExempleDAnnee(
        date_signature=date,
        rang=rang,
        base_mt=bases[0],
        base_fa=bases[1],
        gain_mt=gain_mt,
        gain_fa=gains[1],
        gain_mt_de_la_loi=de_la_loi is not None,
        annees=sans_objectif.annees,
        grille=grille,
        immobile=cas(*bases),
        patient_perdu=grille[-1][0],
        specialiste=_specialiste(date, rang),
        forte_patientele=_forte_patientele(date, rang),
        forte_bases=FORTE_PATIENTELE,
        anciennes=_deux_lectures(rang, (suivi_mt["atteint"], suivi_fa["stable"]), gains),
    )


def _deux_lectures(rang: int, resultats: tuple[int, int], gains: tuple[int, int]) -> tuple[PointOuvert, ...]:
    """One objective reached and the other on its way, for a contract of the last day on which both readings stand."""
    point = points_de(loi_du_processus())[MODULATION]
    fermeture = next(jour for jour, defaut in zip(point.dates, point.defauts, strict=True) if defaut is None)
    signature = fermeture - datetime.timedelta(days=1)
    situation = Situation.model_validate(
        {
            "medecin": {
                "specialite": "medecine_generale",
                "secteur": "secteur_1",
                "nombre_medecins_lieu": 2,
                "engagement_exercice_coordonne": True,
            },
            "patientele": {"patientele_mt_adultes": PATIENTELE_MT, "file_active": FILE_ACTIVE},
            "contrat": {"date_signature": signature, "option": "demi_etp"},
            "assistant": {"locaux_adaptes": True},
            "objectifs_notifies": {"patientele_mt": {"gain": gains[0]}, "file_active": {"gain": gains[1]}},
            "projections": [{"annee": rang, "patientele_mt": resultats[0], "file_active": resultats[1]}],
        }
    )
    return tuple(point for point in simuler(situation, signature).lectures if point.point == MODULATION)


def _specialiste(date: datetime.date, rang: int) -> tuple[Cas, ...]:
    """A specialist: one indicator, the file active. The fund tells the band, whose limits are not published."""
    suivi = (SPECIALISTE + GAIN_SPECIALISTE, SPECIALISTE + GAIN_SPECIALISTE // 2, SPECIALISTE - 1)
    trouves = []
    for fa in suivi:
        donnees = _donnees(date, "dermatologie", {"file_active": SPECIALISTE})
        donnees["contrat"]["bande_notifiee"] = "p50_p70"
        donnees["objectifs_notifies"] = {"file_active": {"gain": GAIN_SPECIALISTE}}
        donnees["projections"] = [{"annee": rang, "file_active": fa}]
        trouves.append(_cas(simuler(Situation.model_validate(donnees), date), rang, None, fa))
    return tuple(trouves)


def _forte_patientele(date: datetime.date, rang: int) -> tuple[Cas, ...]:
    """A very large list: the amount is that of the first year, unless an indicator falls."""
    base_mt, base_fa = FORTE_PATIENTELE
    trouves = []
    for mt, fa in ((base_mt, base_fa), (base_mt, base_fa - 1)):
        situation = _generaliste(date, base_mt, base_fa, gains=(GAIN_MT, GAIN_FILE_ACTIVE), annee=(rang, mt, fa))
        trouves.append(_cas(simuler(situation, date), rang, mt, fa))
    return tuple(trouves)


def _generaliste(
    date: datetime.date,
    mt: int,
    fa: int,
    gains: tuple[int, int] | None = None,
    annee: tuple[int, int, int] | None = None,
) -> Situation:
    donnees = _donnees(date, "medecine_generale", {"patientele_mt": mt, "file_active": fa})
    if gains is not None:
        donnees["objectifs_notifies"] = {"patientele_mt": {"gain": gains[0]}, "file_active": {"gain": gains[1]}}
    if annee is not None:
        donnees["projections"] = [{"annee": annee[0], "patientele_mt": annee[1], "file_active": annee[2]}]
    return Situation.model_validate(donnees)


def _donnees(date: datetime.date, specialite: str, patientele: dict[str, int]) -> dict[str, Any]:
    return {
        "medecin": {"specialite": specialite, "secteur": "secteur_1", "zone": "hors_zone"},
        "patientele": patientele,
        "contrat": {"date_signature": date, "option": "un_etp"},
        "assistant": {"locaux_adaptes": True},
    }


def _cas(resultat: Resultat, rang: int, mt: int | None, fa: int) -> Cas:
    annee = resultat.annees[rang - 1]
    return Cas(
        statut_mt=annee.statut_patientele_mt,
        statut_fa=annee.statut_file_active,
        patientele_mt=mt,
        file_active=fa,
        annee=annee,
        entiere=annee.montant_du is not None and annee.montant_du == annee.montant_maximal,
    )
