"""The checks check: each alteration is named, whoever made it; each payment is done again under its own rules."""

import datetime
import hashlib
import io
import re
import shutil
from contextlib import contextmanager

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction

import openfisca_assistants_medicaux as paquet
from binome.dossiers import garde_fous
from binome.dossiers.contrats import journal
from binome.dossiers.contrats.actes import notes
from binome.dossiers.echanges import pieces
from binome.dossiers.models import (
    CalculConserve,
    Contrat,
    EcartAnnonce,
    Ecriture,
    Evenement,
    FichierBancaire,
    LoiConservee,
    Maillon,
    Piece,
)
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.dossiers.paiements import rejeux
from binome.simulation.moteur import systeme
from tests.documents.pieces import image
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer

pytestmark = pytest.mark.django_db
JOUR = SIGNATURE.replace(month=8, day=15)


def verifier(*arguments):
    """What the command says, and its exit code."""
    sortie = io.StringIO()
    try:
        call_command("verifier_dossiers", *arguments, stdout=sortie)
    except CommandError as erreur:
        return f"{sortie.getvalue()}\n{erreur}", erreur.returncode
    return sortie.getvalue(), 0


@pytest.fixture
def contrat(db, settings, tmp_path):
    """A paid contract, with a document; its events and its ledger are whole."""
    settings.PIECES = tmp_path / "pieces"
    caisse = fabrique.caisse()
    gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    pieces.deposer(
        "a.png", image(), NaturePiece.DIPLOME, gestionnaire, contrat=contrat, quand=fabrique.instant(SIGNATURE, 14)
    )
    notes.noter(contrat.pk, gestionnaire, texte="vu au cabinet", quand=fabrique.instant(SIGNATURE, 15))
    payer(caisse, JOUR, gestionnaire, valideur)
    contrat.refresh_from_db()
    return contrat


@contextmanager
def derriere_le_produit():
    """Somebody who owns the database lifts the triggers; what they do is undone afterwards."""
    with transaction.atomic():
        connection.check_constraints()
        with connection.cursor() as curseur:
            for ordre in garde_fous.retirer(connection.vendor):
                curseur.execute(ordre)
            yield curseur
        transaction.set_rollback(True)


def apres(alterer):
    """What the check says once the database was altered."""
    with derriere_le_produit() as curseur:
        if callable(alterer):
            alterer()
        else:
            curseur.execute(alterer)
        return verifier()


def test_rien_d_altere_rien_a_dire(contrat):
    dit, code = verifier()
    assert code == 0, dit
    assert "1 calculs (0 sous d'autres règles), 0 écart(s)" in dit
    assert Maillon.objects.count() == Evenement.objects.count() + Ecriture.objects.count()


def _ajouter_une_ecriture():
    ecriture = Ecriture.objects.get(nature="versement")
    ecriture.pk, ecriture.cle, ecriture.montant = None, "versement:0", -100
    ecriture.ligne_id = ecriture.ligne_id
    ecriture._state.adding = True
    Ecriture._base_manager.bulk_create([ecriture])


def _retirer_la_derniere(table):
    def retirer():
        dernier = Maillon.objects.filter(**{f"{table}__isnull": False}).order_by("-rang").first()
        objet = getattr(dernier, table)
        Maillon.objects.filter(pk=dernier.pk).delete()
        type(objet).objects.filter(pk=objet.pk).delete()

    return retirer


def _modifier_le_calcul():
    calcul = CalculConserve.objects.get()
    CalculConserve.objects.update(resultat={**calcul.resultat, "montant_du": 1})


def _modifier_l_etat():
    contrat = Contrat.objects.get()
    Contrat.objects.update(etat={**contrat.etat, "demarre": False})


def _modifier_le_fichier():
    octets = bytes(FichierBancaire.objects.get().octets).replace(b"19000.00", b"29000.00")
    FichierBancaire.objects.update(octets=octets)


def _modifier_le_fichier_et_sa_somme():
    _modifier_le_fichier()
    octets = bytes(FichierBancaire.objects.get().octets)
    FichierBancaire.objects.update(sha256=hashlib.sha256(octets).hexdigest())


