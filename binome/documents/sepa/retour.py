"""What the bank sends back: status reports (pain.002) and statements of returns (camt.054)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from binome.simulation.modele.erreurs import BinomeErreur

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
}
_STATUTS = {"RJCT": "rejete", "ACSC": "accepte", "ACCP": "accepte", "ACSP": "accepte", "ACTC": "accepte"}


@dataclass(frozen=True)
class Retour:
    """What became of one transfer: « rejete », « accepte » or « en_attente »."""

    reference: str
    statut: str
    code: str
    motif: str
    #: Order that held it, when the bank says so.
    ordre: str = ""
    #: Amount that came back, in cents, when the bank says so.
    montant: int | None = None


def lire(octets: bytes) -> tuple[Retour, ...]:
    """Every transfer that a bank's file tells about. Raises BinomeErreur when it is not such a file."""
    racine = _analyser(octets)
    retours = tuple(_pain_002(racine)) if _un(racine, "CstmrPmtStsRpt") is not None else tuple(_camt_054(racine))
    if not retours:
        raise BinomeErreur("fichier de la banque : aucun virement nommé (EndToEndId attendu)")
    return retours


def _analyser(octets: bytes) -> Any:
    if len(octets) > TAILLE_MAXIMALE:
        raise BinomeErreur(f"fichier de la banque : au plus {TAILLE_MAXIMALE // 1_000_000} Mo attendus")
    if b"<!DOCTYPE" in octets[:10_000] or b"<!ENTITY" in octets:
        raise BinomeErreur("fichier de la banque : déclaration de type ou d'entité refusée")
    analyseur = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        racine = etree.fromstring(octets, analyseur)
    except etree.XMLSyntaxError as erreur:
        raise BinomeErreur("fichier de la banque : XML pain.002 ou camt.054 attendu") from erreur
    if _un(racine, "CstmrPmtStsRpt") is None and _un(racine, "BkToCstmrDbtCdtNtfctn") is None:
        raise BinomeErreur("fichier de la banque : XML pain.002 ou camt.054 attendu")
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


def _pain_002(racine: Any) -> Iterator[Retour]:
    groupe = _un(racine, "OrgnlGrpInfAndSts")
    ordre = _texte(groupe, "OrgnlMsgId")
    statut_du_groupe = _texte(groupe, "GrpSts")
    if statut_du_groupe == "RJCT" and not _tous(racine, "TxInfAndSts"):
        raise BinomeErreur(
            f"ordre « {ordre} » rejeté en entier ({_motif(_texte(groupe, 'StsRsnInf', 'Cd'))}) sans détail des "
            "virements : demandez à la banque un rapport par virement"
        )
    for lot in _tous(racine, "OrgnlPmtInfAndSts"):
        statut_du_lot = _texte(lot, "PmtInfSts") or statut_du_groupe
        for transaction in _tous(lot, "TxInfAndSts"):
            statut = _texte(transaction, "TxSts") or statut_du_lot
            code = _texte(transaction, "StsRsnInf", "Cd") or _texte(lot, "StsRsnInf", "Cd")
            reference = _texte(transaction, "OrgnlEndToEndId")
            if reference:
                yield Retour(reference, _STATUTS.get(statut, "en_attente"), code, _motif(code), ordre)


def _camt_054(racine: Any) -> Iterator[Retour]:
    for transaction in _tous(racine, "TxDtls"):
        retour, reference = _un(transaction, "RtrInf"), _texte(transaction, "EndToEndId")
        if retour is None or not reference:
            continue
        code = _texte(retour, "Cd")
        yield Retour(reference, "rejete", code, _motif(code), _texte(transaction, "MsgId"), _montant(transaction))


def _montant(transaction: Any) -> int | None:
    texte = _texte(transaction, "Amt") or _texte(transaction, "TxAmt", "Amt")
    entiers, _, decimales = texte.partition(".")
    if not entiers.isdecimal() or (decimales and not decimales.isdecimal()) or len(decimales) > 2:
        return None
    return int(entiers) * 100 + int(decimales.ljust(2, "0") or 0)


def _motif(code: str) -> str:
    return MOTIFS.get(code, "motif non précisé par la banque")
