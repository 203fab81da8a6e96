"""How verdicts are stated and combined. Pure vector functions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray

from openfisca_assistants_medicaux.nomenclatures import Condition, Reponse

Masque = NDArray[np.bool_]


def en_enum(codes: NDArray[Any], classe: Any) -> EnumArray:
    """Integer codes as an array of the members of `classe`."""
    return EnumArray(codes.astype(np.int16), classe)


def selon(conditions: Sequence[Any], valeurs: Sequence[Any], sinon: Any) -> NDArray[Any]:
    """The value of the first condition that holds on each row, as `numpy.select`, several times faster on few rows."""
    for condition, valeur in zip(reversed(conditions), reversed(valeurs), strict=True):
        sinon = np.where(condition, valeur, sinon)
    return np.asarray(sinon)


def verdict(
    *,
    remplie: Masque,
    non_remplie: Masque,
    derogation: Masque | None = None,
    sans_objet: Masque | None = None,
) -> EnumArray:
    """One condition of eligibility, in this order: not applicable, met, waived, not met, else undetermined."""
    codes = np.where(non_remplie, Condition.non_remplie.index, Condition.indeterminee.index)
    if derogation is not None:
        codes = np.where(derogation, Condition.derogation.index, codes)
    codes = np.where(remplie, Condition.remplie.index, codes)
    if sans_objet is not None:
        codes = np.where(sans_objet, Condition.sans_objet.index, codes)
    return en_enum(codes, Condition)


def conjonction(conditions: Sequence[EnumArray]) -> EnumArray:
    """« Non » as soon as one condition fails; « oui » only when every one is met, waived or not applicable."""
    refusee = np.zeros(len(conditions[0]), dtype=bool)
    inconnue = np.zeros(len(conditions[0]), dtype=bool)
    for condition in conditions:
        codes = np.asarray(condition)
        refusee |= codes == Condition.non_remplie.index
        inconnue |= codes == Condition.indeterminee.index
    codes = np.where(inconnue, Reponse.indeterminee.index, Reponse.oui.index)
    return en_enum(np.where(refusee, Reponse.non.index, codes), Reponse)


def est(reponses: EnumArray, attendue: Reponse) -> Masque:
    """True where a three-valued answer is the expected one."""
    masque: Masque = np.asarray(reponses) == attendue.index
    return masque
