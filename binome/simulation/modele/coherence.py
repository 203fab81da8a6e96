"""What the fields of a situation owe each other: each rule once, judged on one situation or on whole columns.

A rule names the fields it reads, the relation that they break, the field to mend and the French sentence that says so.
The relation is written with operators that Python's values and NumPy's columns share (`<`, `&`), so that the models
(`situation`), the simulation (`controles`) and the tables (`tables.table`) refuse the same things, with the same words.

Rules speak in three turns, as a situation is known better and better: the fields of one part (`DES_PARTIES`); the
dates that the law sets (`A_LA_SIGNATURE`); what only a run of the law tells, a term for one (`DU_CONTRAT`,
`DES_RESULTATS`). A turn is judged only where the one before found nothing.

A closed option is no fault of a situation: the answer says that it is closed, and compares the others. It is refused
only where a contract is to be signed under it (`POUR_SIGNER`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from binome import francais

Masque = NDArray[np.bool_]


@dataclass(frozen=True)
class Regle:
    """A relation between fields.

    `rompue` and `dire` receive the values of `champs`, in order; the rule says nothing where one of them is not known,
    nor where one of `sans` is. `rompue` answers True, or a mask, where the values cannot stand together; `dire` writes
    the sentence for one row. `accuse` is the field to mend.
    """

    champs: tuple[str, ...]
    rompue: Callable[..., Any]
    accuse: str
    dire: Callable[..., str]
    sans: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ecart:
    """A rule broken: the field to mend, what is expected, what was received."""

    champ: str
    message: str
    valeur: Any


@dataclass(frozen=True)
class Connues:
    """A column: its values, and the rows that give one."""

    valeurs: NDArray[Any]
    donnees: Masque


def juger(regles: Sequence[Regle], valeurs: Mapping[str, Any]) -> list[Ecart]:
    """The rules that one situation breaks, a field blamed once. `valeurs` holds None, or nothing, for the unknown."""
    ecarts: dict[str, Ecart] = {}
    for regle in regles:
        lues = [valeurs.get(champ) for champ in regle.champs]
        if regle.accuse in ecarts or any(lue is None for lue in lues):
            continue
        if any(valeurs.get(champ) is not None for champ in regle.sans) or not regle.rompue(*lues):
            continue
        ecarts[regle.accuse] = Ecart(regle.accuse, regle.dire(*lues), valeurs.get(regle.accuse))
    return list(ecarts.values())


def juger_colonnes(
    regles: Sequence[Regle], colonnes: Mapping[str, Connues | Any], lignes: Masque
) -> Iterator[tuple[int, Ecart]]:
    """The same over the rows of `lignes`: (row, rule broken). A value that is no `Connues` is that of every row."""
    accusees: dict[str, Masque] = {}
    for regle in regles:
        connues = [colonnes.get(champ) for champ in regle.champs]
        if any(colonne is None for colonne in connues):
            continue
        jugees = lignes & ~accusees.get(regle.accuse, np.zeros(len(lignes), dtype=bool))
        for colonne in connues:
            if isinstance(colonne, Connues):
                jugees &= colonne.donnees
        for champ in regle.sans:
            presente = colonnes.get(champ)
            if presente is not None:
                jugees &= ~presente.donnees if isinstance(presente, Connues) else False
        rangs = np.flatnonzero(jugees)
        if not len(rangs):
            continue
        lues = [colonne.valeurs[rangs] if isinstance(colonne, Connues) else _scalaire(colonne) for colonne in connues]
        fautives = rangs[np.broadcast_to(regle.rompue(*lues), rangs.shape)]
        if not len(fautives):
            continue
        accusees.setdefault(regle.accuse, np.zeros(len(lignes), dtype=bool))[fautives] = True
        for rang in fautives.tolist():
            une = [_de_python(c.valeurs[rang]) if isinstance(c, Connues) else c for c in connues]
            yield rang, Ecart(regle.accuse, regle.dire(*une), _valeur_de(colonnes.get(regle.accuse), rang))


def _scalaire(valeur: Any) -> Any:
    """A value of every row, as NumPy compares it with a column."""
    return np.datetime64(valeur, "D") if isinstance(valeur, datetime.date) else valeur


def _de_python(valeur: Any) -> Any:
    return valeur.item() if isinstance(valeur, np.generic) else valeur


def _valeur_de(colonne: Connues | Any, rang: int) -> Any:
    if not isinstance(colonne, Connues):
        return colonne
    return _de_python(colonne.valeurs[rang]) if colonne.donnees[rang] else None


def _apres(champ: str, origine: str) -> Regle:
    """A date that may not precede another."""
    return Regle(
        (champ, origine),
        lambda date, debut: date < debut,
        champ,
        lambda date, debut: f"« {date} » refusé ; date égale ou postérieure à {origine} attendue ({debut})",
    )


def _attendue(champ: str, avec: str) -> Regle:
    """A field that another supposes."""
    return Regle((avec,), lambda _: True, champ, lambda _: f"valeur attendue avec {avec}, absente", sans=(champ,))


def _avant_le_terme(champ: str) -> Regle:
    """Something that may not begin once the contract is over."""
    return Regle(
        (champ, "terme"),
        lambda date, terme: date > terme,
        champ,
        lambda date, terme: f"« {date} » suit la fin du contrat ; date jusqu'au {terme} attendue",
    )


def un_seul(cible: str, gain: str) -> Regle:
    """An objective is told as a number to reach, or as a number to gain."""
    return Regle(
        (cible, gain),
        lambda _cible, _gain: True,
        gain,
        lambda _cible, recu: f"« {recu} » refusé ; objectif notifié : « cible » ou « gain » attendu, un seul des deux",
    )


def d_un_seul_medecin(champ: str) -> Regle:
    """A number of patients that one doctor can follow; only a group follows more."""
    return Regle(
        (champ, "patients_maximum"),
        lambda nombre, maximum: nombre > maximum,
        champ,
        lambda nombre, maximum: f"« {nombre} » refusé ; nombre au plus égal à {maximum} attendu",
    )


#: A target that this many times does not bring back to the start is a gain typed in its place: a technical bound
#: against typing errors, no rule of the law. A target a little below the start is kept: the fund's statement may be
#: another.
FOIS_LA_CIBLE = 2


def vraie_cible(indicateur: str) -> Regle:
    """A number to reach far below the start has two readings: a number to gain, or a target already reached."""
    cible = f"cible_notifiee_{indicateur}"
    return Regle(
        (cible, f"depart_{indicateur}"),
        lambda visee, depart: visee * FOIS_LA_CIBLE < depart,
        cible,
        lambda visee, depart: (
            f"« {visee} » a deux lectures : {francais.pluriel(visee, 'patient')} de plus, soit une cible de "
            f"{francais.nombre(depart + visee)} (« gain » : {visee} attendu) ; ou une cible de "
            f"{francais.nombre(visee)}, sous le départ de {francais.nombre(depart)} (« gain » : 0 attendu)"
        ),
    )


def _part_ou_nombre(nombres: tuple[str, ...]) -> Regle:
    """A share that the numbers already tell."""
    return Regle(
        ("part_enfants", *nombres),
        lambda _part, *_nombres: True,
        "part_enfants",
        lambda _part, *_nombres: f"inattendue avec {' et '.join(nombres)}, qui donnent le nombre des moins de 16 ans",
    )


PATIENTELE = (
    Regle(
        ("patientele_mt", "patientele_mt_adultes", "patientele_mt_enfants"),
        lambda total, adultes, enfants: adultes + enfants > total,
        "patientele_mt",
        lambda total, adultes, enfants: (
            f"« {total} » refusé ; au moins la somme des adultes et des enfants attendue ({adultes + enfants})"
        ),
    ),
    Regle(
        ("patientele_mt", "patientele_mt_adultes", "patientele_mt_enfants"),
        lambda total, adultes, enfants: adultes + enfants != total,
        "patientele_mt",
        lambda total, adultes, enfants: (
            f"« {total} » refusé ; la somme des adultes et des enfants est attendue ({adultes + enfants})"
        ),
    ),
    *(
        Regle(
            ("patientele_mt", part),
            lambda total, nombre: nombre > total,
            "patientele_mt",
            lambda total, nombre: (
                f"« {total} » refusé ; au moins la somme des adultes et des enfants attendue ({nombre})"
            ),
        )
        for part in ("patientele_mt_adultes", "patientele_mt_enfants")
    ),
    *map(_part_ou_nombre, (("patientele_mt_enfants",), ("patientele_mt", "patientele_mt_adultes"))),
)


def ecarts_de_la_patientele(nombres: Mapping[str, Any]) -> list[Ecart]:
    """What the numbers of a statement owe each other and do not pay."""
    return juger(PATIENTELE, nombres)


CONTRAT = (
    _apres("date_debut_suspension", "date_signature"),
    _apres("date_fin_anticipee", "date_signature"),
    _attendue("date_debut_suspension", "date_fin_suspension"),
    _apres("date_fin_suspension", "date_debut_suspension"),
    _apres("date_bascule", "date_signature"),
)

ASSISTANT = (
    _attendue("date_debut_absence", "date_fin_absence"),
    _apres("date_debut_absence", "date_embauche"),
    _apres("date_fin_absence", "date_debut_absence"),
)

OBJECTIF = (un_seul("cible", "gain"),)

#: A group that welcomes a doctor in training says from when; `docteur_junior` says that it does.
DOCTEUR_JUNIOR = (
    Regle(
        ("docteur_junior",),
        lambda accueilli: accueilli,
        "date_accueil_docteur_junior",
        lambda _: "valeur attendue dès qu'un docteur junior est accueilli, absente",
        sans=("date_accueil_docteur_junior",),
    ),
)


def _installe_avant(origine: str, dite: str, sans: tuple[str, ...] = ()) -> Regle:
    """A doctor is installed before signing, or joining."""
    return Regle(
        ("date_installation", origine),
        lambda installation, jour: installation > jour,
        "date_installation",
        lambda installation, jour: f"« {installation} » suit {dite} ; date antérieure au {jour} attendue",
        sans=sans,
    )


#: A member of a group joins once it is signed, and once installed.
MEMBRE = (
    _apres("date_adhesion", "date_signature"),
    _installe_avant("date_adhesion", "l'adhésion"),
    _installe_avant("date_signature", "la signature", sans=("date_adhesion",)),
)

#: Rules inside one part of the situation, by part.
DES_PARTIES: dict[str, tuple[Regle, ...]] = {"patientele": PATIENTELE, "contrat": CONTRAT, "assistant": ASSISTANT}

#: A year is told once: observed, or supposed.
ANNEE_EN_DOUBLE = Regle(
    ("annee", "constatee", "supposee"),
    lambda _annee, constatee, supposee: constatee & supposee,
    "annee",
    lambda annee, _constatee, _supposee: (
        f"« {annee} » : année donnée plusieurs fois (resultats et projections) ; une seule fois attendue"
    ),
)

#: Amounts are notified for one option: without it, nobody knows which. `montants` says that some were.
MONTANTS = (
    Regle(
        ("montants",),
        lambda notifies: notifies,
        "option",
        lambda _: "valeur attendue : l'option pour laquelle la caisse a notifié des montants (montants_notifies)",
        sans=("option",),
    ),
)

#: Dates against those of the law. `ouverture` is the first day of the contract's kind, `dispositif` its name;
#: `ouverture_individuelle` that of the first contracts; `dernier_jour` how far a signature may be planned;
#: `premier_terme` the first day on which a contract could be over.
A_LA_SIGNATURE = (
    Regle(
        ("date_signature", "ouverture", "dispositif"),
        lambda signature, ouverture, _: signature < ouverture,
        "date_signature",
        lambda signature, ouverture, dispositif: (
            f"« {signature} » précède {dispositif} ; date à partir du {ouverture} attendue"
        ),
    ),
    Regle(
        ("date_signature", "dernier_jour"),
        lambda signature, dernier: signature > dernier,
        "date_signature",
        lambda signature, dernier: f"« {signature} » est trop lointaine ; date jusqu'au {dernier} attendue",
    ),
    Regle(
        ("date_appreciation", "ouverture_individuelle"),
        lambda date, ouverture: date < ouverture,
        "date_appreciation",
        lambda date, ouverture: f"« {date} » précède le dispositif ; date à partir du {ouverture} attendue",
    ),
    Regle(
        ("renouvellement", "date_signature", "premier_terme"),
        lambda renouvelle, signature, terme: renouvelle & (signature < terme),
        "renouvellement",
        lambda _, signature, terme: f"aucun contrat n'est échu au {signature} ; signature à partir du {terme} attendue",
    ),
    Regle(
        ("date_embauche", "ouverture_individuelle"),
        lambda embauche, ouverture: embauche < ouverture,
        "date_embauche",
        lambda embauche, ouverture: (
            f"« {embauche} » précède le dispositif ; embauche comme assistant à partir du {ouverture} attendue"
        ),
    ),
    Regle(
        ("date_releve", "date_signature", "ouverture"),
        lambda releve, signature, ouverture: (releve > signature) & (signature >= ouverture),
        "date_releve",
        lambda releve, signature, _: f"« {releve} » suit la signature ; relevé antérieur au {signature} attendu",
    ),
    _installe_avant("date_signature", "la signature"),
)

#: Dates of what happens during a contract, by the part of the situation that holds them.
DANS_LE_CONTRAT = {
    "contrat": ("date_bascule", "date_debut_suspension", "date_fin_anticipee"),
    "groupe": ("date_debut_suspension", "date_fin_anticipee"),
    "assistant": ("date_embauche", "date_debut_absence"),
}

#: Where each indicator starts from: the law's own variable.
DEPARTS = {"patientele_mt": "base_patientele_mt", "file_active": "file_active"}

#: Once the law has run. `terme` is the last day of the contract; `depart_…` the patients counted at the start, in the
#: population of the contract's rules (-1: unknown).
DU_CONTRAT = (
    *(_avant_le_terme(champ) for champ in dict.fromkeys(champ for part in DANS_LE_CONTRAT.values() for champ in part)),
    *map(vraie_cible, DEPARTS),
)

#: A contract is signed under an option of its day. `fermee` says that the option was not open then, `ouvertes` which
#: ones were.
POUR_SIGNER = (
    Regle(
        ("option", "fermee", "date_signature", "ouvertes"),
        lambda _option, fermee, _signature, _ouvertes: fermee,
        "option",
        lambda option, _fermee, signature, ouvertes: (
            f"« {option} » n'est pas ouverte aux contrats signés le {signature} ; attendu : {ouvertes}"
        ),
    ),
)

#: A result is a fact: its year has begun at the date d'appréciation. `debut` is the first day of the year.
DES_RESULTATS = (
    Regle(
        ("annee", "debut", "date_appreciation"),
        lambda _annee, debut, date: debut > date,
        "annee",
        lambda annee, debut, date: (
            f"« {annee} » : cette année ne commence que le {debut} ; année commencée au {date} attendue "
            "(ou « projections » pour une supposition)"
        ),
    ),
)
