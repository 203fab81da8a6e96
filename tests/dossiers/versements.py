"""Paying a contract in the tests of the files: a campaign proposed, sent to the bank, refused by it."""

from __future__ import annotations

import datetime

from binome.dossiers.acteur import Acteur
from binome.dossiers.models import Caisse, Campagne, FichierBancaire, LigneVersement
from binome.dossiers.paiements import banque, campagnes
from tests.dossiers import fabrique

#: Signed on that day, a contract is due its first instalment by mid-August 2024.
SIGNATURE = datetime.date(2024, 7, 1)


def proposer(caisse: Caisse, date: datetime.date, gestionnaire: Acteur) -> Campagne:
    """A campaign of that day, its lines proposed."""
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=fabrique.instant(date))
    return campagnes.preparer(campagne.pk, quand=fabrique.instant(date))


def payer(
    caisse: Caisse, date: datetime.date, gestionnaire: Acteur, valideur: Acteur
) -> tuple[LigneVersement | None, FichierBancaire | None]:
    """A whole campaign: its first line, and the file sent."""
    campagne = proposer(caisse, date, gestionnaire)
    campagnes.valider(campagne.pk, valideur, quand=fabrique.instant(date))
    fichier = banque.emettre_campagne(campagne.pk, valideur, quand=fabrique.instant(date))
    return campagne.lignes.first(), fichier


def rejeter(statut: str, reference: str, code: str = "AC04") -> bytes:
    """The message of a bank that refuses one transfer: id of the status, reference of the transfer, ISO reason."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts/>'
        f"<OrgnlPmtInfAndSts><TxInfAndSts><StsId>{statut}</StsId><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
        f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()
