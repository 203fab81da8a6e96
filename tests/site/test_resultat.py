"""The result page, without a browser: what it shows of each shipped case, and where its links lead."""

from __future__ import annotations

import json
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from binome import francais
from binome.cli.fichiers import lire_situation
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.explications import certitude_en_mots
from binome.simulation.reponse.simuler import Simulation
from binome.site.simulateur import adresse
from binome.site.simulateur.templatetags.simulation import pour_lecteur
from tests.simulation.situations import SANS_REGLE
from tests.site.parcours import MOI, PATIENTELE, texte

EXEMPLES = sorted(Path("exemples").glob("*.yaml"))


class Balises(HTMLParser):
    """Tags of a page, checked as they come: every element closed, in order."""

    VIDES = {"meta", "link", "input", "br", "img", "source", "hr", "path", "circle"}

    def __init__(self) -> None:
        super().__init__()
        self.pile: list[str] = []
        self.ids: Counter[str] = Counter()
        self.liens: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        dits = dict(attrs)
        assert "style" not in dits
        assert not [nom for nom in dits if nom.startswith("on")]
        if dits.get("id"):
            self.ids[str(dits["id"])] += 1
        if tag == "a":
            self.liens.append(str(dits.get("href")))
        if tag in {"img", "source"}:
            self.sources.append(str(dits.get("src") or dits.get("srcset")))
        if tag not in self.VIDES:
            self.pile.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VIDES:
            return
        assert self.pile.pop() == tag, f"</{tag}> ferme autre chose"


def lire(page) -> Balises:
    balises = Balises()
    balises.feed(page.content.decode())
    assert not balises.pile
    assert {nom for nom, compte in balises.ids.items() if compte > 1} == set()
    return balises


@pytest.fixture(params=EXEMPLES, ids=lambda f: f.stem)
def cas(request: pytest.FixtureRequest) -> Simulation:
    return Simulation(lire_situation(str(request.param), None))


def chemin(simulation: Simulation, page: str = "resultat") -> str:
    return f"/simulation/{page}?{adresse.ecrire(simulation.situation)}"


def test_la_page_dit_ce_que_dit_la_simulation(client: Client, cas: Simulation) -> None:
    page = client.get(chemin(cas))
    assert page.status_code == 200
    lire(page)
    vu, resultat = " ".join(texte(page).split()), cas.resultat()

    def dit(phrase: str) -> bool:
        return (
            " ".join(pour_lecteur(phrase).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split()) in vu
        )

    assert dit(resultat.verdict.phrase)
    for condition in resultat.verdict.conditions:
        assert dit(condition.libelle)
        assert dit(condition.reference)
    for conseil in resultat.verdict.pour_changer:
        assert dit(conseil)
    for annee in resultat.annees:
        assert dit(francais.euros(annee.montant_prevu))
        assert dit(annee.explication)
        for versement in annee.versements:
            assert dit(francais.euros(versement.montant))
            assert versement.date is None or dit(francais.date_longue(versement.date))
        if annee.certitude not in {None, "texte"}:
            assert dit(certitude_en_mots(annee.certitude))
    for echeance in resultat.echeances:
        assert dit(echeance.libelle)
        assert dit(francais.date_longue(echeance.date))
    for hypothese in resultat.hypotheses:
        assert dit(hypothese.valeur)
    if resultat.total_cinq_ans is not None:
        assert dit(francais.euros(resultat.total_cinq_ans))
    assert dit(f"Binôme {resultat.version.binome}")


@pytest.mark.django_db
def test_chaque_lien_de_la_page_mene_quelque_part(client: Client, cas: Simulation) -> None:
    balises = lire(client.get(chemin(cas)))
    explications = [lien for lien in balises.liens if lien.startswith("/simulation/explication")]
    assert len(explications) > 5
    ancres = {lien.removeprefix("#") for lien in balises.liens if lien.startswith("#")}
    assert ancres <= set(balises.ids)
    internes = {lien for lien in balises.liens if lien.startswith("/")} | set(balises.sources)
    for lien in sorted(internes):
        reponse = client.get(lien.replace("&amp;", "&"))
        assert reponse.status_code == 200, lien


