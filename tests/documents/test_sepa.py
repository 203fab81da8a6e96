"""Transfers: what is sent, and what comes back."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from binome.documents.sepa.ordre import Donneur, Ordre, Virement, emettre, lisible
from binome.documents.sepa.retour import lire
from binome.simulation.modele.erreurs import BinomeErreur
from tests.documents.messages_bancaires import rapport, retour_054

IBAN = "FR7630006000011234567890189"
DONNEUR = Donneur("CPAM d'Essai", IBAN, "PSSTFRPPXXX")


def virement(reference="BINOME1", montant=950_000, nom="Dr Zoé Müller", iban=IBAN):
    return Virement(reference, nom, iban, montant, "Aide assistant médical, dossier 2026-00001")


def ordre(*virements, numero="BINOME00000001"):
    return Ordre(numero, datetime.datetime(2026, 11, 23, 10, 30), datetime.date(2026, 11, 25), DONNEUR, virements)


def textes(octets, nom):
    return [e.text for e in etree.fromstring(octets).iterfind(f".//{{*}}{nom}")]


@given(
    montants=st.lists(st.integers(1, 10_000_000), min_size=1, max_size=6),
    nom=st.text(min_size=1, max_size=80).filter(lambda n: lisible(n, 70)),
)
def test_le_fichier_est_valide_et_les_sommes_exactes(montants, nom):
    virements = [virement(f"REF{rang}", montant, nom) for rang, montant in enumerate(montants)]
    octets = emettre(ordre(*virements))
    assert textes(octets, "CtrlSum") == [f"{Decimal(sum(montants)).scaleb(-2):.2f}"] * 2
    assert textes(octets, "NbOfTxs") == [str(len(montants))] * 2
    assert [Decimal(m) * 100 for m in textes(octets, "InstdAmt")] == montants
    assert textes(octets, "EndToEndId") == [v.reference for v in virements]


def test_le_meme_ordre_donne_les_memes_octets():
    assert emettre(ordre(virement())) == emettre(ordre(virement()))
    assert textes(emettre(ordre(virement())), "CreDtTm") == ["2026-11-23T10:30:00"]


@pytest.mark.parametrize(
    ("fautif", "attendu"),
    [
        (lambda: ordre(), "au moins un virement"),
        (lambda: ordre(virement(), virement()), "plusieurs fois"),
        (lambda: ordre(virement(montant=0)), "montant « 0 »"),
        (lambda: ordre(virement(iban="FR7630006000011234567890180")), "BINOME1 ».*IBAN"),
        (lambda: ordre(virement(iban="US64SVBKUS6S3300958879")), "IBAN"),
        (lambda: ordre(virement(nom="☃")), "nom du bénéficiaire"),
        (lambda: ordre(virement(reference="a b")), "référence"),
        (lambda: ordre(virement(), numero="x" * 36), "numéro d'ordre"),
    ],
)
def test_un_ordre_fautif_est_refuse(fautif, attendu):
    with pytest.raises(BinomeErreur, match=attendu):
        emettre(fautif())


PAIN_002 = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<OrgnlGrpInfAndSts><OrgnlMsgId>BINOME00000001</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>R1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>
</TxInfAndSts><TxInfAndSts><OrgnlEndToEndId>R2</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
CAMT_054 = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02">
<BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><NtryDtls><TxDtls><Refs><EndToEndId>R3</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="EUR">9500.5</Amt></TxAmt></AmtDtls><RtrInf><Rsn><Cd>MD07</Cd></Rsn></RtrInf>
</TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""


def test_un_rapport_de_statut():
    groupe, rejete, accepte = lire(PAIN_002.encode())
    assert (groupe.reference, groupe.statut) == ("", "en_attente")
    assert (rejete.reference, rejete.statut, rejete.motif) == ("R1", "rejete", "compte clos")
    assert (rejete.ordre, accepte.statut) == ("BINOME00000001", "accepte")


def test_un_avis_de_retour():
    (retour,) = lire(CAMT_054.encode())
    assert (retour.reference, retour.statut, retour.montant) == ("R3", "rejete", 950_050)


def test_t40_un_lot_rejete_sans_detail_dit_l_ordre_et_le_motif_de_la_banque():
    """Public case T40: group accepted, batch rejected, the reason in words only."""
    lot = "<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>NARR</Cd></Rsn><AddtlInf>Code invalide</AddtlInf></StsRsnInf>"
    groupe, rejete = lire(rapport("<GrpSts>ACCP</GrpSts>", lot))
    assert (groupe.reference, groupe.statut) == ("", "accepte")
    assert (rejete.ordre, rejete.reference, rejete.statut) == ("BINOME00000001", "", "rejete")
    assert (rejete.code, rejete.motif) == ("NARR", "Code invalide")
    assert not rejete.compte_en_cause


@pytest.mark.parametrize("statut", ["ACTC", "ACCP", "ACSP", "PDNG", "RCVD", "PART"])
def test_un_accuse_de_reception_est_lu(statut):
    (groupe,) = lire(rapport(f"<GrpSts>{statut}</GrpSts>"))
    assert groupe.statut in {"accepte", "en_attente"}


def test_t43_motif_proprietaire_et_annulation():
    """Public case T43: the bank's own code, its text, and a cancelled transfer, which was not made."""
    rejete, accepte, annule = lire(
        rapport(
            transactions="<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Prtry>SL12"
            "</Prtry></Rsn><AddtlInf>Compte clos par</AddtlInf><AddtlInf>le client</AddtlInf></StsRsnInf></TxInfAndSts>"
            "<TxInfAndSts><OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>ACWC</TxSts></TxInfAndSts>"
            "<TxInfAndSts><OrgnlEndToEndId>E3</OrgnlEndToEndId><TxSts>CANC</TxSts></TxInfAndSts>"
        )
    )
    assert (rejete.code, rejete.motif, rejete.compte_en_cause) == ("SL12", "Compte clos par le client", True)
    assert accepte.statut == "accepte"
    assert (annule.statut, annule.motif, annule.compte_en_cause) == ("rejete", "virement annulé", False)


