"""Letters of a file: every field has its producer, which fills it on a lived file; every sum is the ledger's."""

from __future__ import annotations

import datetime
import importlib
import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.apps import apps
from django.core import mail

from binome import francais
from binome.documents import courriers
from binome.dossiers.contrats.actes import avenants
from binome.dossiers.echanges import boite_d_envoi, impression, lettres, mentions, rappels
from binome.dossiers.echanges.sources import SOURCES, Contexte, Source
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Canal, Contrat, Courriel, Courrier, Echeance, Ecriture
from binome.dossiers.nomenclatures import Compte, Nature, Role, Statut
from binome.dossiers.paiements import grand_livre
from openfisca_assistants_medicaux import registre
from tests.dossiers import fabrique, vies
from tests.dossiers.vies import SCENES, Vie, vivre

#: What no cell and no field that the file tells may say.
VIDES = {"", "—", "à préciser", "à déterminer", "non déterminé", "inconnu"}
AGENT = "Écrit par l'agent."

MODELES = courriers.modeles()
EN_SCENE = [pytest.param(nom, scene, id=f"{nom}-{scene.__name__}") for nom in SCENES for scene in SCENES[nom]]


def references() -> set[str]:
    """Every producer that a template names, and every column of a table as `source.table:code`."""
    tables = {t.de for m in MODELES for t in m.tableaux.values()}
    colonnes = {f"{t.de}:{code}" for m in MODELES for t in m.tableaux.values() for code in t.colonnes}
    return {c.de for m in MODELES for c in m.champs.values() if c.de != courriers.AGENT} | tables | colonnes


def producteurs() -> set[str]:
    """Every producer, and every column that one gives."""
    champs = {f"{nom}.{champ}" for nom, source in SOURCES.items() for champ in source.champs()}
    tables = {f"{nom}.{table}" for nom, source in SOURCES.items() for table in source.tables()}
    colonnes = {f"{t}:{c}" for t in tables for c in SOURCES[t.split(".")[0]].colonnes(t.split(".")[1])}
    return champs | tables | colonnes


def test_chaque_champ_a_son_producteur() -> None:
    assert sorted(references() - producteurs()) == []


def test_une_source_dit_comment_elle_se_trouve() -> None:
    """One that does not is no source: it is refused when it is written, not when a letter asks for it."""
    assert [nom for nom, source in SOURCES.items() if source.__abstractmethods__] == []
    with pytest.raises(TypeError, match=r"abstract method '?trouver"):
        type("SansRecherche", (Source,), {})()


def ecrit_par(reference: str) -> str:
    """The method behind a producer, and its column: a source that is a kind of another shares its methods."""
    source, _, nom = reference.partition(":")[0].partition(".")
    methodes = {**SOURCES[source].champs(), **SOURCES[source].tables()}
    return f"{methodes[nom].__qualname__}:{reference.partition(':')[2]}"


def test_chaque_producteur_sert() -> None:
    assert sorted({ecrit_par(p) for p in producteurs()} - {ecrit_par(r) for r in references()}) == []


def test_chaque_producteur_se_dit() -> None:
    for source in SOURCES.values():
        assert source.__doc__
        for produit in (*source.champs().values(), *source.tables().values()):
            assert produit.__doc__, produit.__qualname__


def test_une_lettre_parle_d_une_chose() -> None:
    for modele in MODELES:
        plusieurs = [nom for nom in modele.sources if SOURCES[nom].sujets.__func__ is not Source.sujets.__func__]  # type: ignore[attr-defined]
        assert len(plusieurs) < 2, modele.nom


def test_chaque_lettre_a_sa_scene() -> None:
    assert set(SCENES) == {modele.nom for modele in MODELES}


