"""The cost of the assistant under each option, year after year, and what is left of it after the aid.

Conventions. A contract year is twelve months counted from the signature; each month takes the rules of the calendar
month in which it begins, and those known at the date d'appréciation beyond it (« à législation constante »). The taxe
sur les salaires, yearly, is that of twelve such months, a twelfth a month. The post is held the whole year.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from binome import argent, francais
from binome.simulation.cout import emploi
from binome.simulation.cout.bareme import UNITE, PeriodeDeBareme, arrondir, bareme
from binome.simulation.cout.hypotheses import Retenues, retenir
from binome.simulation.cout.rentabilite import consultations_par_jour
from binome.simulation.cout.salaire import MOIS, POSITION_BASSE, Salaire
from binome.simulation.cout.taxe_salaires import BaremeTaxe, bareme_taxe
from binome.simulation.cout.territoire import Lieu, lieu
from binome.simulation.cout.travail import avertissements, cdd_de, temps_de_travail
from binome.simulation.modele.cout import (
    AnneePartielle,
    Cout,
    CoutAnnuel,
    CoutOption,
    HypotheseCout,
    HypothesesCout,
    OptionPartielle,
    SourceCout,
)
from openfisca_assistants_medicaux.certitude import Certitude

#: What the aid is for the doctor who gets it.
AIDE_IMPOSABLE = (
    "L'aide, imposable, compte dans l'assiette des cotisations du médecin : un excédent sur le coût n'est pas net."
)


@dataclass(frozen=True)
class AideAnnuelle:
    """What the aid brings to one contract year; `montant` is None when it is not determined."""

    rang: int
    debut: datetime.date
    fin: datetime.date
    #: Cents.
    montant: int | None
    au_plus: bool


@dataclass(frozen=True)
class PosteDeCout:
    """An option to price: its posts, as shares of full time, and its years."""

    nom: str
    libelle: str
    quotites: tuple[Fraction, ...]
    annees: tuple[AideAnnuelle, ...]


@dataclass(frozen=True)
class Mois:
    """What makes two months cost the same."""

    periode: PeriodeDeBareme
    annee_fiscale: int
    temps_plein: int
    #: Rates, in millionths; `indemnite` is that of the end of a CDD.
    prevoyance: int
    formation: int
    indemnite: int


#: The months of a contract year, alike ones counted together.
DouzeMois = tuple[tuple[Mois, int], ...]


@dataclass(frozen=True)
class Charges:
    """What an employer pays beside the salary, whatever the month."""

    #: Cents a month, for each post.
    mutuelle: int
    redevable_taxe_apprentissage: bool
    assujetti_taxe_salaires: bool
    #: True where the general relief applies.
    reduction: bool
    #: The one rate of the taxe sur les salaires, where there is only one.
    taux_taxe: Decimal | None
    #: Yearly salaries of the other employees, in cents.
    autres: tuple[int, ...]


@dataclass(frozen=True)
class Lignes:
    """The lines of a year, in cents."""

    brut: int = 0
    indemnite_fin_contrat: int = 0
    cotisations: int = 0
    allegement: int = 0
    formation: int = 0
    taxe_apprentissage: int = 0
    taxe_salaires: int = 0
    mutuelle: int = 0
    prevoyance: int = 0
    facture: int = 0

    @property
    def total(self) -> int:
        """What the employer pays."""
        salaire = self.brut + self.indemnite_fin_contrat
        payees = (salaire, self.cotisations, self.formation, self.taxe_apprentissage, self.taxe_salaires)
        return sum(payees) - self.allegement + self.mutuelle + self.prevoyance + self.facture


def chiffrer(
    saisies: HypothesesCout,
    signature: datetime.date,
    appreciation: datetime.date,
    postes: Sequence[PosteDeCout],
    notes: Sequence[str] = (),
) -> Cout:
    """The cost of each option. Standing at the date d'appréciation, only rules known then are used.

    `notes` are what the caller knows and a reader of the cost must too; they come first.
    """
    debut = min(signature, appreciation)
    retenues, dites = retenir(saisies, debut, appreciation)
    ici = lieu(saisies.territoire, debut)
    saisi = None if saisies.salaire_brut_mensuel is None else argent.en_centimes(saisies.salaire_brut_mensuel)
    salaire = Salaire(saisi, saisies.anciennete_annees, appreciation, ici.convention)
    chiffreur = _Chiffreur(saisies, retenues, salaire, ici, signature, appreciation)
    # An invoice replaces the salary, and is paid wherever one is.
    refus = None if saisies.facture_mensuelle is not None else ici.refus
    sans_salaire = saisies.facture_mensuelle is not None or (saisi is None and not ici.cotisations)
    salaire_retenu = None if sans_salaire else salaire.retenu(debut)
    certitudes = [h.certitude for h in dites] + [salaire_retenu.certitude if salaire_retenu else None]
    options = () if refus else tuple(chiffreur.option(poste) for poste in postes)
    connu = tuple(chiffreur.option_partielle(poste) for poste in postes) if refus and ici.taxe_connue else ()
    return Cout(
        salaire=salaire_retenu,
        options=options,
        non_determine=refus,
        connu=connu,
        hypotheses=_saisies_seules(saisies) + dites,
        sources=_sources(debut, appreciation, convention=ici.convention) if salaire_retenu else (),
        avertissements=avertissements(saisies, options, chiffreur.temps, chiffreur.cdd, ici),
        notes=(*notes, *_notes(saisies, chiffreur), *_aide_imposable(postes, debut)),
        certitude=min((Certitude[c] for c in certitudes if c), default=Certitude.secondaire).name,
    )


class _Chiffreur:
    def __init__(
        self,
        saisies: HypothesesCout,
        retenues: Retenues,
        salaire: Salaire,
        ici: Lieu,
        signature: datetime.date,
        appreciation: datetime.date,
    ) -> None:
        self.saisies = saisies
        self.ici = ici
        self.retenues = retenues
        self.salaire = salaire
        self.signature = signature
        self.appreciation = appreciation
        self.charges = Charges(
            mutuelle=argent.en_centimes(retenues.mutuelle_mensuelle),
            redevable_taxe_apprentissage=retenues.redevable_taxe_apprentissage,
            assujetti_taxe_salaires=retenues.assujetti_taxe_salaires,
            reduction=ici.reduction,
            taux_taxe=ici.taux_taxe,
            autres=tuple(argent.en_centimes(montant) for montant in saisies.autres_salaires_annuels),
        )
        debut = min(signature, appreciation)
        seuil = emploi.valeur("charges.prevoyance_anciennete", debut, appreciation)
        self.anciennete_prevoyance = int(seuil.valeur)
        self.temps = temps_de_travail(saisies, ici, debut, appreciation)
        self.cdd = cdd_de(saisies, signature, debut, appreciation)
        #: Last day whose rules are known.
        self.dernier_jour = min(appreciation, datetime.date(bareme().derniere_annee + 1, 1, 1) - datetime.timedelta(1))
        self._annees: dict[int, DouzeMois] = {}

    def option(self, poste: PosteDeCout) -> CoutOption:
        """Every year of one option."""
        poste = replace(poste, quotites=self.temps.reelles(poste))
        annees = tuple(self._annee(poste, annee) for annee in poste.annees)
        total = sum(annee.total for annee in annees)
        aides = [annee.aide for annee in annees]
        aide = None if None in aides else sum(a for a in aides if a is not None)
        return CoutOption(
            option=poste.nom,
            libelle=poste.libelle,
            etp=_decimal(sum(poste.quotites, Fraction(0))),
            heures_hebdomadaires=_decimal(self.temps.heures(poste.quotites)),
            temps_trop_court=self.temps.trop_court(poste.quotites),
            annees=annees,
            total_cinq_ans=total,
            aide_cinq_ans=aide,
            reste_a_charge_cinq_ans=None if aide is None else total - aide,
        )

    def option_partielle(self, poste: PosteDeCout) -> OptionPartielle:
        """What can be told of an option where the cost is not determined."""
        quotites = self.temps.reelles(poste)
        return OptionPartielle(
            option=poste.nom,
            libelle=poste.libelle,
            etp=_decimal(sum(quotites, Fraction(0))),
            heures_hebdomadaires=_decimal(self.temps.heures(quotites)),
            annees=tuple(self._annee_partielle(quotites, annee) for annee in poste.annees),
        )

    def _annee_partielle(self, quotites: tuple[Fraction, ...], annee: AideAnnuelle) -> AnneePartielle:
        payee = self.ici.cotisations or self.salaire.saisi is not None
        lignes = self._lignes(quotites, annee.rang) if payee else None
        # Without the contributions of the place, the salary and its tax are all that is known.
        connues = {
            nom: None if lignes is None else montant
            for nom, montant in vars(lignes or Lignes()).items()
            if nom not in {"allegement", "facture"}
        }
        if not self.ici.cotisations:
            connues |= dict.fromkeys(("cotisations", "formation", "taxe_apprentissage"))
            connues |= {} if self.saisies.taux_prevoyance is not None else {"prevoyance": None}
        return AnneePartielle(
            rang=annee.rang,
            debut=annee.debut,
            fin=annee.fin,
            **connues,
            taxe_salaires_avant_franchise=(
                None if lignes is None else _taxe(quotites, self._mois(annee.rang), self.charges, avant_franchise=True)
            ),
            total_au_plus=lignes.total if lignes is not None and self.ici.cotisations else None,
            aide=annee.montant,
            aide_au_plus=annee.au_plus,
        )

    def _annee(self, poste: PosteDeCout, annee: AideAnnuelle) -> CoutAnnuel:
        lignes = self._lignes(poste.quotites, annee.rang)
        total = lignes.total
        reste = None if annee.montant is None else total - annee.montant
        retenues = self.retenues
        return CoutAnnuel(
            rang=annee.rang,
            debut=annee.debut,
            fin=annee.fin,
            **vars(lignes),
            total=total,
            cout_mensuel=_par_mois(total),
            aide=annee.montant,
            aide_au_plus=annee.au_plus,
            reste_a_charge=reste,
            reste_a_charge_mensuel=None if reste is None else _par_mois(reste),
            consultations_par_jour=consultations_par_jour(
                reste,
                argent.en_centimes(retenues.honoraire_consultation),
                retenues.part_de_charges,
                retenues.jours_par_an,
            ),
            aide_couvre_tout=reste is not None and reste <= 0,
            legislation_constante=self._debut_du_mois(annee.rang * MOIS - 1) > self.dernier_jour,
        )

    def _lignes(self, quotites: tuple[Fraction, ...], rang: int) -> Lignes:
        facture = self.saisies.facture_mensuelle
        if facture is not None:
            due = argent.en_centimes(facture) * MOIS * sum(quotites, Fraction(0))
            return Lignes(facture=int(due + Fraction(1, 2)))
        return _lignes(quotites, self._mois(rang), self.charges)

    def _mois(self, rang: int) -> DouzeMois:
        """The months of a contract year, alike ones counted together."""
        if rang not in self._annees:
            debut = (rang - 1) * MOIS
            dates = Counter(
                (min(self._debut_du_mois(debut + mois), self.dernier_jour), debut + mois < self.cdd.mois)
                for mois in range(MOIS)
            )
            mois_de_l_annee: Counter[Mois] = Counter()
            for (date, en_cdd), nombre in dates.items():
                mois_de_l_annee[self._un_mois(date, rang - 1, en_cdd=en_cdd)] += nombre
            self._annees[rang] = tuple(mois_de_l_annee.items())
        return self._annees[rang]

    def _debut_du_mois(self, indice: int) -> datetime.date:
        """First day of the calendar month in which the contract's month begins (the signature, for the first)."""
        annee, mois = divmod(self.signature.year * MOIS + self.signature.month - 1 + indice, MOIS)
        return max(datetime.date(annee, mois + 1, 1), self.signature)

    def _un_mois(self, date: datetime.date, annees: int, *, en_cdd: bool) -> Mois:
        anciennete = self.saisies.anciennete_annees + annees
        return Mois(
            periode=bareme().periode(date),
            annee_fiscale=date.year,
            temps_plein=self.salaire.mensuel(date, annees),
            prevoyance=self._taux("taux_prevoyance", date) if anciennete >= self.anciennete_prevoyance else 0,
            formation=self._taux("taux_formation", date),
            indemnite=_millioniemes(self.cdd.indemnite) if en_cdd else 0,
        )

    def _taux(self, champ: str, date: datetime.date) -> int:
        return _millioniemes(self.retenues.taux_du_jour(champ, date, self.appreciation))