def _modifier_la_piece_et_sa_somme():
    autre = hashlib.sha256(b"autre").hexdigest()
    pieces.chemin_de(autre).parent.mkdir(parents=True, exist_ok=True)
    pieces.chemin_de(autre).write_bytes(b"autre")
    Piece.objects.filter(nature=NaturePiece.DIPLOME).update(sha256=autre)


ALTERATIONS = {
    "une écriture d'un autre montant": (
        "UPDATE dossiers_ecriture SET montant = montant - 100000 WHERE nature = 'versement'",
        r"l'écriture \d+ \(« Virement émis »\) n'est plus tel",
    ),
    "une écriture d'un autre libellé": (
        "UPDATE dossiers_ecriture SET libelle = 'x' WHERE nature = 'droit'",
        r"l'écriture \d+ .* n'est plus tel",
    ),
    "une écriture retirée": ("DELETE FROM dossiers_ecriture WHERE nature = 'versement'", r"l'écriture \d+ manque"),
    "la dernière écriture retirée avec son maillon": (
        _retirer_la_derniere("ecriture"),
        r"l'écriture « versement:\d+ » manque",
    ),
    "une écriture ajoutée": (_ajouter_une_ecriture, r"l'écriture \d+ .* hors de la chaîne"),
    "un événement d'une autre date": (
        "UPDATE dossiers_evenement SET date_effet = '2024-06-01' WHERE genre = 'signature'",
        r"l'événement \d+ \(« Signature »\) n'est plus tel",
    ),
    "un événement d'un autre motif": (
        "UPDATE dossiers_evenement SET motif = 'autre' WHERE genre = 'note'",
        r"l'événement \d+ \(« Note »\) n'est plus tel qu'il a été écrit \(motif\)",
    ),
    "un événement retiré": ("DELETE FROM dossiers_evenement WHERE genre = 'note'", r"l'événement \d+ manque"),
    "le dernier événement retiré avec son maillon": (
        _retirer_la_derniere("evenement"),
        r"\d+ événements attendus, \d+ trouvés \(manque : \d+\)",
    ),
    "un maillon retiré": ("DELETE FROM dossiers_maillon WHERE rang = 2", r"il manque des maillons"),
    "un autre état": ("UPDATE dossiers_contrat SET statut = 'suspendu'", r"statut « suspendu », « en_cours »"),
    "un autre état dans l'image": (_modifier_l_etat, r"l'état n'est pas celui de ses événements"),
    "une ligne d'un autre montant": (
        "UPDATE dossiers_ligneversement SET montant = montant + 100000, ecart = ecart + 100000",
        r"porte -1900000 centimes, -2000000 selon la ligne",
    ),
    "une ligne d'un autre état": (
        "UPDATE dossiers_ligneversement SET statut = 'retournee'",
        r"l'écriture « retour:\d+ » manque",
    ),
    "un calcul": (_modifier_le_calcul, r"calcul \d+ : ses données ou sa réponse ont changé"),
    "un fichier de la banque": (_modifier_le_fichier, r"fichier de la banque \d+ .* son contenu a changé"),
    "un fichier de la banque et sa somme": (
        _modifier_le_fichier_et_sa_somme,
        r"le virement BINOME\d+ n'a pas le compte ou le montant de sa ligne",
    ),
    "le compte d'une ligne payée": (
        "UPDATE dossiers_comptebancaire SET iban = 'FR7630006000011234567890189'",
        r"n'a pas le compte ou le montant",
    ),
    "une pièce": (
        lambda: pieces.chemin_de(Piece.objects.get(nature=NaturePiece.DIPLOME).sha256).write_bytes(b"autre"),
        r"pièce \d+ .* son contenu a changé",
    ),
    "une pièce perdue": (
        lambda: pieces.chemin_de(Piece.objects.get(nature=NaturePiece.DIPLOME).sha256).unlink(),
        r"pièce \d+ .* son contenu manque",
    ),
    "une pièce et sa somme": (_modifier_la_piece_et_sa_somme, r"pièce \d+ .* n'est pas celle du document reçu"),
    "la ligne d'une pièce": ("DELETE FROM dossiers_piece", r"la pièce \d+ de l'événement \d+ manque"),
    "une loi gardée": (
        lambda: LoiConservee.objects.update(octets=b"PK"),
        r"loi \w{12} : archive illisible",
    ),
    "une campagne émise avant d'être validée": (
        "UPDATE dossiers_campagne SET emise_le = '2024-01-01'",
        r"campagne \d+ : proposée, validée et émise dans un ordre impossible",
    ),
    "un événement consigné avant celui qu'il suit": (
        "UPDATE dossiers_evenement SET consigne_le = '2019-01-01' WHERE genre = 'note'",
        r"le maillon \d+ est consigné avant celui qu'il suit",
    ),
    "un événement consigné avant l'ouverture": (
        "UPDATE dossiers_contrat SET cree_le = '2025-01-01'",
        r"un événement est consigné avant son ouverture",
    ),
    "un versement avant la signature": (
        "UPDATE dossiers_contrat SET date_signature = '2024-12-01'",
        r"l'écriture \d+ paie avant la signature du contrat",
    ),
}


