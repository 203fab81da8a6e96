"""What the bank sends back: status reports (pain.002), notices (camt.054) and account statements (camt.053).

A report speaks of one transfer, of a batch or of a whole order: what is said of a batch holds for its transfers, unless
one of them says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from binome import argent
from binome.erreurs import BinomeErreur

TAILLE_MAXIMALE = 20_000_000

#: Usual reasons (ISO 20022 external codes), in French.
MOTIFS = {
    "AC01": "numéro de compte incorrect",
    "AC04": "compte clos",
    "AC06": "compte bloqué",
    "AC13": "type de compte incorrect",
    "AG01": "virement interdit sur ce compte",
    "AG02": "code d'opération incorrect",
    "AM02": "montant refusé",
    "AM04": "provision insuffisante",
    "AM05": "doublon",
    "BE01": "nom du titulaire incohérent",
    "BE04": "adresse manquante",
    "FF01": "format invalide",
    "MD07": "titulaire décédé",
    "MS02": "refus du bénéficiaire",
    "MS03": "motif non précisé par la banque",
    "RC01": "code de banque incorrect",
    "RR01": "compte du donneur d'ordre manquant",
    "RR04": "motif réglementaire",
    "TM01": "reçu trop tard",
    "NARR": "motif en toutes lettres",
}
#: Reasons that say nothing against the account to which the transfer went.
HORS_DU_COMPTE = {"AG02", "AM02", "AM04", "AM05", "FF01", "RR01", "TM01"}
REJETE, ACCEPTE, EN_ATTENTE = "rejete", "accepte", "en_attente"
#: A cancelled transfer was not made: its sum is due again, as after a rejection.
_STATUTS = {
    "RJCT": REJETE,
    "CANC": REJETE,
    "ACTC": ACCEPTE,
    "ACCP": ACCEPTE,
    "ACSP": ACCEPTE,
    "ACWC": ACCEPTE,
    "ACSC": ACCEPTE,
    "ACCC": ACCEPTE,
    "PART": EN_ATTENTE,
    "PDNG": EN_ATTENTE,
    "RCVD": EN_ATTENTE,
}
ATTENDU = "XML pain.002, camt.053 ou camt.054 attendu"
MESSAGES = ("CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt")


@dataclass(frozen=True)
class Retour:
    """What became of one transfer, or of all those of an order when `reference` is empty."""

    reference: str
    #: « rejete », « accepte » or « en_attente ».
    statut: str
    #: Reason: an ISO code, or the bank's own; empty when it gives none.
    code: str
    #: The reason in words, the bank's own text included.
    motif: str
    #: Order that held it, when the bank says so.
    ordre: str = ""
    #: Amount that came back, in cents, when the bank says so.
    montant: int | None = None
    annule: bool = False
    #: The status, as the bank writes it.
    iso: str = ""

    @property
    def compte_en_cause(self) -> bool:
        """True when the account may be at fault: the transfer itself was refused, and not for a reason of the order."""
        return bool(self.reference) and not self.annule and self.code not in HORS_DU_COMPTE


def lire(octets: bytes) -> tuple[Retour, ...]:
    """All that a bank's file tells, orders before their transfers. Raises BinomeErreur when it is not such a file."""
    racine = _analyser(octets)
    retours = tuple(_pain_002(racine)) if _un(racine, "CstmrPmtStsRpt") is not None else tuple(_camt(racine))
    if not retours:
        raise BinomeErreur(
            "fichier de la banque : ni ordre ni virement nommé (OrgnlMsgId, OrgnlPmtInfId ou EndToEndId attendu)"
        )
    return retours


def en_donnees(octets: bytes) -> list[dict[str, Any]]:
    """The same, as JSON can say it."""
    return [asdict(retour) for retour in lire(octets)]


#: Reader to name to `binome.isolement.lire`.
LECTEUR = "binome.documents.sepa.retour:en_donnees"


def _analyser(octets: bytes) -> Any:
    if len(octets) > TAILLE_MAXIMALE:
        raise BinomeErreur(f"fichier de la banque : au plus {TAILLE_MAXIMALE // 1_000_000} Mo attendus")
    if b"<!DOCTYPE" in octets[:10_000] or b"<!ENTITY" in octets:
        raise BinomeErreur("fichier de la banque : déclaration de type ou d'entité refusée")
    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        racine = etree.fromstring(octets, analyseur)
    except etree.XMLSyntaxError as erreur:
        if erreur.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from erreur
        raise BinomeErreur(f"fichier de la banque : {ATTENDU}") from erreur
    if all(_un(racine, message) is None for message in MESSAGES):
        raise BinomeErreur(f"fichier de la banque : {ATTENDU}")
    return racine