@lru_cache(maxsize=4096)
def _lignes(quotites: tuple[Fraction, ...], douze_mois: DouzeMois, charges: Charges) -> Lignes:
    """The lines of a year without invoice: those of every doctor who employs alike from the same month."""
    sommes: Counter[str] = Counter()
    for mois, nombre in douze_mois:
        for nom, montant in _postes_du_mois(quotites, mois, charges).items():
            sommes[nom] += montant * nombre
    arrondies = {nom: arrondir(montant) for nom, montant in sommes.items()}
    return Lignes(**arrondies, taxe_salaires=_taxe(quotites, douze_mois, charges))


def _taxe(
    quotites: tuple[Fraction, ...], douze_mois: DouzeMois, charges: Charges, *, avant_franchise: bool = False
) -> int:
    """The taxe sur les salaires of a contract year, in cents: each month, a twelfth of twelve such months' tax."""
    if not charges.assujetti_taxe_salaires:
        return 0
    somme = 0
    for mois, nombre in douze_mois:
        taxe, ajoutes = _bareme_taxe(mois, charges), _assiettes(quotites, mois, charges)
        somme += nombre * (taxe.brute(ajoutes) if avant_franchise else taxe.du_fait_de(ajoutes, charges.autres))
    return int(Fraction(somme, MOIS) + Fraction(1, 2))


