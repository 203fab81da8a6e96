"""The demonstration fund lives, a few years of it, and its books balance."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from binome.dossiers.contrats.journal import etat_de, reconstruire
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import demonstration
from binome.dossiers.models import Campagne, Contrat, Ecriture, ExportComptable, Medecin, Utilisateur
from binome.dossiers.paiements.recouvrement import recouvrements

pytestmark = pytest.mark.django_db
#: Enough for contracts, hires and campaigns; the whole history is what « make run » lives.
PREMIERS_JOURS = 200


def test_la_caisse_de_demonstration_vit():
    """From its first month: contracts, hires, campaigns and transfers, each contract rebuilt from its events."""
    debut = min(datetime.date(annee, mois, 1) for annee, mois, *_ in demonstration.HISTOIRES)
    caisse = demonstration.peupler(debut + datetime.timedelta(days=PREMIERS_JOURS))
    contrats = list(Contrat.objects.filter(caisse=caisse))
    assert contrats
    assert Medecin.objects.filter(caisse=caisse).count() == len(demonstration.HISTOIRES) + demonstration.PROSPECTS + 6
    assert {compte.email.partition("@")[0] for compte in Utilisateur.objects.all()} >= set(demonstration.COMPTES)
    assert all(reconstruire(contrat) == etat_de(contrat) for contrat in contrats)
    assert Campagne.objects.filter(caisse=caisse).exists()
    verses = -sum(Ecriture.objects.filter(nature="versement").values_list("montant", flat=True))
    assert verses > 0
    assert ExportComptable.objects.filter(caisse=caisse).exists()
    call_command("verifier_dossiers")


@pytest.mark.lent
def test_toute_l_histoire_est_instructive():
    """Six years: letters sent and printed, a claim paid back by the month, and nothing wrong in the books."""
    caisse = demonstration.peupler(datetime.date(2026, 11, 27))
    assert {"suspension", "reprise", "indu"} <= set(caisse.courriers.values_list("modele", flat=True))
    (lot,) = caisse.impressions.all()
    assert lot.courriers.get().numero_recommande
    tenus = recouvrements(Contrat.objects.filter(caisse=caisse).values_list("pk", flat=True))
    assert any(tenu.mensualites for tenu in tenus.values())
    assert any(tenu.a_notifier for tenu in tenus.values())
    call_command("verifier_dossiers")


def test_elle_ne_s_ajoute_pas_a_une_base_qui_tient_une_caisse(capsys):
    from tests.dossiers import fabrique

    fabrique.caisse()
    with pytest.raises(Refus, match="base vide"):
        demonstration.peupler()
    call_command("demonstration")
    assert "rien n'est ajouté" in capsys.readouterr().out


@pytest.mark.parametrize(
    "reglages", [{"HTTPS": True}, {"ALLOWED_HOSTS": ["localhost", "binome.example"]}, {"ALLOWED_HOSTS": ["*"]}]
)
def test_elle_refuse_les_reglages_de_production(settings, reglages):
    """Its accounts have a public password, one of them an administrator's."""
    for nom, valeur in reglages.items():
        setattr(settings, nom, valeur)
    with pytest.raises(CommandError, match="mot de passe public") as refus:
        call_command("demonstration")
    assert refus.value.returncode == 2
    assert not Utilisateur.objects.exists()
