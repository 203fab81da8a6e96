"""Imports of statements and of doctors, delegates' campaign, steering, personal data."""

import contextlib
import datetime
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from binome.dossiers.echanges import comptes, pieces
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import donnees_personnelles
from binome.dossiers.models import (
    Contrat,
    Courriel,
    Ecriture,
    Evenement,
    FichierBancaire,
    ImportReleves,
    Medecin,
    Releve,
    Reperage,
)
from binome.dossiers.nomenclatures import IssueVisite, NaturePiece, Role
from binome.dossiers.paiements import banque
from binome.dossiers.patientele import import_medecins, import_releves, prospection, tableau_de_bord
from binome.erreurs import BinomeErreur
from binome.tableaux import transport
from binome.tableaux.refus import FichierRefuse
from tests.documents.pieces import image, pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer

pytestmark = pytest.mark.django_db


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


def importer(caisse, gestionnaire, texte):
    return import_releves.apercevoir(caisse.pk, "r.csv", texte.encode(), gestionnaire)


def test_un_fichier_juste_s_applique_en_entier(caisse, gestionnaire):
    a, b = fabrique.medecin(caisse), fabrique.medecin(caisse)
    texte = (
        "\ufeffrpps;date;patientele_mt_adultes;patientele_mt_enfants;file_active\r\n"
        f"{a.rpps};30/06/2025;1 000;200;1 800\r\n{b.rpps};2025-06-30;;;900\r\n"
    )
    importe = importer(caisse, gestionnaire, texte)
    assert importe.statut == ImportReleves.Statut.APERCU, importe.bilan
    assert not Releve.objects.exists()
    assert import_releves.appliquer(importe.pk, gestionnaire) == 2
    assert a.releves.get().patientele_mt == 1200
    with pytest.raises(Refus, match="un aperçu sans faute"):
        import_releves.appliquer(importe.pk, gestionnaire)
    assert importer(caisse, gestionnaire, texte).bilan["inchanges"] == 2


def test_chaque_ligne_fautive_est_nommee_et_rien_n_est_applique(caisse, gestionnaire):
    medecin, ailleurs = fabrique.medecin(caisse), fabrique.medecin(fabrique.caisse())
    fabrique.releve(medecin, datetime.date(2024, 12, 31), 1000, 1500)
    lignes = [
        f"{medecin.rpps},2025-06-30,1000,1500",
        f"{ailleurs.rpps},2025-06-30,1000,1500",
        f"{medecin.rpps},2025-06-29,1000,1500",
        f"{medecin.rpps},2099-06-30,1000,1500",
        f"{medecin.rpps},2025-06-30,1000,1500",
        f"{medecin.rpps},2024-12-31,1001,1500",
        f"{medecin.rpps},2023-12-31,-5,mille",
        f"{medecin.rpps},31 juin,,",
    ]
    importe = importer(caisse, gestionnaire, "rpps,date,patientele_mt,file_active\n" + "\n".join(lignes))
    assert importe.statut == ImportReleves.Statut.REFUSE
    assert sorted({faute["ligne"] for faute in importe.bilan["fautes"]}) == [3, 4, 5, 6, 7, 8, 9]
    with pytest.raises(Refus):
        import_releves.appliquer(importe.pk, gestionnaire)
    assert Releve.objects.count() == 1