def ecrite(vie: Vie, nom: str, sujet: int | None = None) -> courriers.Courrier:
    """The letter of a scene, the agent's part typed."""
    lettre = lettres.preparer(vie.contrat, nom, vie.gestionnaire, vie.jour, sujet=sujet)
    modele = courriers.modele(nom)
    ecrits = {n: AGENT for n, c in modele.champs.items() if c.de == courriers.AGENT}
    return lettres.composer(lettre, ecrits, fabrique.signataire(vie.contrat.caisse) if modele.decide else None)


def lue(lettre: courriers.Courrier) -> str:
    """The text of its PDF, spaces out."""
    pages = pypdf.PdfReader(io.BytesIO(courriers.rendre(lettre))).pages
    return serre("".join(page.extract_text() for page in pages))


def serre(texte: str) -> str:
    return re.sub(r"[\s\u200b]", "", texte).replace("’", "'")


@pytest.mark.django_db
@pytest.mark.parametrize(("nom", "scene"), EN_SCENE)
def test_ce_que_le_dossier_sait_est_rempli(nom: str, scene: Callable[[], Vie]) -> None:
    vie = vivre(scene)
    modele, lettre = courriers.modele(nom), lettres.preparer(vie.contrat, nom, vie.gestionnaire, vie.jour)
    vides = [
        champ
        for champ, detail in modele.champs.items()
        if detail.de != courriers.AGENT and champ not in modele.facultatifs and lettre.champs[champ] in VIDES
    ]
    assert vides == []
    for champ, tableau in lettre.tableaux.items():
        assert tableau.lignes or champ in modele.facultatifs, champ
        assert not {cellule for ligne in tableau.lignes for cellule in ligne} & VIDES, champ
    assert nom in {p.modele.nom for p in lettres.proposables(vie.contrat, vie.gestionnaire, vie.jour)}
    assert courriers.rendre(ecrite(vie, nom)).startswith(b"%PDF")


@pytest.mark.django_db
def test_ce_qui_est_facultatif_est_rempli_quand_le_dossier_le_sait() -> None:
    for modele in MODELES:
        attendus = {n for n in modele.facultatifs if n in modele.champs and modele.champs[n].de != courriers.AGENT}
        attendus |= {n for n in modele.facultatifs if n in modele.tableaux}
        for scene in SCENES[modele.nom] if attendus else ():
            vie = vivre(scene)
            attendus -= {*(lettre := ecrite(vie, modele.nom)).champs, *lettre.tableaux}
        assert attendus <= JAMAIS.get(modele.nom, set()), modele.nom


#: Optional parts that no law read so far fills.
JAMAIS = {"contrat-collectif": {"versements"}}


# -- every sum and every day is that of the line it quotes -----------------------------------------------------------


def cents(ecrit: str) -> int:
    """The amount that a cell writes, in cents."""
    nombre = "".join(signe for signe in ecrit if signe.isdigit() or signe in ",−-")
    entiers, _, decimales = nombre.replace("−", "-").partition(",")
    return int(entiers + (decimales or "00"))


def colonne(lettre: courriers.Courrier, tableau: str, code: str) -> list[str]:
    """The cells of a column, by its code."""
    rang = list(courriers.modele(lettre.modele).tableaux[tableau].colonnes).index(code)
    return [ligne[rang] for ligne in lettre.tableaux[tableau].lignes]


@pytest.mark.django_db
@pytest.mark.parametrize("scene", [vies.paye, vies.repaye, vies.retenu, vies.evalue])
def test_un_versement_est_celui_du_grand_livre(scene: Callable[[], Vie]) -> None:
    vie = vivre(scene)
    ecriture = Ecriture.objects.filter(contrat=vie.contrat, nature=Nature.VERSEMENT).latest("pk")
    ligne = ecriture.ligne
    assert ligne is not None
    lettre = ecrite(vie, "versement")
    ecrit = lue(lettre)
    for dit in (
        f"Nous vous versons {francais.euros(-ecriture.montant)} le {francais.date_longue(ligne.campagne.date)}",
        ligne.reference,
        ligne.compte_bancaire.iban[-4:],
    ):
        assert serre(dit) in ecrit
    assert sum(map(cents, colonne(lettre, "versements", "montant"))) == -ecriture.montant
    assert ("retenue" in lettre.champs) == bool(ligne.compensation)