def _tous(element: Any, nom: str) -> list[Any]:
    """Descendants by local name: every version of a message has a namespace of its own."""
    return list(element.iterfind(f".//{{*}}{nom}"))


def _un(element: Any, nom: str) -> Any:
    return element.find(f".//{{*}}{nom}")


def _texte(element: Any, *chemin: str) -> str:
    for nom in chemin:
        element = None if element is None else _un(element, nom)
    return "" if element is None or element.text is None else str(element.text).strip()


def _enfant(element: Any, nom: str) -> Any:
    return None if element is None else element.find(f"{{*}}{nom}")


def _pain_002(racine: Any) -> Iterator[Retour]:
    groupe = _un(racine, "OrgnlGrpInfAndSts")
    ordre = _texte(groupe, "OrgnlMsgId")
    statut_du_groupe = _texte(groupe, "GrpSts")
    if ordre and statut_du_groupe:
        yield _retour("", statut_du_groupe, _raison(groupe), ordre)
    for lot in _tous(racine, "OrgnlPmtInfAndSts"):
        # Our orders hold one batch, which bears the order's number.
        du_lot, raison_du_lot = _texte(lot, "PmtInfSts"), _raison(lot) or _raison(groupe)
        nom_du_lot = _texte(lot, "OrgnlPmtInfId") or ordre
        if nom_du_lot and du_lot:
            yield _retour("", du_lot, raison_du_lot, nom_du_lot)
        for transaction in _tous(lot, "TxInfAndSts"):
            reference = _texte(transaction, "OrgnlEndToEndId")
            statut = _texte(transaction, "TxSts") or du_lot or statut_du_groupe
            if reference:
                yield _retour(reference, statut, _raison(transaction) or raison_du_lot, ordre or nom_du_lot)


def _camt(racine: Any) -> Iterator[Retour]:
    """Returned transfers of a notice or of a statement: the other entries of the account are not ours to read."""
    for entree in _tous(racine, "Ntry"):
        if _texte(_enfant(entree, "CdtDbtInd")) == "DBIT":
            # Money that leaves is no transfer that comes back.
            continue
        etat = _enfant(entree, "Sts")
        # An entry that is announced, not booked, may still not come.
        statut = "PDNG" if (_texte(etat, "Cd") or _texte(etat)) in A_VENIR else "RJCT"
        transactions = _tous(entree, "TxDtls")
        for transaction in transactions:
            retour, reference = _un(transaction, "RtrInf"), _texte(transaction, "EndToEndId")
            if retour is None or not reference:
                continue
            montant = _montant(transaction)
            if montant is None and len(transactions) == 1:
                montant = _centimes(_texte(_enfant(entree, "Amt")))
            yield _retour(reference, statut, _raison_de(retour), _texte(transaction, "MsgId"), montant)


#: States of an entry that is not on the account yet.
A_VENIR = ("PDNG", "INFO", "FUTR")
#: Code and words of a reason.
Raison = tuple[str, str]


def _retour(reference: str, statut: str, raison: Raison | None, ordre: str, montant: int | None = None) -> Retour:
    code, motif = raison or ("", MOTIF_ABSENT)
    if statut == "CANC":
        motif = f"virement annulé ({motif})" if raison else "virement annulé"
    return Retour(reference, _STATUTS.get(statut, EN_ATTENTE), code, motif, ordre, montant, statut == "CANC", statut)


MOTIF_ABSENT = "motif non précisé par la banque"


def _raison(niveau: Any) -> Raison | None:
    """The reason given at that very level, not below it."""
    return None if (raison := _enfant(niveau, "StsRsnInf")) is None else _raison_de(raison)


def _raison_de(element: Any) -> Raison:
    """From « Rsn » only: a return also carries the codes of the entry it cancels. The bank's own text is kept."""
    rsn = _enfant(element, "Rsn")
    code = _texte(rsn, "Cd") or _texte(rsn, "Prtry")
    textes = [str(e.text).strip() for e in element.iterfind("{*}AddtlInf") if e.text and e.text.strip()]
    connu = [MOTIFS[code]] if code in MOTIFS and not (code == "NARR" and textes) else []
    return code, " — ".join([*connu, " ".join(textes)] if textes else connu) or MOTIF_ABSENT


def _montant(transaction: Any) -> int | None:
    """What came back, in cents: the amount of the transaction, fees taken off if the bank took some."""
    details = _un(transaction, "TxAmt")
    texte = _texte(details, "Amt") or _texte(_enfant(transaction, "Amt")) or _texte(transaction, "Amt")
    return _centimes(texte)


def _centimes(texte: str) -> int | None:
    entiers, _, decimales = texte.partition(".")
    if not entiers.isdecimal() or (decimales and not decimales.isdecimal()) or len(decimales) > 2:
        return None
    return argent.en_centimes(Decimal(texte))
