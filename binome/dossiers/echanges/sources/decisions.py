"""What the fund decided, or noted, of a contract under way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from django.utils import timezone

from binome import francais
from binome.dossiers.contrats.etat import Etat, EvaluationDecidee
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.contrat import echeancier, patients
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, jour, table
from binome.dossiers.models import Evaluation, Evenement
from binome.dossiers.nomenclatures import Genre, Statut
from binome.simulation import Annee
from binome.simulation.mots.ecriture import STATUTS, adherent, majuscule, saisie
from binome.simulation.mots.grandeurs import pour_cent
from openfisca_assistants_medicaux import registre

#: Entries of the register of deadlines that the letters about an absence read.
ABSENCE = "date_suspension_possible"


def _taux(evaluation: Evaluation) -> str:
    return pour_cent(evaluation.numerateur / evaluation.denominateur)


@dataclass(frozen=True)
class DeLEvaluation(Source):
    """The decision on a contract year, in its last version."""

    contexte: Contexte
    evaluation: Evaluation
    annee: Annee
    nom = "evaluation"

    @classmethod
    def _decidees(cls, contexte: Contexte) -> list[Evaluation]:
        """The last version of each year, the last year first."""
        versions = contexte.contrat.evaluations.order_by("annee", "version")
        return sorted({e.annee: e for e in versions}.values(), key=lambda e: -e.annee)

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Every year decided."""
        return {e.pk: f"annuité {e.annee}" for e in cls._decidees(contexte)}

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The year asked for, or the last."""
        decidee = next((e for e in cls._decidees(contexte) if contexte.sujet in {None, e.pk}), None)
        annee = None if decidee is None else contexte.annee(decidee.annee)
        return None if decidee is None or annee is None else cls(contexte, decidee, annee)

    @champ
    def annuite(self) -> Valeur:
        """The year, and its days."""
        return f"annuité {self.annee.rang}, du {jour(self.annee.debut)} au {jour(self.annee.fin)}"

    @champ
    def date_releve(self) -> Valeur:
        """The statement."""
        return jour(self.evaluation.releve_date)

    @champ
    def motif(self) -> Valeur:
        """Why: the reason written by who decided, or the rule that was read."""
        return self.evaluation.motif or self.annee.explication

    @champ
    def proposition(self) -> Valeur:
        """What the rules proposed, when the fund decided otherwise."""
        e = self.evaluation
        if e.propose_numerateur is None or not e.propose_denominateur:
            return e.explication if e.motif else None
        propose = Fraction(e.propose_numerateur, e.propose_denominateur)
        if propose == Fraction(e.numerateur, e.denominateur):
            return None
        return f"Les règles proposaient {pour_cent(float(propose))}. {e.explication}"

    @champ
    def taux(self) -> Valeur:
        """The part of the aid that was decided."""
        return _taux(self.evaluation)

    @champ
    def calcul(self) -> Valeur:
        """How the amount is made: largest amount, part, and days when the year was not whole."""
        maximal, jours, dus = self.annee.montant_maximal, self.annee.jours, self.annee.jours_dus
        prorata = "" if dus == jours else f", pour {dus} jours sur {jours}"
        return None if maximal is None else f"{_taux(self.evaluation)} de {francais.euros(maximal)}{prorata}"

    @champ
    def montant(self) -> Valeur:
        """What is due for the year: what the ledger holds of it once the campaign is validated."""
        return None if self.annee.montant_du is None else francais.euros(self.annee.montant_du)

    @champ
    def versements(self) -> Valeur:
        """When it is paid."""
        if not self.annee.montant_du:
            return "Aucun versement n'est à faire pour cette annuité."
        dits = [
            f"{francais.euros(v.montant)} ({v.libelle}, {'à l’embauche' if v.date is None else jour(v.date)})"
            for v in self.annee.versements
        ]
        return f"Elle se verse ainsi : {francais.enumeration(dits)}." if dits else None

    @table("indicateur", "base", "objectif", "resultat", "etat")
    def indicateurs(self) -> list[Rangee]:
        """What the statement says of each objective, and how the law reads it."""
        return [
            {
                "indicateur": o["libelle"],
                "base": patients(o["base"]),
                "objectif": patients(o["cible"]),
                "resultat": patients(getattr(self.evaluation, o["indicateur"])),
                "etat": STATUTS[getattr(self.annee, f"statut_{o['indicateur']}") or "indeterminee"],
            }
            for o in self.contexte.objectifs_de(self.annee.debut)
        ]


@dataclass(frozen=True)
class DeLaReevaluation(DeLEvaluation):
    """A decision taken again after the doctor contested the former one."""

    nom = "reevaluation"

    @classmethod
    def _decidees(cls, contexte: Contexte) -> list[Evaluation]:
        return [e for e in super()._decidees(contexte) if _avant(e) is not None]

    @property
    def _premiere(self) -> Evaluation:
        premiere = _avant(self.evaluation)
        assert premiere is not None  # noqa: S101 - checked when found
        return premiere

    @property
    def _du_avant(self) -> int | None:
        """What the former decision made due, counted by today's rules on the rest of the file."""
        e, etat = self._premiere, self.contexte.etat
        avant = EvaluationDecidee(
            patientele_mt=e.patientele_mt,
            file_active=e.file_active,
            numerateur=e.numerateur,
            denominateur=e.denominateur,
        )
        annees = self.contexte.annees_de(
            etat.model_copy(update={"evaluations": {**etat.evaluations, self.annee.rang: avant}})
        )
        return next(annee.montant_du for annee in annees if annee.rang == self.annee.rang)

    @champ
    def date_premiere(self) -> Valeur:
        """The day of the former decision."""
        return jour(timezone.localdate(self._premiere.decidee_le))

    @champ
    def date_contestation(self) -> Valeur:
        """The day when it was contested."""
        contestee = self._premiere.contestee_le
        return None if contestee is None else jour(timezone.localdate(contestee))

    @champ
    def taux_avant(self) -> Valeur:
        """The former part."""
        return _taux(self._premiere)

    @champ
    def montant_avant(self) -> Valeur:
        """The former amount."""
        avant = self._du_avant
        return None if avant is None else francais.euros(avant)

    @champ
    def difference(self) -> Valeur:
        """What becomes of the difference."""
        avant, apres = self._du_avant, self.annee.montant_du
        if avant is None or apres is None:
            return None
        if apres == avant:
            return "Le montant de l'aide ne change pas."
        if apres > avant:
            return f"La différence, {francais.euros(apres - avant)}, vous sera versée."
        return f"La différence est de {francais.euros(avant - apres)} : si elle vous a été versée, elle est à rendre."