@pytest.mark.django_db
def test_chaque_virement_a_sa_lettre() -> None:
    vie = vivre(vies.evalue)
    proposee = next(
        p for p in lettres.proposables(vie.contrat, vie.gestionnaire, vie.jour) if p.modele.nom == "versement"
    )
    emises = {-e.montant: e.ligne_id for e in vie.contrat.ecritures.filter(nature=Nature.VERSEMENT)}
    assert set(proposee.sujets) == set(emises.values())
    assert len(emises) == 3
    for montant, cle in emises.items():
        assert ecrite(vie, "versement", cle).champs["montant"] == francais.euros(montant)
    with pytest.raises(Refus, match="sans objet"):
        lettres.preparer(vie.contrat, "versement", vie.gestionnaire, vie.jour, sujet=0)


@pytest.mark.django_db
def test_un_indu_est_la_creance_du_grand_livre() -> None:
    vie = vivre(vies.trop_percu)
    creance = Ecriture.objects.get(contrat=vie.contrat, nature=Nature.INDU, compte=Compte.CREANCE)
    lettre = ecrite(vie, "indu")
    assert serre(f"que {francais.euros(-creance.montant)} vous ont été versés en trop") in lue(lettre)
    assert sum(map(cents, colonne(lettre, "versements", "en_trop"))) == -creance.montant
    assert lettre.champs["date_constat"] == francais.date_longue(creance.date_effet)


@pytest.mark.django_db
def test_chaque_trop_percu_a_sa_lettre() -> None:
    vie = vivre(vies.trop_percu)
    vie.evaluer(4, datetime.date(2026, 6, 2), 1700, 2100)
    vie.payer(datetime.date(2026, 7, 15))
    vie.appliquer("suspendre", datetime.date(2026, 7, 1), "Poste vacant.")
    vie.appliquer("reprendre", datetime.date(2026, 8, 1))
    vie.payer(datetime.date(2026, 8, 15))
    creances = list(
        Ecriture.objects.filter(contrat=vie.contrat, nature=Nature.INDU, compte=Compte.CREANCE).order_by("-pk")
    )
    assert len(creances) > 1
    proposee = next(p for p in lettres.proposables(vie.contrat, vie.gestionnaire, vie.jour) if p.modele.nom == "indu")
    assert list(proposee.sujets) == [creance.pk for creance in creances]
    for creance in creances:
        lettre = lettres.preparer(vie.contrat, "indu", vie.gestionnaire, vie.jour, sujet=creance.pk)
        assert lettre.champs["montant"] == francais.euros(-creance.montant)
        assert sum(map(cents, colonne(lettre, "versements", "en_trop"))) == -creance.montant


@pytest.mark.django_db
def test_chaque_avenant_a_sa_lettre_et_dit_ce_qu_il_change() -> None:
    vie = vivre(vies.paye)
    premiere, deuxieme = avenants.anniversaires(vie.contrat)[1:3]
    for effet, quotite in ((premiere, "0.8"), (deuxieme, "0.5")):
        avenants.amender(
            vie.contrat.pk, vie.gestionnaire, date_effet=effet, changements={"medecin.quotite_liberale": quotite},
            motif=f"Temps partiel de {quotite}", quand=fabrique.instant(vie.jour),
        )  # fmt: skip
    vie.contrat.refresh_from_db()
    (proposee,) = (p for p in lettres.proposables(vie.contrat, vie.gestionnaire, vie.jour) if p.modele.nom == "avenant")
    assert [dit.partition(",")[0] for dit in proposee.sujets.values()] == ["avenant n° 2", "avenant n° 1"]
    lues = [lettres.preparer(vie.contrat, "avenant", vie.gestionnaire, vie.jour, sujet=cle) for cle in proposee.sujets]
    assert [francais.date_longue(d) in str(lettre.champs) for d, lettre in zip((deuxieme, premiere), lues, strict=True)]
    (changes_2,), (changes_1,) = (lettre.tableaux["changements"].lignes for lettre in lues)
    assert changes_1[1:] != changes_2[1:]
    # The second one starts from what the first one made.
    assert changes_2[1] == changes_1[2]