@pytest.mark.parametrize(("alterer", "attendu"), ALTERATIONS.values(), ids=ALTERATIONS)
def test_chaque_alteration_est_nommee(contrat, alterer, attendu):
    dit, code = apres(alterer)
    assert code == 1
    assert re.search(attendu, dit), dit


def test_un_dossier_anonymise_reste_entier(contrat):
    from binome.dossiers.exploitation import donnees_personnelles

    donnees_personnelles.anonymiser(contrat.medecin)
    assert Evenement.objects.filter(motif="Effacé").exists()
    dit, code = verifier()
    # The account that was paid is erased: the bank's file keeps it, and is kept ten years.
    assert code == 0, dit


# -- the law of its time -----------------------------------------------------------------------------------------


@pytest.fixture
def loi(tmp_path, monkeypatch):
    """Edits the law's files, as an upgrade does: the process then runs on them."""
    copie = tmp_path / "loi"
    shutil.copytree(paquet.DOSSIER, copie, ignore=shutil.ignore_patterns("__pycache__", "tests"))

    def oublier():
        for memoire in (systeme.systeme, systeme.empreinte_de_la_loi, systeme._empreinte_du_paquet, rejeux._loi):
            memoire.cache_clear()

    def modifier(avant, apres):
        fichier = copie / "parameters" / "montants" / "demi_etp.yaml"
        texte = fichier.read_text(encoding="utf-8")
        assert avant in texte
        fichier.write_text(texte.replace(avant, apres), encoding="utf-8")
        monkeypatch.setattr(systeme, "DOSSIER", copie)
        monkeypatch.setattr(paquet, "DOSSIER", copie)
        monkeypatch.setattr(
            paquet.CountryTaxBenefitSystem.__init__, "__kwdefaults__", {"apports": None, "dossier": copie}
        )
        oublier()

    yield modifier
    monkeypatch.undo()
    oublier()


def annoncer(motif="Avenant n° 9 : année 1 portée à 15 000 €"):
    return verifier("--annoncer", motif, "--par", "Le responsable", "--a-compter-du", "2026-12-01")


def test_un_commentaire_dans_la_loi_n_aveugle_pas_le_rejeu(contrat, loi):
    loi("19000", "19000 # relu")
    dit, code = verifier()
    assert code == 0, dit
    assert "1 calculs (1 sous d'autres règles), 0 écart(s)" in dit


def test_un_montant_change_est_dit_puis_annonce(contrat, loi):
    loi("value: 19000", "value: 15000")
    dit, code = verifier()
    assert code == 1
    assert re.search(r"sous les règles du jour : 19\s000\s€ alors, 15\s000\s€ aujourd'hui", dit), dit
    # Under the rules of its time, kept, the payment is what it was.
    assert "sous les règles de son temps" not in dit
    rejeu = rejeux.rejouer(CalculConserve.objects.get())
    assert not rejeu.identique
    assert "Les règles ont changé depuis" in rejeu.phrase
    for manque in (("--annoncer", " "), ("--annoncer", "m"), ("--annoncer", "m", "--par", "p")):
        assert verifier(*manque)[1] == 2
    assert not EcartAnnonce.objects.exists()
    assert annoncer()[1] == 0
    dit, code = verifier()
    assert code == 0
    assert "— annoncé" in dit
    # What was announced is that difference, and no other.
    loi("value: 15000", "value: 14000")
    dit, code = verifier()
    assert code == 1
    assert re.search(r"14\s000\s€ aujourd'hui", dit)