def test_adultes_et_enfants_font_le_total(caisse, gestionnaire):
    medecin = fabrique.medecin(caisse)
    titres = "rpps,date,patientele_mt,patientele_mt_adultes,patientele_mt_enfants\n"
    faux = importer(caisse, gestionnaire, titres + f"{medecin.rpps},2025-06-30,1000,800,199\n")
    assert faux.statut == ImportReleves.Statut.REFUSE
    assert "la somme des adultes et des enfants est attendue (999)" in faux.bilan["fautes"][0]["message"]
    juste = importer(caisse, gestionnaire, titres + f"{medecin.rpps},2025-06-30,1000,800,200\n")
    assert juste.statut == ImportReleves.Statut.APERCU


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"", "vide"),
        (b"rpps,date\n", "aucune ligne"),
        (b"rpps|date|file_active\n1|2|3", "séparateur"),
        (b"nom,date\nx,y", "colonne « nom » inconnue"),
        (b"rpps,date,rpps,file_active\n1,2,3,4", "en double"),
        (b'rpps,date,file_active\n"1,2,3', "mal form"),
        (b"x" * (import_releves.TAILLE_MAXIMALE + 1), "Mo"),
    ],
)
def test_un_fichier_illisible_est_refuse(caisse, gestionnaire, octets, attendu):
    with pytest.raises(Refus, match=attendu):
        import_releves.apercevoir(caisse.pk, "r.csv", octets, gestionnaire)
    assert not ImportReleves.objects.exists()


@given(st.binary(max_size=200))
def test_un_fichier_quelconque_ne_casse_rien(octets):
    bornes = {"octets_maximum": 1_000, "lignes_maximum": 100}
    with contextlib.suppress(FichierRefuse):
        lu = transport.en_donnees(octets, champs=import_releves.COLONNES, obligatoires=["rpps", "date"], **bornes)
        assert transport.tableau(json.loads(json.dumps(lu))).nombre


def classeur_demesure():
    """A workbook of a few kilobytes whose only sheet unfolds to 80 MB of spaces."""
    octets = io.BytesIO()
    livre = openpyxl.Workbook()
    livre.active.append(["rpps", "nom", "specialite"])
    livre.save(octets)
    with zipfile.ZipFile(octets, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 80_000_000)
    return octets.getvalue()


@pytest.mark.parametrize(
    ("module", "fichier", "lire"),
    [
        (import_releves, classeur_demesure, lambda c, o, a: import_releves.apercevoir(c.pk, "r.xlsx", o, a)),
        (import_releves, classeur_demesure, lambda c, o, a: import_medecins.importer(c.pk, o, a)),
        (banque, lambda: b"<a>" + b"<b/>" * 1_500_000 + b"</a>", lambda c, o, a: banque.recevoir(c.pk, "r.xml", o, a)),
    ],
)
def test_un_fichier_demesure_ne_coute_que_ses_bornes(caisse, monkeypatch, module, fichier, lire):
    """Read in a process of its own: what it asks beyond its bounds, lowered here, is refused in words."""
    monkeypatch.setattr(module, "BORNES", replace(module.BORNES, memoire=100_000_000))
    with pytest.raises(BinomeErreur, match="trop lourd à lire"):
        lire(caisse, fichier(), fabrique.agent(caisse, Role.RESPONSABLE))
    assert not ImportReleves.objects.exists()
    assert not FichierBancaire.objects.exists()


def test_une_liste_de_medecins(caisse, gestionnaire):
    lignes = [
        f"{fabrique.rpps(500_000 + r)},Fleur{r},{s},secteur_1,Nord,2025-12-31,{700 + 40 * r},1500"
        for r, s in enumerate(["medecine_generale", "Médecine générale", "pediatrie"])
    ]
    titres = "rpps,nom,specialite,secteur,secteur_dam,date,patientele_mt,file_active\n"
    bilan = import_medecins.importer(caisse.pk, (titres + "\n".join(lignes)).encode(), gestionnaire)
    assert (bilan.crees, bilan.modifies, bilan.releves) == (3, 0, 3)
    assert import_medecins.importer(caisse.pk, (titres + "\n".join(lignes)).encode(), gestionnaire).modifies == 3
    with pytest.raises(Refus) as refus:
        import_medecins.importer(caisse.pk, (titres + "123,,inconnue,x,Nord,,,\n").encode(), gestionnaire)
    assert len(refus.value.raisons) == 4
    assert Medecin.objects.filter(caisse=caisse).count() == 3


