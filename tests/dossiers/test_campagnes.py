"""Campaigns: what is due, proposed, validated."""

import datetime
from fractions import Fraction

import pytest

from binome.dossiers import campagnes, evaluations, grand_livre
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Ecriture
from binome.dossiers.nomenclatures import Role, StatutLigne
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


def _campagne(caisse, date, gestionnaire, valideur):
    campagne = campagnes.ouvrir(caisse.pk, date, gestionnaire, quand=fabrique.instant(date))
    campagnes.preparer(campagne.pk, quand=fabrique.instant(date))
    return campagnes.valider(campagne.pk, valideur, quand=fabrique.instant(date))


def test_une_premiere_annee_puis_une_deuxieme_puis_une_troisieme_evaluee():
    caisse = fabrique.caisse()
    gestionnaire, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    campagne = campagnes.ouvrir(caisse.pk, datetime.date(2024, 8, 15), gestionnaire, quand=fabrique.instant(datetime.date(2024, 8, 15)))
    campagnes.preparer(campagne.pk)
    ligne = campagne.lignes.get()
    assert (ligne.montant, ligne.statut) == (1_900_000, StatutLigne.PROPOSEE)
    with pytest.raises(Refus, match="réservé"):
        campagnes.valider(campagne.pk, gestionnaire)
    campagnes.valider(campagne.pk, valideur)
    ecriture = Ecriture.objects.get(contrat=contrat)
    assert ecriture.montant == 1_900_000
    assert grand_livre.rejouer(ecriture.calcul).identique
