"""A credit transfer order, pain.001.001.09, valid against its schema; the same order gives the same bytes."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml
from text_unidecode import unidecode

from binome import argent, identifiants
from binome.erreurs import BinomeErreur

SCHEMA = "pain.001.001.09"
#: Signs that every bank reads (EPC217-08).
_PERMIS = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_AGENT_VIDE = re.compile(rb"<FinInstnId\s*/>|<FinInstnId>\s*</FinInstnId>")
_REFERENCE = re.compile(r"[A-Za-z0-9\-.]{1,35}")
NOM_MAXIMUM, LIBELLE_MAXIMUM = 70, 140
#: Largest amount of a SEPA transfer, in cents.
MONTANT_MAXIMUM = 99_999_999_999


@dataclass(frozen=True)
class Donneur:
    """Who pays."""

    nom: str
    iban: str
    bic: str | None = None


@dataclass(frozen=True)
class Virement:
    """One transfer; `montant` in cents."""

    reference: str
    beneficiaire: str
    iban: str
    montant: int
    libelle: str
    bic: str | None = None


@dataclass(frozen=True)
class Ordre:
    """A file of transfers, executed on one day."""

    numero: str
    cree_le: datetime.datetime
    execution: datetime.date
    donneur: Donneur
    virements: tuple[Virement, ...]

    @property
    def total(self) -> int:
        """Sum of the transfers, in cents."""
        return sum(virement.montant for virement in self.virements)


def lisible(texte: str, maximum: int) -> str:
    """A text in the signs that every bank reads."""
    return " ".join(_PERMIS.sub(" ", unidecode(texte)).split())[:maximum].strip()


def emettre(ordre: Ordre) -> bytes:
    """The file to send to the bank. Raises BinomeErreur, naming the transfer at fault."""
    _controler(ordre)
    donneur: dict[str, object] = {
        "name": lisible(ordre.donneur.nom, NOM_MAXIMUM),
        "IBAN": identifiants.iban(ordre.donneur.iban),
        "batch": True,
        "currency": "EUR",
    }
    if ordre.donneur.bic:
        donneur["BIC"] = identifiants.bic(ordre.donneur.bic)
    sepa = SepaTransfer(donneur, schema=SCHEMA, clean=False)
    for virement in ordre.virements:
        paiement: dict[str, object] = {
            "name": lisible(virement.beneficiaire, NOM_MAXIMUM),
            "IBAN": identifiants.iban(virement.iban),
            "amount": virement.montant,
            "execution_date": ordre.execution,
            "description": lisible(virement.libelle, LIBELLE_MAXIMUM),
            "endtoend_id": virement.reference,
        }
        if virement.bic:
            paiement["BIC"] = identifiants.bic(virement.bic)
        sepa.add_payment(paiement)
    _nommer(sepa, ordre)
    try:
        octets: bytes = _dire_l_agent(sepa.export(validate=False))
        octets = re.sub(rb"<PmtInfId>[^<]*", b"<PmtInfId>" + ordre.numero.encode(), octets)
        try_valid_xml(octets, SCHEMA)
    except ValidationError as erreur:
        raise BinomeErreur(f"ordre de virement « {ordre.numero} » : refusé par le schéma {SCHEMA}") from erreur
    return octets


def _nommer(sepa: SepaTransfer, ordre: Ordre) -> None:
    """The library draws numbers and the hour: ours are the order's."""
    entete = sepa._xml.find("CstmrCdtTrfInitn/GrpHdr")
    entete.find("MsgId").text = ordre.numero
    entete.find("CreDtTm").text = ordre.cree_le.replace(tzinfo=None, microsecond=0).isoformat()


def _dire_l_agent(octets: bytes) -> bytes:
    """Say that the payer's agent is not provided where it has no BIC: an empty one passes the schema, not banks."""
    return _AGENT_VIDE.sub(b"<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>", octets)


def _controler(ordre: Ordre) -> None:
    if not ordre.virements:
        raise BinomeErreur("ordre de virement : au moins un virement attendu")
    if not _REFERENCE.fullmatch(ordre.numero):
        raise BinomeErreur(f"numéro d'ordre « {ordre.numero} » : 1 à 35 lettres, chiffres, « - » ou « . » attendus")
    doubles = [ref for ref, nombre in Counter(v.reference for v in ordre.virements).items() if nombre > 1]
    if doubles:
        raise BinomeErreur(f"référence de virement « {doubles[0]} » : donnée plusieurs fois")
    for virement in ordre.virements:
        ou = f"virement « {virement.reference} »"
        if not _REFERENCE.fullmatch(virement.reference):
            raise BinomeErreur(f"{ou} : référence de 1 à 35 lettres, chiffres, « - » ou « . » attendue")
        if not 0 < virement.montant <= MONTANT_MAXIMUM:
            raise BinomeErreur(f"{ou} : montant « {virement.montant} » centimes, un nombre positif est attendu")
        if not lisible(virement.beneficiaire, NOM_MAXIMUM):
            raise BinomeErreur(f"{ou} : nom du bénéficiaire attendu")
        try:
            identifiants.iban(virement.iban)
            if virement.bic:
                identifiants.bic(virement.bic)
        except BinomeErreur as erreur:
            raise BinomeErreur(f"{ou} : {erreur}") from erreur


def _lire(octets: bytes) -> Any:
    try:
        analyseur = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(octets, analyseur)
    except etree.XMLSyntaxError as erreur:
        raise BinomeErreur("fichier envoyé à la banque : illisible") from erreur


def total_de(octets: bytes) -> int:
    """Sum of the transfers of an order sent to the bank, in cents. Raises BinomeErreur when it cannot be read."""
    montants = (virement.findtext(CHEMINS[1]) or "0" for virement in _lire(octets).iterfind(".//{*}CdtTrfTxInf"))
    return sum(argent.en_centimes(Decimal(montant)) for montant in montants)


#: Where a transfer says its reference, its amount and its account.
CHEMINS = ("{*}PmtId/{*}EndToEndId", "{*}Amt/{*}InstdAmt", "{*}CdtrAcct/{*}Id/{*}IBAN")


def differences(octets: bytes, virements: Iterable[Virement]) -> Iterator[str]:
    """What an order sent to the bank does not say of these transfers (reference, account unless blank, amount), in
    French. Raises BinomeErreur when it cannot be read."""
    attendus = {virement.reference: virement for virement in virements}
    trouves = {}
    for virement in _lire(octets).iterfind(".//{*}CdtTrfTxInf"):
        reference, montant, iban = (virement.findtext(chemin) or "" for chemin in CHEMINS)
        trouves[reference] = (iban, Decimal(montant or 0))
    for reference in sorted({*attendus, *trouves}):
        attendu, trouve = attendus.get(reference), trouves.get(reference)
        if trouve is None:
            yield f"le virement {reference} n'y est pas"
        elif attendu is None:
            yield f"le virement {reference} n'est pas de la campagne"
        elif trouve != (attendu.iban or trouve[0], argent.en_euros(attendu.montant)):
            yield f"le virement {reference} n'a pas le compte ou le montant de sa ligne"
