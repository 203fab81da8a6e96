"""Money: every sum is that of a line of the ledger, or of the campaign's line that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q, Sum

from binome import francais
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, date_de, jour, table
from binome.dossiers.models import CompteBancaire, Ecriture, LigneVersement
from binome.dossiers.nomenclatures import Compte, Nature, StatutLigne
from binome.dossiers.paiements.grand_livre import solde


def _libelle(detail: Mapping[str, Any]) -> str:
    return f"Annuité {detail['annee']}, {detail['libelle']}"


def _pourquoi(details: Sequence[Mapping[str, Any]]) -> str:
    """Why, each reason once."""
    return " ".join(dict.fromkeys(str(detail["explication"]) for detail in details))


def _vise(compte: CompteBancaire | None) -> str | None:
    """An account, all but its last signs hidden."""
    return None if compte is None else f"compte se terminant par {compte.iban[-4:]}"


@dataclass(frozen=True)
class DuVirement(Source):
    """A transfer that was issued."""

    ligne: LigneVersement
    nom = "virement"

    @classmethod
    def _emis(cls, contexte: Contexte) -> list[LigneVersement]:
        lignes = contexte.contrat.lignes_versement.filter(statut=StatutLigne.EMISE, montant__gt=0)
        return list(lignes.select_related("campagne", "compte_bancaire").order_by("-pk"))

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Every transfer, the last first."""
        return {
            ligne.pk: f"{francais.euros(ligne.montant)}, {jour(ligne.campagne.date)}" for ligne in cls._emis(contexte)
        }

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The transfer asked for, or the last."""
        return next((cls(ligne) for ligne in cls._emis(contexte) if contexte.sujet in {None, ligne.pk}), None)

    @champ
    def montant(self) -> Valeur:
        """What was transferred."""
        return francais.euros(self.ligne.montant)

    @champ
    def date(self) -> Valeur:
        """The day of the transfer."""
        return jour(self.ligne.campagne.date)

    @champ
    def reference(self) -> Valeur:
        """Its reference at the bank."""
        return self.ligne.reference

    @champ
    def compte(self) -> Valeur:
        """The account that this transfer went to."""
        return _vise(self.ligne.compte_bancaire)

    @champ
    def motif(self) -> Valeur:
        """The rules that made the sums."""
        return _pourquoi(self.ligne.details) or "Cette somme vous restait due."

    @champ
    def retenue(self) -> Valeur:
        """What was kept back of it; nothing when nothing was."""
        retenu = self.ligne.compensation
        return f"Un trop-perçu de {francais.euros(retenu)} a été retenu sur ce versement." if retenu else None

    @table("versement", "motif", "montant")
    def details(self) -> list[Rangee]:
        """What makes the transfer: the rows add up to it."""
        rangees = [
            {"versement": _libelle(d), "motif": d["explication"], "montant": francais.euros(d["ecart"])}
            for d in self.ligne.details
        ]
        for quoi, motif, centimes in (
            ("Solde antérieur", "somme qui vous restait due", self.ligne.reste_anterieur),
            ("Retenue", "somme versée en trop auparavant", -self.ligne.compensation),
        ):
            if centimes:
                rangees.append({"versement": quoi, "motif": motif, "montant": francais.euros(centimes)})
        return rangees


@dataclass(frozen=True)
class DuRejet(Source):
    """The last transfer that the bank sent back because of the account."""

    ecriture: Ecriture
    ligne: LigneVersement
    nom = "rejet"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None when no account is at fault."""
        retours = contexte.contrat.ecritures.filter(nature=Nature.RETOUR, ligne__statut=StatutLigne.RETOURNEE)
        ecriture = retours.select_related("ligne__campagne", "ligne__compte_bancaire").order_by("pk").last()
        return None if ecriture is None or ecriture.ligne is None else cls(ecriture, ecriture.ligne)

    @champ
    def montant(self) -> Valeur:
        """What came back, as the ledger has it."""
        return francais.euros(self.ecriture.montant)

    @champ
    def date(self) -> Valeur:
        """The day when it came back."""
        return jour(self.ecriture.date_effet)

    @champ
    def date_virement(self) -> Valeur:
        """The day of the transfer."""
        return jour(self.ligne.campagne.date)

    @champ
    def motif(self) -> Valeur:
        """The reason that the bank gave."""
        return self.ligne.motif

    @champ
    def compte(self) -> Valeur:
        """The account that the transfer went to."""
        return _vise(self.ligne.compte_bancaire)

    @champ
    def titulaire(self) -> Valeur:
        """Its holder, as kept."""
        compte = self.ligne.compte_bancaire
        return None if compte is None else compte.titulaire


