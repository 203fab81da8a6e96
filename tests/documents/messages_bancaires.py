"""What banks answer, in the shapes that they really use."""


def rapport(groupe="", lot="", transactions="", ordre="BINOME00000001"):
    """A pain.002 with a status at each level, as banks send them."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>'
        f"<OrgnlMsgId>{ordre}</OrgnlMsgId>{groupe}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{ordre}"
        f"</OrgnlPmtInfId>{lot}{transactions}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def retour_054(reference="E1", message="BkToCstmrDbtCdtNtfctn", rendu="9495.00"):
    """A return as camt.054 and camt.053 tell it, with the code of the entry that it cancels."""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"><{message}><Ntfctn><Ntry>'
        f'<Amt Ccy="EUR">{rendu}</Amt><NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><AmtDtls>'
        f'<InstdAmt><Amt Ccy="EUR">9500.00</Amt></InstdAmt><TxAmt><Amt Ccy="EUR">{rendu}</Amt></TxAmt></AmtDtls>'
        "<RtrInf><OrgnlBkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd></Fmly></Domn></OrgnlBkTxCd>"
        "<Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry></Ntfctn>"
        f"</{message}></Document>"
    ).encode()