def _bareme_taxe(mois: Mois, charges: Charges) -> BaremeTaxe:
    taxe = bareme_taxe(mois.annee_fiscale)
    return taxe if charges.taux_taxe is None else taxe.a_taux_unique(charges.taux_taxe)


def _postes_du_mois(quotites: tuple[Fraction, ...], mois: Mois, charges: Charges) -> dict[str, int]:
    """Lines of one month for all the posts, in millionths of a cent."""
    periode = mois.periode
    sommes: Counter[str] = Counter()
    # The indemnity of a CDD is salary: contributions and relief are those of the salary with it.
    temps_plein = _avec_indemnite(mois)
    for quotite in quotites:
        brut = _brut(temps_plein, quotite)
        sommes["brut"] += _brut(mois.temps_plein, quotite) * UNITE
        sommes["indemnite_fin_contrat"] += (brut - _brut(mois.temps_plein, quotite)) * UNITE
        sommes["cotisations"] += periode.cotisations_de(temps_plein, quotite)
        sommes["allegement"] += periode.allegement_de(temps_plein, quotite) if charges.reduction else 0
        sommes["formation"] += brut * mois.formation
        sommes["prevoyance"] += brut * mois.prevoyance
        sommes["mutuelle"] += charges.mutuelle * UNITE
        if charges.redevable_taxe_apprentissage:
            sommes["taxe_apprentissage"] += periode.taxe_apprentissage_de(brut)
    return dict(sommes)