@pytest.mark.django_db
def test_un_rejet_dit_la_somme_et_le_motif_de_la_banque() -> None:
    vie = vivre(vies.rejete)
    retour = Ecriture.objects.get(contrat=vie.contrat, nature=Nature.RETOUR)
    assert retour.ligne is not None
    ecrit = lue(ecrite(vie, "virement-rejete"))
    for dit in (francais.euros(retour.montant), retour.ligne.motif, francais.date_longue(retour.date_effet)):
        assert serre(dit) in ecrit


@pytest.mark.django_db
def test_une_evaluation_dit_ce_que_le_grand_livre_inscrit() -> None:
    vie = vivre(vies.evalue)
    vie.payer(datetime.date(2026, 1, 15))
    inscrits = grand_livre.droits_inscrits([vie.contrat.pk])[vie.contrat.pk]
    du = sum(montant for (annee, _), montant in inscrits.items() if annee == 3)
    lettre = ecrite(vie, "evaluation")
    evaluation = vie.contrat.evaluations.get()
    assert 0 < du < 1_100_000
    assert serre(f"L'aide de cette annuité est de {francais.euros(du)}") in lue(lettre)
    assert cents(lettre.champs["montant"]) == 1_100_000 * evaluation.numerateur // evaluation.denominateur
    assert colonne(lettre, "indicateurs", "resultat") == [francais.nombre(1430), francais.nombre(1850)]
    assert colonne(lettre, "indicateurs", "etat") == ["stable", "stable"]
    assert "proposition" not in lettre.champs


@pytest.mark.django_db
def test_une_evaluation_qui_s_ecarte_dit_les_deux_parts_et_les_jours() -> None:
    vie = vivre(vies.evalue_autrement)
    vie.partir(datetime.date(2025, 8, 1))
    vie.appliquer("suspendre", datetime.date(2025, 9, 1), "Poste vacant.")
    vie.jour = datetime.date(2025, 10, 1)
    lettre = ecrite(vivre(lambda: vie), "evaluation")
    annee = Contexte(vie.contrat, vie.gestionnaire, vie.jour).annee(3)
    assert annee is not None
    assert lettre.champs["calcul"].startswith("80\u00a0% de 11\u202f000\u00a0€, pour")
    assert f"{annee.jours_dus} jours sur 365" in lettre.champs["calcul"]
    assert lettre.champs["proposition"].startswith("Les règles proposaient 50")
    assert lettre.champs["motif"].startswith("Cabinet fermé")


@pytest.mark.django_db
@pytest.mark.parametrize("scene", [vies.echu, vies.resilie_par_le_medecin, vies.retenu])
def test_les_comptes_sont_ceux_du_grand_livre(scene: Callable[[], Vie]) -> None:
    vie = vivre(scene)
    if scene is vies.retenu:
        vie.appliquer("constater_terme", datetime.date(2028, 6, 5))
    *postes, reste = map(cents, colonne(ecrite(vivre(lambda: vie), "fin-contrat"), "comptes", "montant"))
    position = grand_livre.solde(vie.contrat)
    assert reste == position.aide - position.du_par_le_medecin
    assert sum(postes) == reste


