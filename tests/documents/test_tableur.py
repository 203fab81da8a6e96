"""The table, read back as a French spreadsheet would; and the JSON."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from binome import francais
from binome.argent import en_centimes
from binome.documents import donnees, tableur
from binome.simulation.modele.resultat import Resultat
from tests.cli.outils import lancer
from tests.documents.outils import DOSSIER, EXEMPLES, groupe_de, resultat_de, resultat_modifie


def lignes(resultat: Resultat) -> list[dict[str, str]]:
    octets = tableur.rendre(resultat)
    assert octets.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def montant(cellule: str) -> int | None:
    return en_centimes(Decimal(cellule.replace(",", "."))) if cellule else None


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_chaque_option_et_chaque_annee_a_sa_ligne(exemple: str) -> None:
    resultat = resultat_de(exemple)
    lues = lignes(resultat)
    for option in resultat.options:
        siennes = [ligne for ligne in lues if ligne["option"] == option.libelle]
        assert siennes
        assert {ligne["ouverte"] for ligne in siennes} <= {"oui", "non", "à confirmer"}
        assert {ligne["choisie"] for ligne in siennes} == {"oui" if option.choisie else "non"}
        for annee in option.annees:
            ligne = next(ligne for ligne in siennes if ligne["année"] == str(annee.rang))
            assert ligne["début"] == francais.date_courte(annee.debut)
            assert ligne["fin"] == francais.date_courte(annee.fin)
            assert montant(ligne["montant maximal (€)"]) == annee.montant_maximal
            assert montant(ligne["montant prévu (€)"]) == annee.montant_prevu
            assert ligne["au plus"] == ("oui" if annee.au_plus else "non")
            for rang, versement in enumerate(annee.versements, start=1):
                assert versement.date is not None
                assert ligne[f"versement {rang}, date"] == francais.date_courte(versement.date)
                assert montant(ligne[f"versement {rang} (€)"]) == versement.montant


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_le_cout_est_celui_du_resultat(exemple: str) -> None:
    resultat = resultat_de(exemple)
    assert resultat.cout is not None
    lues = lignes(resultat)
    for cout in resultat.cout.options:
        noms = {o.option: o.libelle for o in resultat.options}
        siennes = [ligne for ligne in lues if ligne["option"] == noms.get(cout.option, "Contrat collectif")]
        for annee in cout.annees:
            ligne = next(ligne for ligne in siennes if ligne["année"] == str(annee.rang))
            assert montant(ligne["coût (€)"]) == annee.total
            assert montant(ligne["reste à charge (€)"]) == annee.reste_a_charge


def test_un_surplus_reste_un_nombre() -> None:
    """A negative amount begins with a minus, and must not be guarded as a formula would be."""
    negatifs = [ligne["reste à charge (€)"] for ligne in lignes(resultat_de("generaliste-2026"))]
    assert "-13225,25" in negatifs


def test_l_objectif_inconnu_est_vide_et_sa_borne_est_dite() -> None:
    ligne = next(ligne for ligne in lignes(resultat_de("generaliste-2026")) if ligne["choisie"] == "oui")
    assert ligne["objectif MT, patients à gagner"] == ""
    assert ligne["objectif MT, au plus"] == "277"


def test_un_groupe_a_ses_cinq_annees() -> None:
    lues = lignes(resultat_de("scm-quatre-medecins"))
    assert [ligne["année"] for ligne in lues] == ["1", "2", "3", "4", "5"]
    assert {ligne["option"] for ligne in lues} == {"Contrat collectif"}
    assert len(lignes(groupe_de(40, "Dr"))) == 5


@pytest.mark.parametrize("titre", ["=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("x";"y")', "=a;b\n=c"])
def test_un_titre_n_est_jamais_une_formule(titre: str) -> None:
    resultat = resultat_de("generaliste-2026")
    situation = resultat.situation.model_copy(update={"titre": titre})
    for ligne in lignes(resultat.model_copy(update={"situation": situation})):
        assert ligne["situation"] == f"'{titre}"


def test_un_titre_ordinaire_est_tel_quel() -> None:
    titre = 'Cabinet ; « Dupont » "et" fils'
    assert lignes(resultat_modifie("generaliste-2026", titre=titre))[0]["situation"] == titre


def test_les_lignes_sont_pour_un_tableur_francais() -> None:
    octets = tableur.rendre(resultat_de("generaliste-2026"))
    assert octets == tableur.rendre(resultat_de("generaliste-2026"))
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert "38000,00" in octets.decode()


@pytest.mark.parametrize("exemple", ["generaliste-2026", "chirurgien-ineligible", "scm-quatre-medecins"])
def test_le_json_est_celui_de_la_ligne_de_commande(exemple: str) -> None:
    texte = donnees.rendre(resultat_de(exemple))
    assert lancer("simuler", DOSSIER / f"{exemple}.yaml", "--json").brut == texte
    assert Resultat.model_validate(json.loads(texte)) == resultat_de(exemple)