def test_des_regles_qui_n_ont_pas_ete_gardees_sont_une_faute(contrat, loi):
    def oublier_la_loi():
        LoiConservee.objects.all().delete()
        loi("19000", "19000 # relu")

    dit, code = apres(oublier_la_loi)
    assert code == 1
    assert re.search(r"loi \w{12} .* : elle n'a pas été gardée, 1 calcul\(s\) ne se rejouent pas", dit)
    assert annoncer()[1] == 2


def test_une_formule_qui_change_se_dit_sous_la_loi_de_son_temps(contrat, loi, monkeypatch):
    loi("value: 19000", "value: 15000")
    aujourd_hui = systeme.systeme(systeme.AUCUN)
    monkeypatch.setattr(rejeux, "_loi", lambda empreinte: aujourd_hui)
    dit, code = verifier()
    assert code == 1
    assert "sous les règles de son temps, exécutées aujourd'hui" in dit


def test_les_memes_regles_qui_repondent_autrement_sont_une_anomalie(contrat):
    def repondre_autrement():
        calcul = CalculConserve.objects.get()
        CalculConserve.objects.update(resultat={**calcul.resultat, "montant_du": 1})

    dit, code = apres(repondre_autrement)
    assert code == 1
    assert re.search(r"Anomalie : les mêmes règles donnent un autre résultat \(0,01\s€ alors", dit), dit


def test_une_archive_ne_construit_que_des_donnees():
    """Whoever writes in the database must not run a program in the weekly check."""
    import zipfile

    from binome.erreurs import BinomeErreur
    from binome.simulation import archive

    systeme.systeme(systeme.AUCUN)
    membres = archive.controler(
        archive.archiver(systeme.empreinte_de_la_loi(systeme.AUCUN)), systeme.empreinte_de_la_loi(systeme.AUCUN)
    )
    nom = "loi/parameters/montants/demi_etp.yaml"
    membres[nom] = b"!!python/object/apply:os.system ['true']"
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w") as fichier:
        for membre, contenu in membres.items():
            fichier.writestr(membre, contenu)
    with pytest.raises(BinomeErreur, match="n'est plus celle"):
        archive.desarchiver(flux.getvalue(), systeme.empreinte_de_la_loi(systeme.AUCUN))
    with pytest.raises(BinomeErreur, match=r"demi_etp\.yaml » illisible"):
        archive.desarchiver(flux.getvalue(), archive._empreinte(membres))


def test_on_ne_paie_pas_sous_une_loi_qu_on_ne_saurait_garder(contrat, monkeypatch):
    from binome.dossiers.erreurs import Refus
    from binome.simulation import archive

    monkeypatch.setattr(archive, "fichiers_de_la_loi", lambda: {"variables/x.py": b""})
    with derriere_le_produit():
        LoiConservee.objects.all().delete()
        with pytest.raises(Refus, match="redémarrez le site"):
            rejeux.garder_les_lois([CalculConserve.objects.get().empreinte_loi])


# -- a clock that goes back --------------------------------------------------------------------------------------


def test_une_horloge_qui_recule_ne_fait_pas_reculer_ce_qui_est_consigne(contrat):
    dernier = contrat.evenements.order_by("-numero").first()
    gestionnaire = fabrique.agent(contrat.caisse)
    with time_machine.travel(datetime.datetime(2019, 6, 1, tzinfo=datetime.UTC), tick=False):
        note = notes.noter(contrat.pk, gestionnaire, texte="horloge reculée")
    assert note.consigne_le == dernier.consigne_le
    assert journal.au(contrat, datetime.date(2019, 6, 1)) is None
    dit, code = verifier()
    assert code == 0, dit


def test_un_evenement_consigne_trop_tot_ne_se_montre_pas_sans_ceux_qu_il_suit(contrat):
    """A base of before kept what a clock wrote: the file as it was known then is still shown."""
    with derriere_le_produit():
        Evenement.objects.filter(genre="note").update(consigne_le=datetime.datetime(2019, 1, 1, tzinfo=datetime.UTC))
        assert journal.au(contrat, datetime.date(2019, 6, 1)) is None