@pytest.mark.django_db
def test_une_lettre_ne_dit_que_ce_qui_arrive_a_ce_dossier() -> None:
    """The findings of a fund: the date of a suspension, the start of a renewal, the right letter for a termination."""
    suspendu = vivre(vies.suspendu)
    assert ecrite(suspendu, "suspension").champs["date_effet"] == francais.date_longue(datetime.date(2024, 11, 1))
    assert ecrite(suspendu, "suspension").champs["motif"] == "Le poste n'est pas pourvu."
    renouvele = vivre(vies.a_renouveler)
    assert ecrite(renouvele, "renouvellement-propose").champs["date_debut"] == francais.date_longue(
        datetime.date(2029, 7, 1)
    )
    resilie = vivre(vies.resilie_par_le_medecin)
    proposees = {p.modele.nom for p in lettres.proposables(resilie.contrat, resilie.gestionnaire, resilie.jour)}
    assert "resiliation-medecin" in proposees
    assert not proposees & {"resiliation-caisse", "suspension", "virement-rejete", "contrat-collectif", "indu"}


@pytest.mark.django_db
def test_une_lettre_lit_le_registre() -> None:
    refuse = vivre(vies.refuse)
    fiche = registre.conditions()["condition_conventionnement"]
    lettre = ecrite(refuse, "eligibilite-defavorable")
    assert fiche.court in colonne(lettre, "motifs", "condition")
    assert fiche.pour_changer in lettre.champs["pour_changer"]
    echeance = ecrite(vivre(vies.formation), "formation-non-terminee")
    assert echeance.champs["a_faire"] == registre.echeances()["date_limite_qualification"].aide


# -- sent, kept, read ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_l_agent_n_ecrit_que_ce_qui_est_a_lui() -> None:
    vie = vivre(vies.paye)
    lettre = lettres.preparer(vie.contrat, "versement", vie.gestionnaire, vie.jour)
    ecrits = {"montant": "1 000 000 €", "interlocuteur": "Alix", "date_signalement": "demain"}
    composee = lettres.composer(lettre, ecrits, fabrique.signataire(vie.contrat.caisse))
    assert composee.champs["montant"] == lettre.champs["montant"]
    assert (composee.champs["interlocuteur"], composee.champs["date_signalement"]) == ("Alix", "demain")


@pytest.mark.django_db
@pytest.mark.parametrize("manque", ["recours_autorite", "recours_delai", "recours_tribunal"])
def test_t71_une_decision_sans_voies_de_recours_ne_part_pas(manque: str) -> None:
    vie = vivre(vies.suspendu)
    setattr(vie.contrat.caisse, manque, " ")
    assert lettres.manques(courriers.modele("suspension"), vie.contrat, vie.jour) != []
    with pytest.raises(Refus, match="Voies et délais de recours"):
        ecrite(vie, "suspension")


@pytest.mark.django_db
def test_une_decision_dit_autorite_delai_tribunal_et_qui_la_signe() -> None:
    vie = vivre(vies.suspendu)
    signataire = mentions.nommer(
        vie.contrat.caisse_id, fabrique.agent(vie.contrat.caisse, Role.RESPONSABLE), nom="Alix Nomen",
        qualite="Sous-directrice", delegation="Délégation du 2 janvier 2024", depuis=vie.jour,
    )  # fmt: skip
    prepare = lettres.preparer(vie.contrat, "suspension", vie.gestionnaire, vie.jour)
    lue_ = lue(lettres.composer(prepare, {}, signataire))
    for dit in ("la commission d'essai", "deux mois d'essai", "le tribunal d'essai", *signataire.mention.splitlines()):
        assert serre(dit) in lue_


@pytest.mark.django_db
def test_une_decision_se_signe_par_qui_signe_ce_jour_la() -> None:
    vie = vivre(vies.suspendu)
    responsable, signataire = (
        fabrique.agent(vie.contrat.caisse, Role.RESPONSABLE),
        fabrique.signataire(vie.contrat.caisse),
    )
    lettre = lettres.preparer(vie.contrat, "suspension", vie.gestionnaire, vie.jour)
    with pytest.raises(Refus, match="signataire : attendu"):
        lettres.composer(lettre, {})
    retire = mentions.retirer(signataire.pk, responsable, vie.jour - datetime.timedelta(days=1))
    with pytest.raises(Refus, match="signataire : attendu"):
        lettres.composer(lettre, {}, retire)
    assert "signataire" in lettres.manques(courriers.modele("suspension"), vie.contrat, vie.jour)[0]