@pytest.mark.parametrize(
    "adresse",
    ["a@exemple.invalid ; b@exemple.invalid", "pas un courriel", "hélène@exemple.invalid", "a@exemple.invalid\nBcc: x"],
)
def test_une_liste_dit_l_adresse_qu_aucun_courriel_n_atteindrait(caisse, gestionnaire, adresse):
    def liste(courriel):
        cellule = '"' + courriel + '"'
        return f"rpps,nom,specialite,courriel\n{fabrique.rpps(510_000)},Fleur,pediatrie,{cellule}\n".encode()

    with pytest.raises(Refus) as refus:
        import_medecins.importer(caisse.pk, liste(adresse), gestionnaire)
    [raison] = refus.value.raisons
    assert raison.startswith("ligne 2, courriel « ")
    assert raison.endswith("attendue, comme nom@exemple.fr")
    assert not Medecin.objects.filter(caisse=caisse).exists()
    longue = "a" * 60 + "@" + "b" * 40 + ".exemple.invalid"
    import_medecins.importer(caisse.pk, liste(longue), gestionnaire)
    assert Medecin.objects.get(caisse=caisse).courriel == longue, "jamais coupée"


def test_les_plus_proches_du_seuil_d_abord(caisse, gestionnaire):
    delegue = fabrique.agent(caisse, Role.DELEGUE, secteur="Nord")
    medecins = [fabrique.medecin(caisse, secteur_dam="Nord", zone="zip") for _ in range(3)]
    for medecin, patients in zip(medecins, (700, 1200, 770), strict=True):
        fabrique.releve(medecin, datetime.date(2025, 12, 31), patients, 1500)
    fabrique.medecin(caisse, secteur_dam="Sud")
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    assert prospection.reperer(caisse.pk, gestionnaire) == 4
    liste = list(prospection.liste(delegue, datetime.date(2026, 11, 23)))
    assert liste == [medecins[1], medecins[2], medecins[0]]
    assert [m.reperage.manque for m in liste] == [0, 5, 75]
    assert Reperage.objects.get(medecin=medecins[1]).total_cinq_ans
    visite = prospection.planifier(medecins[1].pk, delegue, prevue_le=datetime.date(2026, 12, 1))
    with pytest.raises(Refus, match="déjà prévue"):
        prospection.planifier(medecins[1].pk, delegue, prevue_le=datetime.date(2026, 12, 2))
    prospection.rendre_compte(visite.pk, delegue, faite_le=datetime.date(2026, 11, 20), issue=IssueVisite.INTERESSE)
    assert prospection.resultats(delegue)[0]["interesse"] == 1


def test_le_suivi_de_la_caisse(caisse, gestionnaire):
    valideur = fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    fabrique.releve(contrat.medecin, datetime.date(2025, 6, 30), 1400, 1900)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    tableau = tableau_de_bord.dresser(Contrat.objects.visibles(gestionnaire), datetime.date(2025, 1, 1))
    assert tableau.par_statut == [("En cours", 1)]
    assert tableau.argent[2024].vire == 1_900_000
    assert tableau.argent[2025].a_venir == 1_400_000
    assert tableau.patients["patientele_mt"] == {"gagnes": 100, "objectif": 260, "contrats": 1}
    titres, (ligne,) = tableau_de_bord.lignes_export(Contrat.objects.visibles(gestionnaire))
    assert str(dict(zip(titres, ligne, strict=True))["payé (€)"]) == "19000.00"


