"""What is shown above the funds: counts and money in which no small group can be told, even by joining the tables.

Every count is rounded to the same base, totals included. Rounding leaves each group an interval; the tables are linked
(the options, the rules, the specialties, the funds of the living contracts have one sum), and a link may narrow it.
`intervalles` says what whoever joins all of them can tell; the base grows until no small group is told. Money is
shown for groups that are many enough and where nobody weighs too much, and never with one hidden neighbour alone.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from binome.dossiers.models import Contrat, Ecriture
from binome.dossiers.nomenclatures import ENGAGEANTS, SIGNES, Nature, Statut
from binome.dossiers.patientele.tableau_de_bord import patients_gagnes
from binome.simulation import LIBELLES

#: Under this number of contracts, a group could name someone.
SECRET = 5
#: What counts are rounded to: the first base that tells no small group.
BASES = (SECRET, 2 * SECRET, 4 * SECRET, 10 * SECRET, 20 * SECRET)
#: Money is shown in thousands of euros (cents), and of a group where one contract has at most this part.
ARRONDI, DOMINANCE = 100_000, Fraction(17, 20)

Intervalle = tuple[int, int]


@dataclass(frozen=True)
class Lien:
    """A sum that whoever reads the tables knows: these cells make that one."""

    somme: str
    parties: tuple[str, ...]


@dataclass(frozen=True)
class GroupeNational:
    """A line of a table; `nombre` and `montant` (cents) as they are shown, None when they are hidden."""

    libelle: str
    nombre: int | None
    montant: int | None = None


@dataclass(frozen=True)
class TableauNational:
    """A table of the page."""

    titre: str
    groupes: Sequence[GroupeNational]
    #: Money beside the counts.
    argent: bool = False


@dataclass(frozen=True)
class National:
    """The tables, and what their counts are rounded to."""

    base: int
    tableaux: Sequence[TableauNational]
    patients: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def moins_de(self) -> int:
        """What is shown as nothing is less than this."""
        return (self.base + 1) // 2


# -- what rounding hides -------------------------------------------------------------------------------------------


def arrondir(nombre: int, base: int) -> int:
    """To the nearest multiple, half up."""
    return (nombre + base // 2) // base * base


def intervalle(montre: int, base: int) -> Intervalle:
    """The counts that are shown so."""
    bas = montre - base // 2
    return max(bas, 0), bas + base - 1


def intervalles(montres: Mapping[str, int], liens: Sequence[Lien], base: int) -> dict[str, Intervalle]:
    """What each cell can be for whoever joins every table; cells that are not shown, but linked, included.

    Bounds are pushed along the links until nothing moves. The links make a tree (two of them share one cell at most),
    where that gives the exact bounds of each cell: a test holds it to an enumeration.
    """
    bornes = {nom: intervalle(montre, base) for nom, montre in montres.items()}
    for lien in liens:
        for nom in (lien.somme, *lien.parties):
            bornes.setdefault(nom, (0, sum(b[1] for b in bornes.values())))
    bouge = True
    while bouge:
        bouge = False
        for lien in liens:
            bas, haut = (sum(bornes[p][cote] for p in lien.parties) for cote in (0, 1))
            bouge |= _resserrer(bornes, lien.somme, bas, haut)
            total = bornes[lien.somme]
            for partie in lien.parties:
                sans = [sum(bornes[p][cote] for p in lien.parties if p != partie) for cote in (0, 1)]
                bouge |= _resserrer(bornes, partie, total[0] - sans[1], total[1] - sans[0])
    return bornes


def _resserrer(bornes: dict[str, Intervalle], nom: str, bas: int, haut: int) -> bool:
    avant = bornes[nom]
    bornes[nom] = max(avant[0], bas), min(avant[1], haut)
    return bornes[nom] != avant


def tait_les_petits(vrais: Mapping[str, int], liens: Sequence[Lien], base: int) -> bool:
    """True when no small group is told: for all that is known, it may be empty, or of five and more."""
    montres = {nom: arrondir(nombre, base) for nom, nombre in vrais.items()}
    connus = intervalles(montres, liens, base)
    return all(connus[nom][0] == 0 or connus[nom][1] >= SECRET for nom, nombre in vrais.items() if 0 < nombre < SECRET)


def base_sure(vrais: Mapping[str, int], liens: Sequence[Lien]) -> int:
    """The first base that tells no small group; the last one when none does."""
    return next((base for base in BASES if tait_les_petits(vrais, liens, base)), BASES[-1])


def taire(montants: Mapping[str, Sequence[int]]) -> dict[str, int | None]:
    """Money of each group from that of its contracts (cents): rounded, or None.

    Hidden when the contracts are few or one of them weighs too much; one hidden group alone would be the total less
    the others: the smallest of the others is hidden with it.
    """
    sommes = {nom: sum(parts) for nom, parts in montants.items()}
    caches = {
        nom for nom, parts in montants.items() if len(parts) < SECRET or max(parts) > DOMINANCE * max(sommes[nom], 1)
    }
    visibles = sorted((nom for nom in montants if nom not in caches), key=lambda nom: (sommes[nom], nom))
    if len(caches) == 1 and visibles:
        caches.add(visibles[0])
    return {nom: None if nom in caches else arrondir(somme, ARRONDI) for nom, somme in sommes.items()}


# -- the tables ----------------------------------------------------------------------------------------------------

VIVANTS, SIGNATURES = "vivants", "signés"
#: Years that are also shown by quarter: the last ones.
ANNEES_PAR_TRIMESTRE = 3


def dresser(contrats: QuerySet[Contrat]) -> National:
    """The national tables over these contracts, without a name and without a small group."""
    en_vie, signes = contrats.filter(statut__in=ENGAGEANTS), contrats.filter(statut__in=SIGNES)
    etats = Counter({statut.label: 0 for statut in Statut})
    etats.update({Statut(code).label: nombre for code, nombre in _compter(contrats, "statut")})
    comptes: dict[str, dict[str, int]] = {"Par état": dict(etats)}
    for titre, champ, libelles, absent in (
        ("Par option (en vie)", "option", LIBELLES["NomOption"], "Collectif"),
        ("Par règles (en vie)", "regime", {}, "—"),
        ("Par spécialité (en vie)", "medecin__specialite", LIBELLES["NomSpecialite"], "Groupe"),
        ("Par caisse (en vie)", "caisse__nom", {}, "—"),
    ):
        table: Counter[str] = Counter()
        for code, nombre in _compter(en_vie, champ):
            table[(libelles.get(code, code) or absent) if code else absent] += nombre
        comptes[titre] = dict(table)
    dates = [date for (date,) in signes.values_list("date_signature") if date is not None]
    comptes["Signatures par année"] = dict(Counter(str(date.year) for date in dates))
    recentes = sorted({date.year for date in dates})[-ANNEES_PAR_TRIMESTRE:]
    comptes["Signatures par trimestre"] = dict(Counter(_trimestre(date) for date in dates if date.year in recentes))
    vrais = {f"{titre}/{libelle}": nombre for titre, table in comptes.items() for libelle, nombre in table.items()}
    base = base_sure(vrais, _liens(comptes))
    tableaux = [
        TableauNational(
            titre, [GroupeNational(libelle, arrondir(nombre, base)) for libelle, nombre in _ordonner(titre, table)]
        )
        for titre, table in comptes.items()
    ]
    return National(base, [*tableaux, *_argent(signes)], _patients(en_vie))


def _compter(contrats: QuerySet[Contrat], champ: str) -> Iterable[tuple[str, int]]:
    return contrats.order_by().values_list(champ).annotate(nombre=Count("pk"))


def _trimestre(date: datetime.date) -> str:
    return f"{date.year} T{(date.month + 2) // 3}"


def _ordonner(titre: str, table: Mapping[str, int]) -> list[tuple[str, int]]:
    """Years and quarters in their order; states in that of a contract's life; the rest, the most numerous first."""
    lignes = list(table.items())
    if titre.startswith("Signatures"):
        return sorted(lignes)
    return lignes if titre == "Par état" else sorted(lignes, key=lambda ligne: (-ligne[1], ligne[0]))