@pytest.mark.django_db
def test_les_mentions_sont_au_responsable() -> None:
    vie = vivre(vies.suspendu)
    caisse, signataire = vie.contrat.caisse, fabrique.signataire(vie.contrat.caisse)
    jour = {"nom": "A", "qualite": "B", "delegation": "", "depuis": vie.jour}
    etranger = fabrique.agent(fabrique.caisse(), Role.RESPONSABLE)
    for acteur in (vie.gestionnaire, vie.valideur, etranger):
        with pytest.raises(Refus, match="réservé"):
            mentions.ecrire_les_recours(caisse.pk, dict.fromkeys(mentions.RECOURS, "x"), acteur)
        with pytest.raises(Refus, match="réservé"):
            mentions.nommer(caisse.pk, acteur, **jour)  # type: ignore[arg-type]
        with pytest.raises(Refus, match="réservé"):
            mentions.retirer(signataire.pk, acteur, vie.jour)
    responsable = fabrique.agent(caisse, Role.RESPONSABLE)
    with pytest.raises(Refus, match="au plus tôt"):
        mentions.retirer(signataire.pk, responsable, datetime.date(2018, 12, 31))
    mentions.retirer(signataire.pk, responsable, vie.jour)
    with pytest.raises(Refus, match="ne signe déjà plus"):
        mentions.retirer(signataire.pk, responsable, vie.jour)


@pytest.mark.django_db
def test_le_courriel_annonce_la_lettre_et_n_en_dit_rien() -> None:
    vie = vivre(vies.suspendu)
    lettre = ecrite(vie, "suspension")
    adresse = "https://binome.exemple.invalid/espace/"
    courrier = lettres.envoyer(vie.contrat.pk, lettre, vie.gestionnaire, espace=adresse)
    assert bytes(courrier.pdf) == courriers.rendre(lettre)
    assert vie.contrat.evenements.filter(genre="courrier", donnees__canal="espace").exists()
    assert boite_d_envoi.vider_la_boite().partis == 1
    assert boite_d_envoi.vider_la_boite() == boite_d_envoi.Envoi()
    (message,) = mail.outbox
    assert vie.contrat.medecin is not None
    assert message.to == [vie.contrat.medecin.courriel]
    assert message.attachments == []
    assert adresse in message.body
    dit = f"{message.subject} {message.body}".lower()
    tus = [vie.contrat.numero, vie.contrat.medecin.nom, "suspen", *lettre.champs.values()]
    assert [tu for tu in tus if tu.lower() in dit and tu not in vie.contrat.caisse.nom] == []
    with pytest.raises(Refus, match="réservé"):
        lettres.envoyer(vie.contrat.pk, lettre, fabrique.agent(vie.contrat.caisse, Role.VALIDEUR))


@pytest.mark.django_db
def test_sans_courriel_ni_adresse_une_lettre_n_atteint_personne() -> None:
    vie = vivre(vies.suspendu)
    medecin = vie.contrat.medecin
    assert medecin is not None
    medecin.courriel = ""
    medecin.save()
    vie.contrat.refresh_from_db()
    with pytest.raises(Refus, match="courriel de Dr"):
        lettres.envoyer(vie.contrat.pk, ecrite(vie, "suspension"), vie.gestionnaire, canal=Canal.ESPACE)
    assert lettres.envoyer(vie.contrat.pk, ecrite(vie, "suspension"), vie.gestionnaire).canal == Canal.PAPIER
    medecin.adresse = ""
    medecin.save()
    vie.contrat.refresh_from_db()
    with pytest.raises(Refus, match="adresse postale"):
        lettres.envoyer(vie.contrat.pk, ecrite(vie, "suspension"), vie.gestionnaire)
    assert not Courriel.objects.filter(courrier__isnull=False).exists()


# -- on paper --------------------------------------------------------------------------------------------------------