def test_le_json_est_celui_de_la_simulation(client: Client, cas: Simulation) -> None:
    donne = client.get(chemin(cas, "binome.json"))
    assert donne["Content-Disposition"] == 'attachment; filename="binome.json"'
    assert json.loads(donne.content) == json.loads(cas.resultat().model_dump_json())


def test_une_figure_inconnue_est_refusee(client: Client, cas: Simulation) -> None:
    page = client.get(chemin(cas, "explication") + "&figure=annees.99.montant")
    assert page.status_code == 422
    assert "n'existe pas" in texte(page)


def test_l_explication_vient_du_calcul(client: Client) -> None:
    simulation = Simulation(lire_situation("exemples/projection-annee-3.yaml", None))
    page = client.get(chemin(simulation, "explication") + "&figure=annees.3.montant_prevu")
    vu = " ".join(texte(page).split())
    attendue = simulation.expliquer("annees.3.montant_prevu")
    assert attendue.dependances
    pile = [attendue]
    while pile:
        courante = pile.pop()
        assert " ".join(courante.libelle.replace("\u202f", " ").replace("\u00a0", " ").split()) in vu
        for parametre in courante.parametres:
            assert parametre.valeur.replace("\u202f", " ").replace("\u00a0", " ") in vu
        pile.extend(courante.dependances)


def test_sans_option_une_est_proposee_et_dite(client: Client) -> None:
    simulation = Simulation(lire_situation("exemples/generaliste-2026.yaml", None))
    sans = chemin(simulation).replace("&contrat.option=un_etp", "")
    page = client.get(sans)
    assert "Aucune option n'est choisie" in texte(page)
    assert "38 000 €" in texte(page)


def test_une_adresse_sans_date_vaut_pour_ce_jour_et_le_dit(client: Client) -> None:
    simulation = Simulation(lire_situation("exemples/generaliste-2026.yaml", None))
    sans = chemin(simulation).replace("date_appreciation=2026-11-23&", "")
    page = client.get(sans)
    assert page.status_code == 200
    assert "date_appreciation=" in page.context["partage"]


def test_les_phrases_perdent_les_noms_de_champs() -> None:
    assert pour_lecteur("indiquez la zone (medecin.zone) et la suite") == "indiquez la zone et la suite"
    assert pour_lecteur("la patientèle (patientele.patientele_mt, _adultes ou file_active)") == "la patientèle"
    assert pour_lecteur("demandez votre bande à la CPAM (contrat.bande_notifiee).") == (
        "demandez votre bande à la CPAM."
    )
    assert pour_lecteur("zone d'intervention prioritaire (ZIP)") == "zone d'intervention prioritaire (ZIP)"
    assert pour_lecteur("le 1er mars (au plus tard)") == "le 1er mars (au plus tard)"


@pytest.mark.parametrize("nom", ["rien", "objectif-2"])
def test_un_graphique_inconnu(client: Client, nom: str) -> None:
    simulation = Simulation(lire_situation("exemples/generaliste-2026.yaml", None))
    assert client.get(chemin(simulation, f"graphique/{nom}.svg")).status_code == 404


@pytest.mark.parametrize("page", ["binome.pdf", "binome.ics", "graphique/objectif.svg", "et-si", "binome.json"])
def test_rien_ne_se_telecharge_d_une_situation_refusee(client: Client, page: str) -> None:
    reponse = client.get(f"/simulation/{page}?medecin.specialite=pediatrie&contrat.date_signature=hier")
    assert reponse.status_code == 422
    assert "contrat.date_signature" in reponse.content.decode()


def test_un_montant_qui_depend_de_resultats_est_un_maximum(client: Client) -> None:
    simulation = Simulation(lire_situation("exemples/generaliste-2026.yaml", None))
    page = client.get(chemin(simulation))
    vu = " ".join(texte(page).split())
    attendues = simulation.resultat()
    assert attendues.annees[4].au_plus
    assert (
        f"au plus {francais.euros(attendues.annees[4].montant_prevu)}".replace("\u202f", " ").replace("\u00a0", " ")
        in vu
    )
    for annee in next(c for c in attendues.cout.options if c.option == "un_etp").annees:
        assert f"Reste à payer par mois, année {annee.rang}" in vu


DEPART = MOI | PATIENTELE | {"contrat.date_signature": "2026-12-01", "date_appreciation": "2026-11-23"}