def _assiettes(quotites: tuple[Fraction, ...], mois: Mois, charges: Charges) -> list[int]:
    """What the tax is counted on for each post, in cents, if the whole year were like this month."""
    ajoutes = []
    for quotite in quotites:
        brut = _brut(_avec_indemnite(mois), quotite)
        # The employer's share of supplementary cover is part of the base.
        avantages = charges.mutuelle + arrondir(brut * mois.prevoyance)
        ajoutes.append((brut + avantages) * MOIS)
    return ajoutes


def _avec_indemnite(mois: Mois) -> int:
    return mois.temps_plein + arrondir(mois.temps_plein * mois.indemnite)


def _brut(temps_plein: int, quotite: Fraction) -> int:
    return int(temps_plein * quotite + Fraction(1, 2))


def _millioniemes(taux: Decimal) -> int:
    return int(taux * UNITE)


def _decimal(fraction: Fraction) -> Decimal:
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(Decimal("0.01"))


def _par_mois(montant: int) -> int:
    """A twelfth, half a cent away from zero."""
    douzieme = (2 * abs(montant) + MOIS) // (2 * MOIS)
    return douzieme if montant >= 0 else -douzieme


def _saisies_seules(saisies: HypothesesCout) -> tuple[HypotheseCout, ...]:
    """The fields that have no parameter behind them."""
    dites = []
    if saisies.facture_mensuelle is not None:
        ecrite = f"{francais.euros(argent.en_centimes(saisies.facture_mensuelle))} par mois pour un temps plein"
        dites.append(_dite(saisies, "facture_mensuelle", "Facture du groupement d'employeurs", ecrite))
        return tuple(dites)
    dites.append(_dite(saisies, "territoire", "Territoire du cabinet", saisies.territoire.libelle))
    if "type_contrat" in saisies.model_fields_set:
        dites.append(_dite(saisies, "type_contrat", "Contrat de travail", saisies.type_contrat.libelle))
    if saisies.heures_hebdomadaires is not None:
        ecrites = f"{francais.valeur(float(saisies.heures_hebdomadaires))}{francais.INSECABLE}h par semaine"
        dites.append(_dite(saisies, "heures_hebdomadaires", "Heures réelles du poste", ecrites))
    ancien = francais.pluriel(saisies.anciennete_annees, "an")
    dites.append(_dite(saisies, "anciennete_annees", "Ancienneté de l'assistant à la signature", ancien))
    autres = [argent.en_centimes(salaire) for salaire in saisies.autres_salaires_annuels]
    ecrits = f"{francais.pluriel(len(autres), 'salarié')}, {francais.euros(sum(autres))} bruts par an"
    dites.append(
        _dite(
            saisies,
            "autres_salaires_annuels",
            "Autres salariés du cabinet",
            ecrits if autres else "aucun autre salarié",
        )
    )
    return tuple(dites)