def sur_papier(canal: Canal) -> Courrier:
    vie = vivre(vies.suspendu)
    return lettres.envoyer(vie.contrat.pk, ecrite(vie, "suspension"), vie.gestionnaire, canal=canal)


@pytest.mark.django_db
def test_la_file_d_impression_se_vide_une_fois_recommandes_d_abord() -> None:
    simple = sur_papier(Canal.PAPIER)
    recommande = lettres.envoyer(
        simple.contrat_id, courriers.Courrier.model_validate(simple.contenu),  # type: ignore[arg-type]
        fabrique.agent(simple.caisse), canal=Canal.RECOMMANDE,
    )  # fmt: skip
    ailleurs = sur_papier(Canal.PAPIER)
    agent = fabrique.agent(simple.caisse)
    assert list(impression.a_imprimer(agent)) == [recommande, simple]
    lot = impression.imprimer(simple.caisse_id, agent)
    pages = pypdf.PdfReader(io.BytesIO(impression.en_pdf(lot))).pages
    propres = [len(pypdf.PdfReader(io.BytesIO(bytes(c.pdf))).pages) for c in (recommande, simple)]
    assert len(pages) == sum(n + n % 2 for n in propres)
    assert list(impression.a_imprimer(agent)) == []
    with pytest.raises(Refus, match="aucune lettre n'attend"):
        impression.imprimer(simple.caisse_id, agent)
    ailleurs.refresh_from_db()
    assert ailleurs.impression is None
    assert list(impression.a_poster(agent)) == [recommande]


@pytest.mark.django_db
def test_un_recommande_porte_son_numero_et_le_journal_le_dit() -> None:
    courrier = sur_papier(Canal.RECOMMANDE)
    agent, contrat = fabrique.agent(courrier.caisse), courrier.contrat
    assert contrat is not None
    with pytest.raises(Refus, match="une fois imprimée"):
        impression.poster(courrier.pk, "1A 123 456 7890 1", agent)
    impression.imprimer(courrier.caisse_id, agent)
    impression.poster(courrier.pk, "1a 123 456 7890 1", agent)
    courrier.refresh_from_db()
    assert courrier.numero_recommande == "1A12345678901"
    dits = list(contrat.evenements.filter(genre="courrier").values_list("motif", flat=True))
    assert [dit.rpartition(" : ")[2] for dit in dits][1:] == ["imprimé", "posté, recommandé n° 1A12345678901"]
    with pytest.raises(Refus, match="porte déjà"):
        impression.poster(courrier.pk, "1A 123 456 7890 2", agent)


@pytest.mark.parametrize(
    ("numero", "lu"),
    [("RR 473 124 829 GB", "RR473124829GB"), ("2c 123 456 7890 3", "2C12345678903"), ("RR473124828GB", "clé"),
     ("12", "13 signes"), ("", "13 signes"), ("RR 473 124 829 G²", "13 signes")],
)  # fmt: skip
def test_un_numero_de_recommande_se_lit_ou_se_refuse(numero: str, lu: str) -> None:
    try:
        assert impression.lire_le_numero(numero) == lu
    except Refus as refus:
        assert lu in str(refus)  # noqa: PT017 - the same table says both


@pytest.mark.django_db
def test_une_societe_recoit_sur_papier_et_son_courriel_la_rappelle() -> None:
    vie = vivre(vies.groupe)
    lettre = ecrite(vie, "contrat-collectif")
    assert lettres.canaux(lettres.medecin_vise(vie.contrat, lettre)) == [Canal.PAPIER, Canal.RECOMMANDE]
    vie.contrat.structure.courriel = "societe@exemple.invalid"
    vie.contrat.structure.save()
    # What is told does not hang on how far the contract went.
    Contrat.objects.filter(pk=vie.contrat.pk).update(statut=Statut.SIGNE, date_signature=vie.jour)
    nom = next(fiche.nom for fiche in registre.echeances() if fiche.rappel)
    echeance = Echeance.objects.create(contrat=vie.contrat, nom=nom, libelle="Échéance", date=vie.jour)
    assert rappels.relancer(echeance.date) > 0
    rappel = Courriel.objects.filter(contrat=vie.contrat).earliest("pk")
    assert rappel.destinataire == "societe@exemple.invalid"
    assert "Madame, Monsieur," in rappel.corps