def groupe_de(nombre: int, **membre: str) -> dict[str, str]:
    """The answers of a group of doctors, all alike."""
    dites = {f"groupe.membres.{rang}.{nom}": texte for rang in range(1, nombre + 1) for nom, texte in membre.items()}
    societe = {"groupe.forme_juridique": "SCM", "groupe.date_signature": "2026-12-01"}
    return dites | societe | {"groupe.etp_demandes": str(nombre)}


def test_recalculer_le_cout_garde_les_hypotheses_saisies(client: Client) -> None:
    """The form of the cost sends back every assumption: those that it shows, and those that it does not."""
    saisies = {
        "cout.mutuelle_mensuelle": "99.00",
        "cout.taux_prevoyance": "1.5%",
        "cout.assujetti_taxe_salaires": "non",
        "cout.autres_salaires_annuels.1": "20000.00",
        "cout.autres_salaires_annuels.2": "21000.00",
    }
    page = client.get("/simulation/resultat", DEPART | saisies)
    formulaire = page.context["formulaire_cout"]
    renvoi = dict(page.context["gardees_cout"]) | {nom: formulaire[nom].value() for nom in formulaire.fields}
    assert {nom: renvoi[nom] for nom in saisies} == saisies | {"cout.taux_prevoyance": "1.5"}
    autre = client.get("/simulation/resultat", {nom: texte for nom, texte in renvoi.items() if texte})
    assert autre.context["r"].cout == page.context["r"].cout
    assert "cout.autres_salaires_annuels.3" in formulaire.fields, "un salarié de plus peut se dire"


def test_une_option_que_personne_n_a_choisie_n_est_pas_dite_choisie(client: Client) -> None:
    page = client.get("/simulation/resultat", DEPART)
    assert page.context["option_proposee"]
    assert "Option choisie" not in {libelle for libelle, _ in page.context["dit"]}
    for nom in ("gardees_si", "gardees_cout"):
        assert "contrat.option" not in dict(page.context[nom])
    lien = next(lien for lien in lire(page).liens if "binome.json" in lien)
    assert json.loads(client.get(lien).content)["situation"]["contrat"]["option"] is None


@pytest.mark.parametrize("nombre", [60, 75])
def test_un_grand_groupe_a_sa_page_et_son_pdf(client: Client, nombre: int) -> None:
    reponses = groupe_de(nombre, patientele_mt="1 400", file_active="1 900", secteur="secteur_1")
    assert client.get("/simulation/resultat", reponses).status_code == 200
    assert client.get("/simulation/et-si", reponses).status_code == 200
    assert client.get("/simulation/binome.pdf", reponses).content.startswith(b"%PDF")


def test_un_curseur_ne_depasse_pas_ce_qu_un_champ_prend(client: Client) -> None:
    haut = DEPART | {"patientele.file_active": "83400", "contrat.option": "un_etp"}
    page = client.get("/simulation/resultat", haut)
    assert page.status_code == 200
    maxima = {curseur.champ: str(curseur.maximum) for curseur in page.context["si"].curseurs}
    assert client.get("/simulation/et-si", haut | maxima).status_code == 200


def test_ce_qui_n_est_pas_determine_d_un_groupe_se_saisit(client: Client) -> None:
    groupe = groupe_de(2, patientele_mt="1 400", secteur="secteur_1")
    page = client.get("/simulation/resultat", groupe)
    assert list(page.context["manquants"].fields) == ["objectifs_notifies.file_active.cible"]
    page = client.get("/simulation/resultat", groupe | {"objectifs_notifies.file_active.cible": "4000"})
    assert [o.cible for o in page.context["r"].objectifs if o.indicateur == "file_active"] == [4000]


def test_et_si_parle_la_langue_de_la_page(client: Client) -> None:
    suppose = {"projections.3.patientele_mt": "1300", "contrat.option": "un_etp"}
    contenu = texte(client.get("/simulation/et-si", DEPART | suppose))
    assert "File active : inconnu" in contenu
    assert "_" not in contenu


def test_un_contrat_resilie_ne_suppose_plus_rien(client: Client) -> None:
    resilie = {"contrat.date_signature": "2024-03-01", "contrat.date_fin_anticipee": "2025-03-31"}
    page = client.get("/simulation/resultat", DEPART | resilie | {"contrat.option": "un_etp"})
    assert page.status_code == 200
    assert page.context["si"] is None
    assert "Contrat résilié le 31 mars 2025" in texte(page)


