"""The law's closed lists, as the models show them: names in data, French labels for readers."""

from __future__ import annotations

from enum import Enum, StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from binome.francais import sans_accents
from openfisca_assistants_medicaux import nomenclatures as loi

#: First member of a law's input list: « not told », which a model says by leaving the field out.
_NON_DIT = {"non_renseigne", "non_renseignee", "aucune", "non_determinee", "non_tranchee"}


class Modalite(StrEnum):
    """A member's name; `libelle` is what a reader sees."""

    @property
    def libelle(self) -> str:
        """French label, from the law package."""
        return LIBELLES[type(self).__name__][self.value]


LIBELLES: dict[str, dict[str, str]] = {}


def _depuis(nom: str, liste: Any) -> Any:
    """A StrEnum of the members of a law list, without « not told »."""
    membres = {membre.name: membre.value for membre in liste if membre.name not in _NON_DIT}
    LIBELLES[nom] = membres
    fabrique: Any = Modalite
    return fabrique(nom, {membre: membre for membre in membres}, module=__name__)


if TYPE_CHECKING:

    class NomOption(Modalite):
        """Financing options."""

        un_etp = "un_etp"

    class NomStatutExercice(Modalite):
        """How the doctor practises."""

        installe = "installe"

    class NomTeletravail(Modalite):
        """The assistant's telework."""

        aucun = "aucun"

    class NomSecteur(Modalite):
        """The doctor's sector."""

    class NomZone(Modalite):
        """Zoning of the practice."""

    class NomProfil(Modalite):
        """The assistant's qualification at hire."""

    class NomRemplacement(Modalite):
        """How a promoted secretary was replaced."""

    class NomFormeJuridique(Modalite):
        """Legal form of a group."""

        SISA = "SISA"

    class BandeNotifiee(Modalite):
        """National band notified by the fund."""

    class NomLecture(Modalite):
        """See the law's list."""

        a = "a"
        b = "b"

else:
    NomOption = _depuis("NomOption", loi.Option)
    NomStatutExercice = _depuis("NomStatutExercice", loi.StatutExercice)
    NomTeletravail = _depuis("NomTeletravail", loi.Teletravail)
    NomSecteur = _depuis("NomSecteur", loi.Secteur)
    NomZone = _depuis("NomZone", loi.Zone)
    NomProfil = _depuis("NomProfil", loi.ProfilAssistant)
    NomRemplacement = _depuis("NomRemplacement", loi.RemplacementSecretaire)
    NomFormeJuridique = _depuis("NomFormeJuridique", loi.FormeJuridique)
    BandeNotifiee = _depuis("BandeNotifiee", loi.Bande)
    NomLecture = _depuis("NomLecture", loi.LectureTranchee)


#: Posts that each option finances, as a share of full time: what its label says.
ETP = {nom: Fraction(libelle.removesuffix(" ETP").replace(",", ".")) for nom, libelle in LIBELLES["NomOption"].items()}


if TYPE_CHECKING:

    class NomSpecialite(Modalite):
        """Specialties."""

        medecine_generale = "medecine_generale"
else:
    NomSpecialite = _depuis("NomSpecialite", loi.Specialite)


#: What objectives follow, by name: the label that a reader sees, and the one of a narrow column.
INDICATEURS: dict[str, str] = {i.name: i.value for i in cast("Any", loi.Indicateur)}
INDICATEURS_COURTS = INDICATEURS | {"patientele_mt": "MT", "file_active": "file active"}


class _Territoires(Modalite):
    """A territory also answers to its label and to the code of its département."""

    @classmethod
    def reconnaitre(cls, valeur: Any) -> Any:
        """Name of a territory from its name, label or département (« 972 », « 69 », « 2A »); unchanged otherwise."""
        if isinstance(valeur, int) and not isinstance(valeur, bool):
            valeur = f"{valeur:02d}"
        if not isinstance(valeur, str):
            return valeur
        code = valeur.strip().upper()
        if code in loi.CODES_METROPOLE:
            return "metropole"
        return loi.CODES_OUTRE_MER.get(code) or NOMS_DE_TERRITOIRE.get(sans_accents(valeur), valeur)


if TYPE_CHECKING:

    class NomTerritoire(_Territoires):
        """Territories of the practice."""

        metropole = "metropole"

    class NomContratDeTravail(Modalite):
        """Kinds of employment contract."""

        cdi = "cdi"
        cdd = "cdd"
else:
    LIBELLES["NomTerritoire"] = {t.name: t.value for t in loi.Territoire}
    NomTerritoire = _Territoires("NomTerritoire", {t.name: t.name for t in loi.Territoire}, module=__name__)
    NomContratDeTravail = _depuis("NomContratDeTravail", loi.ContratDeTravail)

NOMS_DE_TERRITOIRE: dict[str, str] = {
    **{sans_accents(libelle): nom for nom, libelle in LIBELLES["NomTerritoire"].items()},
    **{nom: nom for nom in LIBELLES["NomTerritoire"]},
}


class ModeEmploi(Enum):
    """Who employs the assistant."""

    direct = "direct"
    groupement_employeurs = "groupement_employeurs"
    groupement_medecins = "groupement_medecins"
    sisa = "sisa"
    scm = "scm"