def _avant(evaluation: Evaluation) -> Evaluation | None:
    """The contested decision that another replaced."""
    return Evaluation.objects.filter(
        contrat=evaluation.contrat_id,
        annee=evaluation.annee,
        version=evaluation.version - 1,
        contestee_le__isnull=False,
    ).first()


@dataclass(frozen=True)
class DeLaSuspension(Source):
    """The suspension under way."""

    contexte: Contexte
    evenement: Evenement
    nom = "suspension"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None unless the contract is suspended."""
        evenement = contexte.dernier(Genre.SUSPENSION)
        suspendu = contexte.contrat.statut == Statut.SUSPENDU
        return cls(contexte, evenement) if suspendu and evenement is not None else None

    @champ
    def debut(self) -> Valeur:
        """Its first day."""
        return jour(self.evenement.date_effet)

    @champ
    def motif(self) -> Valeur:
        """The reason written by who decided."""
        return self.evenement.motif

    @champ
    def regle(self) -> Valeur:
        """What the register of deadlines says of an absence."""
        return registre.echeances()[ABSENCE].aide

    @champ
    def objectifs(self) -> Valeur:
        """What becomes of the objectives, under the rules that tell it."""
        suspendus = self.contexte.loi.get("vie_du_contrat.suspension.objectifs_suspendus")
        if suspendus is None or not suspendus.valeur:
            return None
        return "Vos objectifs sont suspendus pendant la même période."


@dataclass(frozen=True)
class DeLaReprise(Source):
    """The end of the last suspension."""

    contexte: Contexte
    evenement: Evenement
    debut: datetime.date
    nom = "reprise"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None while the contract is suspended, or if it never was."""
        evenement, suspensions = contexte.dernier(Genre.REPRISE), contexte.etat.suspensions
        if contexte.contrat.statut != Statut.EN_COURS or evenement is None or not suspensions:
            return None
        return cls(contexte, evenement, suspensions[-1].debut)

    @champ
    def date(self) -> Valeur:
        """The first day due again."""
        return jour(self.evenement.date_effet)

    @champ
    def date_suspension(self) -> Valeur:
        """First day of the suspension that ends."""
        return jour(self.debut)

    @champ
    def motif(self) -> Valeur:
        """The reason written, or who holds the post."""
        poste = (
            self.contexte.contrat.embauches.filter(date_fin=None)
            .select_related("assistant")
            .order_by("date_debut")
            .last()
        )
        occupe = None if poste is None else f"{poste.assistant} occupe le poste."
        return self.evenement.motif or occupe

    @table("annuite", "versement", "date", "montant")
    def versements(self) -> list[Rangee]:
        """The instalments that come after."""
        return echeancier(self.contexte, self.evenement.date_effet)