def test_la_bande_notifiee_leve_le_doute_sur_le_seuil(client: Client) -> None:
    """Most specialties have no published threshold: the fund tells the band, and the page has a field for it."""
    specialiste = DEPART | {"medecin.specialite": "dermatologie", "assistant.locaux_adaptes": "oui"}
    page = client.get("/simulation/resultat", specialiste)
    assert page.context["r"].verdict.eligible == "indeterminee"
    assert "contrat.bande_notifiee" in page.context["manquants"].fields
    page = client.get("/simulation/resultat", specialiste | {"contrat.bande_notifiee": "p50_p70"})
    assert page.context["r"].verdict.eligible == "oui"
    assert "P50 à P70, bande notifiée par la caisse" in texte(page)


@pytest.mark.parametrize("page", ["resultat", "binome.pdf", "binome.csv", "binome.json", "binome.ics"])
@pytest.mark.parametrize("cas_sans_regle", SANS_REGLE)
def test_une_condition_sans_regle_n_est_pas_une_panne(client: Client, cas_sans_regle: str, page: str) -> None:
    donnees, _ = SANS_REGLE[cas_sans_regle]
    reponse = client.get(f"/simulation/{page}?{adresse.ecrire(Situation.model_validate(donnees))}")
    assert reponse.status_code == 200
    if page == "resultat":
        assert "demandez à la CPAM" in texte(reponse)


@pytest.mark.parametrize("page", ["resultat", "binome.pdf", "binome.csv", "binome.ics", "graphique/mensuel.svg"])
def test_une_option_fermee_laisse_voir_les_autres(client: Client, page: str) -> None:
    """Asked for a third of full time, which is closed: its refusal in words, and the amounts of what may be signed."""
    reponse = client.get(f"/simulation/{page}", DEPART | {"contrat.option": "1/3"})
    assert reponse.status_code == 200
    if page == "resultat":
        lire(reponse)
        lue = " ".join(texte(reponse).split())
        assert "L'option 1/3 ETP n'est pas ouverte aux contrats signés le 1er décembre 2026" in lue
        assert "restent, comparées : 1/2 ETP, 1 ETP" in lue
        assert [c.option.option for c in reponse.context["colonnes"]][:3] == ["tiers_etp", "demi_etp", "un_etp"]
        assert "au plus 66 000 €" in lue
        assert not reponse.context["r"].annees


def test_une_option_fermee_laisse_voir_les_deux_lectures_des_autres(client: Client) -> None:
    """A third of full time, closed, and a P95 by one indicator: the full time compared with it is « a ou b »."""
    lu = DEPART | {"contrat.option": "1/3", "patientele.patientele_mt": "2300", "patientele.file_active": "1600"}
    page = " ".join(texte(client.get("/simulation/resultat", lu)).split())
    assert "Deux lectures : a ou b (D7), 1 ETP" in page
    assert "Aide, année 3" in page
    assert "38 000 € ou 22 000 € (D7)" in page
    csv = client.get("/simulation/binome.csv", lu).content.decode("utf-8-sig")
    assert "38 000 € ou 22 000 € (D7)" in csv.replace("\u202f", " ").replace("\u00a0", " ")


def test_deux_lectures_se_montrent_avec_leurs_deux_montants(client: Client) -> None:
    """A half time of 2020 with one objective reached, the other on its way: « a ou b », their sources, who settles."""
    simulation = Simulation(lire_situation("exemples/mi-temps-2020-annee-5.yaml"))
    lue = texte(client.get(chemin(simulation)))
    assert "Deux lectures : a ou b (D12)" in lue
    assert "9 290,12 € ou 10 500 € (D12)" in lue
    assert "les deux objectifs sont exigés, prorata sinon" in lue
    assert "La caisse tranche" in lue


def test_un_point_tranche_n_a_plus_qu_un_montant(client: Client) -> None:
    simulation = Simulation(lire_situation("exemples/mi-temps-2020-annee-5.yaml"))
    lue = texte(client.get(f"{chemin(simulation)}&contrat.lectures.d12=b"))
    assert "Deux lectures" not in lue
    assert "Tranché par la caisse : un seul objectif atteint suffit" in lue
    assert "9 290,12" not in lue