def test_l_export_et_l_effacement_d_un_medecin(caisse, gestionnaire):
    valideur = fabrique.agent(caisse, Role.VALIDEUR)
    medecin = fabrique.medecin(caisse, nom="Nommement", prenom="Connu")
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE, medecin)
    acces = fabrique.agent(None, Role.MEDECIN, medecin=medecin)
    piece = pieces.deposer("a.png", image(), NaturePiece.DIPLOME, acces, contrat=contrat)
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    # An account refused, then one announced by e-mail; the address changes.
    for rang, refuse in ((950, True), (951, False)):
        propose = comptes.proposer(
            medecin, gestionnaire, titulaire="Nommement Connu", iban=fabrique.iban(rang), rib=("rib.pdf", pdf())
        )
        if refuse:
            comptes.refuser(propose.pk, valideur, motif="RIB au nom de Nommement")
        else:
            comptes.valider(propose.pk, valideur)
    avant_lui = Medecin.objects.get(pk=medecin.pk)
    adresse, avant_lui.courriel = avant_lui.courriel, "autre@exemple.invalid"
    avant_lui.save()
    medecin = Medecin.objects.get(pk=medecin.pk)
    texte = json.dumps(donnees_personnelles.exporter(medecin), default=str)
    for attendu in ("Nommement", medecin.rpps, "1900000", piece.sha256, adresse, "autre@exemple.invalid"):
        assert attendu in texte
    assert donnees_personnelles.a_anonymiser(datetime.date(2026, 11, 23)) == []
    assert donnees_personnelles.a_anonymiser(datetime.date(2034, 6, 30)) == []
    assert donnees_personnelles.a_anonymiser(datetime.date(2034, 7, 1)) == [medecin]
    avant, numero = Ecriture.objects.count(), medecin.rpps
    donnees_personnelles.anonymiser(medecin)
    apres = json.dumps(donnees_personnelles.exporter(Medecin.objects.get(pk=medecin.pk)), default=str)
    for efface in ("Nommement", "Connu", numero, adresse, "autre@exemple.invalid", fabrique.iban(951)):
        assert efface not in apres
    assert not Courriel.objects.filter(cle__startswith="compte:").exists()
    assert Ecriture.objects.count() == avant
    with pytest.raises(Refus, match="effacée"):
        pieces.contenu(type(piece).objects.get(pk=piece.pk))
    # The events are closed again.
    with pytest.raises(DatabaseError), transaction.atomic():
        Evenement.objects.filter(contrat=contrat).update(motif="x")


def test_un_fichier_de_releves_s_efface_avec_le_medecin_qu_il_nomme(caisse, gestionnaire):
    """Its number goes with the name; the digest of the file, and the statements of the others, stay."""
    nomme, autre = fabrique.medecin(caisse), fabrique.medecin(caisse)
    texte = f"rpps,date,file_active\n{nomme.rpps},2024-06-30,1200\n{autre.rpps},2024-06-30,1300\n".encode()
    importe = import_releves.apercevoir(caisse.pk, "r.csv", texte, gestionnaire)
    import_releves.appliquer(importe.pk, gestionnaire)
    refuse = import_releves.apercevoir(
        caisse.pk, "s.csv", f"rpps,date,file_active\n{nomme.rpps},2024-06-29,1200\n".encode(), gestionnaire
    )
    etranger = import_releves.apercevoir(
        caisse.pk, "t.csv", f"rpps,date,file_active\n{autre.rpps},2023-06-30,1200\n".encode(), gestionnaire
    )
    donnees_personnelles.anonymiser(nomme)
    for fichier in (importe, refuse, etranger):
        fichier.refresh_from_db()
    assert (bytes(importe.octets), importe.sha256) == (b"", hashlib.sha256(texte).hexdigest())
    assert importe.efface_le is not None
    assert nomme.rpps not in str(refuse.bilan)
    assert refuse.efface_le is not None
    assert etranger.efface_le is None
    assert list(autre.releves.values_list("file_active", flat=True)) == [1300]
    # The others go at the end of their keeping, whomever they name.
    dans = etranger.cree_le.date()
    assert donnees_personnelles.fichiers_echus(dans.replace(year=dans.year + 5)) == []
    assert donnees_personnelles.fichiers_echus(dans.replace(year=dans.year + 6)) == [etranger]
    assert any("RPPS et nombres" in traitement.donnees for traitement in donnees_personnelles.REGISTRE)
    ImportReleves.objects.filter(pk=importe.pk).update(statut=ImportReleves.Statut.APERCU)
    with pytest.raises(Refus, match="effacé"):
        import_releves.appliquer(importe.pk, gestionnaire)