@dataclass(frozen=True)
class _DeLaResiliation(Source):
    """A termination."""

    contexte: Contexte
    evenement: Evenement

    @classmethod
    def _par(cls, contexte: Contexte, *par: str | None) -> Self | None:
        evenement = contexte.resiliation
        return cls(contexte, evenement) if evenement is not None and evenement.donnees.get("par") in par else None

    @champ
    def date_fin(self) -> Valeur:
        """Last day of the contract."""
        return jour(self.evenement.date_effet)

    @champ
    def motif(self) -> Valeur:
        """The reason written."""
        return self.evenement.motif


@dataclass(frozen=True)
class DeLaResiliationParLeMedecin(_DeLaResiliation):
    """A termination that the doctor asked for."""

    nom = "resiliation_medecin"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None unless the doctor asked for it."""
        return cls._par(contexte, "medecin")

    @champ
    def date_reception(self) -> Valeur:
        """The day when the letter was received; where nobody told it, the day when the request was recorded."""
        if recue := self.evenement.donnees.get("recue_le"):
            return jour(datetime.date.fromisoformat(recue))
        return jour(timezone.localdate(self.evenement.consigne_le))


@dataclass(frozen=True)
class DeLaResiliationParLaCaisse(_DeLaResiliation):
    """A termination that the fund decided."""

    nom = "resiliation_caisse"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None when the doctor asked for it, or leaves for the contract of a society."""
        return cls._par(contexte, "caisse", None)


@dataclass(frozen=True)
class DeLaFin(Source):
    """The end of a contract that no other follows."""

    contexte: Contexte
    date_fin: datetime.date
    nom = "fin"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None before the last day, and for a contract that was renewed."""
        contrat = contexte.contrat
        finie = contrat.statut in (Statut.ECHU, Statut.RESILIE)
        if not finie or contrat.date_fin is None or contrat.date_fin >= contexte.jour:
            return None
        return cls(contexte, contrat.date_fin)

    @champ
    def date(self) -> Valeur:
        """The last day."""
        return jour(self.date_fin)

    @champ
    def motif(self) -> Valeur:
        """Why it ended."""
        resiliation = self.contexte.resiliation
        if resiliation is None:
            return "Il est arrivé à son terme et n'a pas été renouvelé."
        a_la_demande = " à votre demande" if resiliation.donnees.get("par") == "medecin" else ""
        return f"Il a été résilié{a_la_demande} : {resiliation.motif.rstrip('.')}."


@dataclass(frozen=True)
class DeLAvenant(Source):
    """An amendment."""

    evenement: Evenement
    rang: int
    etat: Etat
    nom = "avenant"

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Every amendment, the last first."""
        evenements = list(enumerate(contexte.tenus(Genre.AVENANT), start=1))
        return {e.numero: f"avenant n° {rang}, du {jour(e.date_effet)}" for rang, e in reversed(evenements)}

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The amendment asked for, or the last; None when the contract was never amended."""
        evenements = list(enumerate(contexte.tenus(Genre.AVENANT), start=1))
        trouves = (cls(e, rang, contexte.etat) for rang, e in reversed(evenements))
        return next((t for t in trouves if contexte.sujet in {None, t.evenement.numero}), None)

    @champ
    def numero(self) -> Valeur:
        """Its rank among the amendments of the contract."""
        return f"avenant n° {self.rang}"

    @champ
    def date(self) -> Valeur:
        """The day from which it holds."""
        return jour(self.evenement.date_effet)

    @champ
    def motif(self) -> Valeur:
        """The circumstances written."""
        return self.evenement.motif

    @table("clause", "avant", "apres")
    def changements(self) -> list[Rangee]:
        """What it changes: the contract before and after, read side by side."""
        effet = self.evenement.date_effet
        avant, apres = (
            _clauses(self.etat.model_copy(update={"avenants": self.etat.avenants[:combien]}), effet)
            for combien in (self.rang - 1, self.rang)
        )
        return [
            {"clause": clause, "avant": avant.get(clause, "non prévu"), "apres": apres.get(clause, "non prévu")}
            for clause in {**avant, **apres}
            if avant.get(clause) != apres.get(clause)
        ]


def _clauses(etat: Etat, jour_lu: datetime.date) -> dict[str, str]:
    """Everything written in a contract on a day, by label."""
    situation = etat.lire(jour_lu)
    membres = () if situation.groupe is None else situation.groupe.membres
    return dict(saisie(situation, ())) | {
        f"Adhérent {rang}": majuscule(adherent(membre, rang)) for rang, membre in enumerate(membres, start=1)
    }
