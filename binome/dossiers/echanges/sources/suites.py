"""What may follow a contract: the newer rules, another contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from binome import francais
from binome.dossiers.contrats.actes.avenants import bascule_admise
from binome.dossiers.contrats.etat import modifier
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.contrat import patients
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, jour, table
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import Statut
from binome.simulation import Resultat, Simulation


@dataclass(frozen=True)
class DeLaBascule(Source):
    """The switch to the newer rules that an old contract may ask for."""

    contexte: Contexte
    actuelles: Resultat
    nouvelles: Resultat
    nom = "bascule"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None unless the law admits the switch on the day of the letter, and it was not made."""
        etat, contrat = contexte.etat, contexte.contrat
        if contrat.statut not in (Statut.SIGNE, Statut.EN_COURS) or etat.collectif:
            return None
        # Signed before its first day, or recorded after its last: there is nothing to switch.
        if not etat.date_signature <= contexte.jour <= (contrat.date_fin or contexte.jour):
            return None
        if etat.situation["contrat"].get("date_bascule"):
            return None
        essai = etat.model_copy(
            update={"situation": modifier(etat.situation, "contrat.date_bascule", contexte.jour.isoformat())}
        )
        if not bascule_admise(essai.lire(), contexte.jour):
            return None
        return cls(
            contexte,
            Simulation(etat.lire(), contexte.jour).resultat(),
            Simulation(essai.lire(), contexte.jour).resultat(),
        )

    @champ
    def regles_actuelles(self) -> Valeur:
        """The rules of the contract."""
        return f"les règles « {self.actuelles.regime_libelle} »"

    @champ
    def regles_nouvelles(self) -> Valeur:
        """The rules that the switch would bring."""
        return f"les règles « {self.nouvelles.regime_libelle} »"

    @champ
    def date(self) -> Valeur:
        """The day on which both are compared."""
        return jour(self.contexte.jour)

    @table("quoi", "actuelles", "nouvelles")
    def comparaison(self) -> list[Rangee]:
        """Largest amounts of the years that have not begun, objectives: both simulations side by side."""
        rangees = [
            {
                "quoi": f"Montant maximal, annuité {ancienne.rang}",
                "actuelles": francais.euros(ancienne.montant_maximal),
                "nouvelles": francais.euros(nouvelle.montant_maximal),
            }
            for ancienne, nouvelle in zip(self.actuelles.annees, self.nouvelles.annees, strict=True)
            if ancienne.debut > self.contexte.jour
        ]
        objectifs = zip(self.actuelles.objectifs, self.nouvelles.objectifs, strict=False)
        return rangees + [
            {"quoi": f"Objectif, {a.libelle.lower()}", "actuelles": patients(a.cible), "nouvelles": patients(n.cible)}
            for a, n in objectifs
        ]


@dataclass(frozen=True)
class DuRenouvellement(Source):
    """The contract that follows, once its file is open."""

    contexte: Contexte
    suivant: Contrat
    nom = "renouvellement"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None until the file of the next contract is open, and once it is signed."""
        suivant = Contrat.objects.filter(
            precedent=contexte.contrat, statut__in=(Statut.BROUILLON, Statut.A_SIGNER)
        ).first()
        return None if suivant is None else cls(contexte, suivant)

    @property
    def _verdict(self) -> Mapping[str, Any]:
        return etat_de(self.suivant).verdict

    @champ
    def date_fin(self) -> Valeur:
        """Term of the contract that ends."""
        fin = self.contexte.contrat.date_fin
        return None if fin is None else jour(fin)

    @champ
    def date_debut(self) -> Valeur:
        """Planned signature of the next one."""
        return jour(etat_de(self.suivant).date_signature)

    @champ
    def regles(self) -> Valeur:
        """The rules that it would follow."""
        return f"les règles « {self._verdict['regime_libelle']} »"

    @table("annuite", "debut", "maximal")
    def annees(self) -> list[Rangee]:
        """Its years, and the largest amount of each."""
        return [
            {"annuite": str(a.rang), "debut": jour(a.debut), "maximal": francais.euros(a.montant_maximal)}
            for a in self.contexte.annees_de(etat_de(self.suivant))
        ]

    @table("indicateur", "base", "objectif")
    def objectifs(self) -> list[Rangee]:
        """Its objectives."""
        return [
            {"indicateur": o["libelle"], "base": patients(o["base"]), "objectif": patients(o["cible"])}
            for o in self._verdict["objectifs"]
        ]