def _dite(saisies: HypothesesCout, champ: str, libelle: str, ecrite: str) -> HypotheseCout:
    defaut = champ not in saisies.model_fields_set
    return HypotheseCout(
        nom=champ,
        libelle=libelle,
        valeur=getattr(saisies, champ),
        valeur_ecrite=ecrite,
        par_defaut=defaut,
        certitude=Certitude.hypothese.name if defaut else None,
        source="Valeur de départ, à remplacer par celle du cabinet" if defaut else None,
    )


@lru_cache
def _sources(date: datetime.date, appreciation: datetime.date, *, convention: bool) -> tuple[SourceCout, ...]:
    donnees, grille = bareme(), emploi.valeur(POSITION_BASSE, date, appreciation).references[0]
    toutes = (
        SourceCout(
            titre="OpenFisca-France : cotisations, réductions, SMIC et barème de la taxe sur les salaires",
            version=donnees.openfisca_france,
            date=donnees.genere_le,
            lien="https://github.com/openfisca/openfisca-france",
        ),
        SourceCout(
            titre=grille["title"],
            lien=grille.get("href"),
        ),
    )
    return toutes if convention else toutes[:1]


def _aide_imposable(postes: Sequence[PosteDeCout], date: datetime.date) -> tuple[str, ...]:
    """That the aid is no net money, wherever there is one."""
    aidee = any(annee.montant for poste in postes for annee in poste.annees)
    if not aidee or not emploi.valeur("charges.aide_imposable", date, date).valeur:
        return ()
    return (AIDE_IMPOSABLE,)


def _notes(saisies: HypothesesCout, chiffreur: _Chiffreur) -> tuple[str, ...]:
    connu = francais.date_longue(chiffreur.dernier_jour)
    seuil = (
        "Le seuil de rentabilité compte les seules consultations de plus, toute autre chose égale ; "
        "honoraire, charges et jours se modifient."
    )
    if chiffreur.ici.refus is not None and saisies.facture_mensuelle is None:
        # No cost, no break-even: what is computed keeps its two reservations.
        seuil = ""
    if saisies.facture_mensuelle is not None:
        return ("La facture est supposée constante, au prorata du temps de travail.", seuil)
    notes = [
        f"Après le {connu}, les années sont chiffrées à législation constante : SMIC, cotisations et seuils inchangés.",
        "Le coût est celui d'un poste tenu toute l'année, hors formation, matériel, locaux, remplacement et treizième "
        "mois.",
    ]
    if chiffreur.retenues.assujetti_taxe_salaires:
        notes.append(
            "Taxe sur les salaires : ce que l'assistant ajoute à celle du cabinet, franchise et décote comptées "
            "avec les autres salaires saisis."
        )
    return (*notes, seuil) if seuil else tuple(notes)