@pytest.mark.parametrize("message", ["BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt"])
def test_t44_le_motif_est_celui_du_retour_et_le_montant_celui_rendu(message):
    """Public case T44: AC04, not the PMNT of the original entry; what came back, not what was sent."""
    (retour,) = lire(retour_054(message=message))
    assert (retour.code, retour.motif, retour.montant) == ("AC04", "compte clos", 949_500)


@pytest.mark.parametrize("statut", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>"])
def test_une_ecriture_annoncee_n_est_pas_un_retour(statut):
    """What is not on the account yet may still not come."""
    (retour,) = lire(CAMT_054.replace("<Ntry>", f"<Ntry>{statut}").encode())
    assert (retour.statut, retour.iso) == ("en_attente", "PDNG")


def test_de_l_argent_qui_part_n_est_pas_un_retour():
    with pytest.raises(BinomeErreur, match="ni ordre ni virement"):
        lire(CAMT_054.replace("<Ntry>", "<Ntry><CdtDbtInd>DBIT</CdtDbtInd>").encode())


def test_t46_le_montant_d_une_ecriture_seule_est_celui_de_son_retour():
    """Public case T46: no amount in the details, no reference: the amount is that of the entry."""
    seul = (
        CAMT_054.replace("<Ntry>", '<Ntry><Amt Ccy="EUR">19000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>')
        .replace("R3", "NOTPROVIDED")
        .replace('<AmtDtls><TxAmt><Amt Ccy="EUR">9500.5</Amt></TxAmt></AmtDtls>', "")
    )
    (retour,) = lire(seul.encode())
    assert (retour.reference, retour.montant, retour.code) == ("NOTPROVIDED", 1_900_000, "MD07")


@pytest.mark.parametrize(
    ("nom", "lu"),
    [
        ("Dr Églantine & Fils_Ç", "Dr Eglantine Fils C"),
        ("ЮРИЙ Иванов", "IuRII Ivanov"),
        ("Dr O’Connor – Müller", "Dr O'Connor - Muller"),
        ("«»_&", ""),
        ("SCM ŒUVRE", "SCM OEUVRE"),
    ],
)
def test_t47b_un_nom_n_a_que_les_signes_que_toute_banque_lit(nom, lu):
    assert lisible(nom, 70) == lu


def test_t47_un_donneur_sans_bic_le_dit():
    """Public case T47: an empty agent passes the schema and is refused by banks."""
    sans = Ordre(
        "O1", datetime.datetime(2026, 11, 23), datetime.date(2026, 11, 25), Donneur("CPAM", IBAN, None), (virement(),)
    )
    racine = etree.fromstring(emettre(sans))
    assert [e.text for e in racine.iterfind(".//{*}DbtrAgt/{*}FinInstnId/{*}Othr/{*}Id")] == ["NOTPROVIDED"]
    assert not [e for e in racine.iter() if e.tag.endswith("FinInstnId") and len(e) == 0]


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"rien",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        PAIN_002.replace("RJCT</TxSts>", "RJCT</TxSts").encode(),
        b"<Document><CstmrPmtStsRpt/></Document>",
    ],
)
def test_un_autre_fichier_est_refuse(octets):
    with pytest.raises(BinomeErreur, match="fichier de la banque"):
        lire(octets)


@given(st.binary(max_size=300))
def test_un_fichier_quelconque_ne_casse_rien(octets):
    with pytest.raises(BinomeErreur):
        lire(octets)