@dataclass(frozen=True)
class DeLIndu(Source):
    """A claim: what was paid in excess."""

    ecriture: Ecriture
    ligne: LigneVersement
    nom = "indu"

    @classmethod
    def _constates(cls, contexte: Contexte) -> list[Ecriture]:
        creances = contexte.contrat.ecritures.filter(nature=Nature.INDU, compte=Compte.CREANCE, ligne__isnull=False)
        return list(creances.select_related("ligne__campagne").order_by("-pk"))

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Every claim, the last first."""
        return {
            ecriture.pk: f"{francais.euros(-ecriture.montant)}, constatés le {jour(ecriture.date_effet)}"
            for ecriture in cls._constates(contexte)
        }

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The claim asked for, or the last; None when nothing was paid in excess."""
        voulue = next((e for e in cls._constates(contexte) if contexte.sujet in {None, e.pk}), None)
        return None if voulue is None or voulue.ligne is None else cls(voulue, voulue.ligne)

    @champ
    def montant(self) -> Valeur:
        """The claim, as the ledger has it."""
        return francais.euros(-self.ecriture.montant)

    @champ
    def date(self) -> Valeur:
        """The day when it was found."""
        return jour(self.ecriture.date_effet)

    @champ
    def motif(self) -> Valeur:
        """The rules that made it."""
        return _pourquoi(self.ligne.details) or None

    @table("versement", "date", "verse", "du", "en_trop")
    def details(self) -> list[Rangee]:
        """What makes the claim: the last column adds up to it."""
        rangees = [
            {
                "versement": _libelle(d),
                "date": jour(date_de(d["date"])),
                "verse": francais.euros(d["deja"]),
                "du": francais.euros(d["du"]),
                "en_trop": francais.euros(d["deja"] - d["du"]),
            }
            for d in self.ligne.details
        ]
        if self.ligne.reste_anterieur:
            rangees.append(
                {
                    "versement": "Solde antérieur",
                    "date": jour(self.ligne.campagne.date),
                    "verse": francais.euros(0),
                    "du": francais.euros(self.ligne.reste_anterieur),
                    "en_trop": francais.euros(-self.ligne.reste_anterieur),
                }
            )
        return rangees


@dataclass(frozen=True)
class DesComptes(Source):
    """Where the contract stands in the ledger."""

    contexte: Contexte
    nom = "comptes"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self:
        """Always there."""
        return cls(contexte)

    @champ
    def solde(self) -> Valeur:
        """What remains due, on one side or the other."""
        reste = solde(self.contexte.contrat)
        if reste.du_par_le_medecin:
            return f"Vous devez {francais.euros(reste.du_par_le_medecin)} à la caisse."
        if reste.aide:
            return f"La caisse vous doit {francais.euros(reste.aide)}."
        return "Aucune somme ne reste due de part et d'autre."

    @table("poste", "montant")
    def postes(self) -> list[Rangee]:
        """The whole ledger, by contract year then by kind: the last row is the sum of the others."""
        lignes = self.contexte.contrat.ecritures
        dus = lignes.filter(compte=Compte.AIDE, annee__isnull=False).values("annee").annotate(somme=Sum("montant"))
        postes = [(f"Annuité {du['annee']}, aide due", du["somme"]) for du in dus.order_by("annee")]
        for libelle, natures, compte in (
            ("Virements émis", (Nature.VERSEMENT,), Compte.AIDE),
            ("Virements rejetés par la banque", (Nature.RETOUR,), Compte.AIDE),
            ("Virements annulés avant leur jour", (Nature.ANNULATION,), Compte.AIDE),
            ("Remboursements reçus", (Nature.REMBOURSEMENT,), Compte.CREANCE),
            ("Trop-perçus remis ou abandonnés", (Nature.REMISE, Nature.NON_VALEUR), Compte.CREANCE),
        ):
            # What was cancelled goes with its cancellation.
            dits = Q(nature__in=natures) | Q(annule__nature__in=natures)
            somme = lignes.filter(dits, compte=compte).aggregate(s=Sum("montant"))["s"]
            postes += [(libelle, somme)] if somme else []
        reste = solde(self.contexte.contrat)
        postes.append(("Reste à verser" if reste.aide else "Reste", reste.aide - reste.du_par_le_medecin))
        return [{"poste": libelle, "montant": francais.euros(somme)} for libelle, somme in postes]