def _liens(comptes: Mapping[str, Mapping[str, int]]) -> list[Lien]:
    """The sums that the tables share: a tree, from the states to the quarters."""

    def cases(titre: str, libelles: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{titre}/{libelle}" for libelle in libelles)

    finis = [s.label for s in SIGNES if s not in ENGAGEANTS]
    liens = [
        Lien(VIVANTS, cases("Par état", [s.label for s in ENGAGEANTS])),
        Lien(SIGNATURES, (VIVANTS, *cases("Par état", finis))),
        Lien(SIGNATURES, cases("Signatures par année", comptes["Signatures par année"])),
    ]
    liens += [Lien(VIVANTS, cases(titre, table)) for titre, table in comptes.items() if titre.endswith("(en vie)")]
    trimestres = comptes["Signatures par trimestre"]
    for annee in comptes["Signatures par année"]:
        siens = [libelle for libelle in trimestres if libelle.startswith(annee)]
        liens.append(Lien(f"Signatures par année/{annee}", cases("Signatures par trimestre", siens)))
    return [lien for lien in liens if lien.parties]


def _argent(signes: QuerySet[Contrat]) -> list[TableauNational]:
    """What was paid, by year and by fund."""
    par_an: dict[str, list[int]] = defaultdict(list)
    par_caisse: dict[str, Counter[int]] = defaultdict(Counter)
    versements = Ecriture.objects.filter(
        contrat__in=signes.values("pk"), nature__in=(Nature.VERSEMENT, Nature.RETOUR)
    ).annotate(an=ExtractYear("date_valeur"))
    lignes = versements.order_by().values_list("an", "contrat", "contrat__caisse__nom").annotate(somme=Sum("montant"))
    for an, contrat, caisse, somme in lignes:
        if somme:
            par_an[str(an)].append(-somme)
            par_caisse[caisse][contrat] -= somme
    annees = taire(dict(sorted(par_an.items())))
    caisses = taire({nom: list(sommes.values()) for nom, sommes in sorted(par_caisse.items())})
    return [
        TableauNational(
            titre, [GroupeNational(libelle, None, montant) for libelle, montant in table.items()], argent=True
        )
        for titre, table in (("Versé par année", annees), ("Versé par caisse, depuis l'origine", caisses))
    ]


def _patients(en_vie: QuerySet[Contrat]) -> dict[str, dict[str, int]]:
    """Patients gained since signature against the objective, over enough contracts."""
    sommes = patients_gagnes(en_vie.filter(medecin__isnull=False))
    return {nom: somme for nom, somme in sommes.items() if somme["contrats"] >= SECRET}


def lignes_export(national: National) -> tuple[list[str], list[list[str | int | None]]]:
    """What the page shows, and nothing more, for a spreadsheet."""
    titres = ["table", "groupe", f"contrats (arrondis à {national.base})", "versé (milliers d'euros)"]
    return titres, [
        [
            tableau.titre,
            groupe.libelle,
            "" if tableau.argent else groupe.nombre,
            ("s." if groupe.montant is None else groupe.montant // ARRONDI) if tableau.argent else "",
        ]
        for tableau in national.tableaux
        for groupe in tableau.groupes
    ]