@pytest.mark.django_db
def test_le_bulletin_est_a_l_adherent_dans_son_espace() -> None:
    vie = vivre(vies.groupe)
    adhesion = vie.contrat.adhesions.earliest("pk")
    courrier = lettres.envoyer(vie.contrat.pk, ecrite(vie, "bulletin-adhesion", adhesion.pk), vie.gestionnaire)
    assert (courrier.medecin, courrier.canal) == (adhesion.medecin, Canal.ESPACE)
    lui = fabrique.agent(None, Role.MEDECIN, medecin=adhesion.medecin)
    autre = fabrique.agent(None, Role.MEDECIN, medecin=vie.contrat.adhesions.latest("pk").medecin)
    assert list(Courrier.objects.visibles(lui)) == [courrier]
    assert list(Courrier.objects.visibles(autre)) == []


@pytest.mark.django_db
def test_un_bulletin_s_adresse_a_l_adherent_et_une_lettre_de_groupe_a_la_societe() -> None:
    vie = vivre(vies.groupe)
    adherents = [adhesion.medecin for adhesion in vie.contrat.adhesions.order_by("pk")]
    dernier = vie.contrat.adhesions.latest("pk").pk
    assert ecrite(vie, "bulletin-adhesion").destinataire.rpps == adherents[0].rpps
    assert ecrite(vie, "bulletin-adhesion", dernier).destinataire.rpps == adherents[-1].rpps
    societe = ecrite(vie, "contrat-collectif")
    assert societe.destinataire.civilite_nom == "Maison d'Essai"
    assert [ligne[1] for ligne in societe.tableaux["medecins"].lignes] == [m.rpps for m in adherents]


# -- letters from before ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_la_mise_a_jour_un_courriel_qui_attend_ne_tient_plus_sa_lettre() -> None:
    vie = vivre(vies.suspendu)
    courrier = lettres.envoyer(vie.contrat.pk, ecrite(vie, "suspension"), vie.gestionnaire)
    attend = Courriel.objects.get(courrier=courrier)
    parti = Courriel.objects.get(pk=attend.pk)
    parti.pk, parti.cle, parti.envoye_le = None, "parti", fabrique.instant(vie.jour)
    for courriel in (attend, parti):
        courriel.objet, courriel.corps = "CPAM — Suspension", "Votre contrat est suspendu."
        courriel.save()
    anciennes = importlib.import_module("binome.dossiers.migrations.0017_lettres_anciennes")
    anciennes.taire_les_lettres(apps, None)
    attend.refresh_from_db()
    parti.refresh_from_db()
    assert "uspen" not in attend.objet + attend.corps
    assert "document" in attend.corps
    assert parti.corps == "Votre contrat est suspendu."


@pytest.mark.django_db
def test_a_la_mise_a_jour_les_lettres_des_societes_sont_deja_imprimees() -> None:
    vie = vivre(vies.groupe)
    societe = lettres.envoyer(vie.contrat.pk, ecrite(vie, "contrat-collectif"), vie.gestionnaire)
    bulletin = lettres.envoyer(vie.contrat.pk, ecrite(vie, "bulletin-adhesion"), vie.gestionnaire)
    Courrier.objects.update(canal=Canal.ESPACE)
    anciennes = importlib.import_module("binome.dossiers.migrations.0017_lettres_anciennes")
    anciennes.ranger_les_papiers(apps, None)
    societe.refresh_from_db()
    bulletin.refresh_from_db()
    assert (societe.canal, societe.impression is not None) == (Canal.PAPIER, True)
    assert (bulletin.canal, bulletin.impression) == (Canal.ESPACE, None)
    assert not impression.a_imprimer(vie.gestionnaire).exists()
