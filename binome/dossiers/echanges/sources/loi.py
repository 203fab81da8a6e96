"""What the law says that a contract must write: its values under the rules of the contract, in sentences.

A value that nobody could read makes no sentence: the agent writes it, or the paragraph is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from binome import francais
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.decisions import ABSENCE
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, table
from binome.simulation.mots.grandeurs import pour_cent
from binome.simulation.mots.phrases import CONSTATS
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.nomenclatures import ProfilAssistant

#: Parts of the aid that are not numbers, in the tables of the law.
PARTS = {"prorata": "au prorata du meilleur taux d'atteinte"}


@dataclass(frozen=True)
class DeLaLoi(Source):
    """The law's values for this contract."""

    contexte: Contexte
    nom = "loi"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self:
        """Always there."""
        return cls(contexte)

    @property
    def _collectif(self) -> bool:
        return self.contexte.etat.collectif

    def _lire(self, nom: str) -> str | None:
        return self.contexte.valeur_de_la_loi(nom)

    def _vrai(self, nom: str) -> bool:
        trouve = self.contexte.loi.get(nom)
        return trouve is not None and bool(trouve.valeur)

    @champ
    def duree(self) -> Valeur:
        """How long the contract lasts."""
        return self._lire("aide_collective.duree" if self._collectif else "vie_du_contrat.duree")

    @champ
    def formation(self) -> Valeur:
        """The delays of the training, counted from the hire."""
        debut = None if self._collectif else self._lire("formation.delai_debut")
        cqp = self._lire("aide_collective.formation_delai_qualification" if self._collectif else _QUALIFICATION)
        fae = self._lire("formation.fae.delai")
        if cqp is None:
            return None
        commencee = "" if debut is None else f"commencée au plus tard {debut} et "
        soignant = "" if fae in {None, cqp} else f" ({fae} pour la formation d'adaptation à l'emploi d'un soignant)"
        return (
            f"La formation d'un assistant qui n'est pas encore qualifié est {commencee}achevée au plus tard {cqp} "
            f"après son embauche{soignant}."
        )

    @champ
    def formation_de_l_assistant(self) -> Valeur:
        """The training that the assistant in post owes, by what they were qualified for at the hire."""
        profil = self.contexte.etat.lire().assistant.profil_assistant
        return None if profil is None else _FORMATIONS.get(profil.value, _CQP)

    @champ
    def verification(self) -> Valeur:
        """From which year results weigh, and by which statements."""
        nom = "aide_collective.premiere_annee_verifiee" if self._collectif else "objectifs.premiere_annee_verifiee"
        premiere, releves = self._lire(nom), self._lire("objectifs.releves")
        if premiere is None or releves is None:
            return None
        return (
            f"Les résultats comptent à partir de l'{premiere}, d'après le dernier relevé qui la précède "
            f"(relevés du {releves}). La part de l'aide est alors la suivante."
        )

    @table("resultats", "part")
    def modulation(self) -> list[Rangee]:
        """What each result is worth: the cells of the law's table, by indicator followed."""
        suivis = {o["indicateur"] for o in self.contexte.etat.verdict["objectifs"]}
        cases = (
            [((fa,), f"modulation.un_indicateur.file_active_{fa}") for fa in _STATUTS]
            if suivis == {"file_active"}
            else [
                ((fa, mt), f"modulation.deux_indicateurs.file_active_{fa}.patientele_mt_{mt}")
                for fa in _STATUTS
                for mt in _STATUTS
            ]
        )
        return [
            {"resultats": _resultats(statuts), "part": _part(self.contexte.loi[nom].valeur)}
            for statuts, nom in cases
            if nom in self.contexte.loi
        ]

    @champ
    def renouvellement(self) -> Valeur:
        """Whether the contract may be renewed, and how."""
        if not self._vrai("vie_du_contrat.renouvelable"):
            return None
        expres = ", par un accord exprès" if self._vrai("vie_du_contrat.renouvellement_expres") else ""
        return f"Le contrat peut être renouvelé à son terme{expres}."

    @champ
    def suspension(self) -> Valeur:
        """When an absence suspends the contract, and what it does to the aid."""
        seuil, fiche = self._lire("vie_du_contrat.absence.seuil_suspension"), registre.echeances()[ABSENCE]
        apres = "" if seuil is None else f"{fiche.libelle} : au bout de {seuil}. "
        objectifs = self._vrai("vie_du_contrat.suspension.objectifs_suspendus")
        return (
            f"{apres}L'aide n'est pas due pour les jours de suspension"
            f"{' ; les objectifs sont suspendus aussi' if objectifs else ''}."
        )

    @champ
    def resiliation_medecin(self) -> Valeur:
        """The notice of a termination by the doctor, and the day when it takes effect."""
        preavis = self._lire("vie_du_contrat.resiliation_medecin.preavis")
        if self._collectif or preavis is None:
            return None
        anniversaire = self._vrai("vie_du_contrat.resiliation_medecin.effet_a_l_anniversaire")
        return (
            f"Le médecin peut mettre fin au contrat par écrit, avec un préavis de {preavis}"
            f"{' ; la fin prend effet au premier anniversaire du contrat qui suit' if anniversaire else ''}."
        )

    @champ
    def nouveau_contrat(self) -> Valeur:
        """When another contract may be signed after this one."""
        carence = self._lire("aide_collective.carence") if self._collectif else None
        if carence is not None:
            return (
                f"Un nouveau contrat, individuel ou collectif, est possible {carence} après la fin de celui-ci, sauf "
                "circonstances exceptionnelles."
            )
        return "Un nouveau contrat se demande selon les règles en vigueur à sa signature."


_QUALIFICATION = "formation.delai_qualification"
_CQP = "la formation au certificat de qualification professionnelle d'assistant médical"
_FAE = "la formation d'adaptation à l'emploi"
_PROFILS: Any = ProfilAssistant
#: Who owes the shorter training: those who already care.
_FORMATIONS = {profil.name: _FAE for profil in (_PROFILS.dei, _PROFILS.deas, _PROFILS.deap)}
_STATUTS = ("atteint", "stable", "baisse")


def _resultats(statuts: tuple[str, ...]) -> str:
    noms = ("file active", "patientèle médecin traitant")
    return francais.enumeration(
        [f"{nom} : {CONSTATS[statut]}" for nom, statut in zip(noms, statuts, strict=False)], mot=";"
    )


def _part(valeur: Any) -> str:
    return PARTS.get(valeur, str(valeur)) if isinstance(valeur, str) else pour_cent(valeur)
