"""Faults of one line, written into the code one at a time: each must make a test fail (`make mutants`).

They are faults that people make, and that an attack of this product once found unseen. Only the tests named are run
for a fault, first without it: a test that fails anyway would see every fault. Writes the rate; exit 1 when a fault is
seen by nobody, 2 when the code that it changes is gone.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

RACINE = Path(__file__).parents[1]
DOSSIERS = "binome/dossiers"
BORNES = "tests/dossiers/test_bornes_des_regles.py"
RELEVES = "tests/dossiers/test_releves.py"


@dataclass(frozen=True)
class Mutant:
    """A fault: the text changed, once in its file, and the tests that must see it."""

    nom: str
    fichier: str
    avant: str
    apres: str
    tests: tuple[str, ...]
    #: What it changes is read by a program that the test starts, or when the database is made: tried in a copy.
    a_part: bool = False

    def source(self) -> str:
        """The faulty file. Raises ValueError when the text is not there once."""
        texte = (RACINE / self.fichier).read_text(encoding="utf-8")
        if texte.count(self.avant) != 1:
            raise ValueError(f"{self.nom} : « {self.avant} » est {texte.count(self.avant)} fois dans {self.fichier}")
        return texte.replace(self.avant, self.apres)


def _borne(nom: str, fichier: str, avant: str, apres: str, *tests: str) -> Mutant:
    return Mutant(nom, f"{DOSSIERS}/{fichier}", avant, apres, tuple(f"{BORNES}::{test}" for test in tests))


LIVRE, CAMPAGNES, BANQUE = "paiements/grand_livre.py", "paiements/campagnes.py", "paiements/banque.py"
CYCLE, PIECES = "contrats/cycle.py", "echanges/pieces.py"

MUTANTS = (
    # -- the ledger
    Mutant(
        "un rejeu toujours identique",
        f"{DOSSIERS}/paiements/rejeux.py",
        'return self.annee is not None and _contient(self.annee.model_dump(mode="json"), self.calcul.resultat)',
        "return True",
        ("tests/dossiers/test_verification.py::test_un_montant_change_est_dit_puis_annonce",),
    ),
    _borne(
        "toute écriture s'annule à la main", LIVRE, "if origine.nature not in REVERSIBLES:", "if False:",
        "test_seul_un_remboursement_s_annule_a_la_main",
    ),
    _borne(
        "une annulation sans motif", LIVRE,
        'reserver(acteur, contrat.caisse_id, ENCAISSENT, "créance")\n    if not motif.strip():',
        'reserver(acteur, contrat.caisse_id, ENCAISSENT, "créance")\n    if False:',
        "test_un_remboursement_est_passe_et_encaisse_par_qui_valide",
    ),
    _borne(
        "un droit annulé compte encore", LIVRE, "nature__in=(Nature.DROIT, Nature.CONTRE_PASSATION)",
        "nature__in=(Nature.DROIT,)", "test_un_droit_annule_n_est_plus_inscrit",
    ),
    _borne(
        "un remboursement à venir", LIVRE, "if date > timezone.localdate(quand):", "if False:",
        "test_un_remboursement_est_passe_et_encaisse_par_qui_valide",
    ),
    _borne(
        "un gestionnaire encaisse", LIVRE,
        'reserver(acteur, contrat.caisse_id, ENCAISSENT, "créance")\n    du =',
        'reserver(acteur, contrat.caisse_id, (*ENCAISSENT, Role.GESTIONNAIRE), "créance")\n    du =',
        "test_un_remboursement_est_passe_et_encaisse_par_qui_valide",
    ),
    # -- campaigns and the bank
    _borne(
        "le retour d'une autre caisse", BANQUE, "filter(nommees, campagne__caisse_id=caisse_id)", "filter(nommees)",
        "test_le_retour_d_un_virement_d_une_autre_caisse_ne_touche_a_rien",
    ),
    _borne(
        "un accepté lu rejeté", BANQUE, "if retour.statut == REJETE and retour.reference]", "if retour.reference]",
        "test_un_virement_accepte_n_est_pas_un_rejet",
    ),
    _borne(
        "une campagne validée s'annule", CAMPAGNES,
        "not in (StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE):",
        "not in (StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE, StatutCampagne.VALIDEE):",
        "test_une_campagne_validee_ne_s_annule_plus",
    ),
    _borne(
        "le grand livre a changé sans périmer", CAMPAGNES,
        "(derniers[ligne.contrat_id], derniere) == (ligne.dernier_evenement, ligne.derniere_ecriture)",
        "derniers[ligne.contrat_id] == ligne.dernier_evenement",
        "test_un_grand_livre_qui_a_change_ecarte_la_ligne",
    ),
    _borne(
        "un valideur propose", CAMPAGNES, 'reserver(acteur, caisse_id, PROPOSENT, "proposer une campagne")',
        'reserver(acteur, caisse_id, (*PROPOSENT, *VALIDENT), "proposer une campagne")',
        "test_une_campagne_se_propose_un_mois_d_avance_au_plus_et_par_qui_propose",
    ),
    _borne(
        "une campagne des années à l'avance", CAMPAGNES,
        "if date > timezone.localdate(quand) + datetime.timedelta(days=DELAI_MAXIMAL):", "if False:",
        "test_une_campagne_se_propose_un_mois_d_avance_au_plus_et_par_qui_propose",
    ),
    _borne(
        "une exécution dans le passé", CAMPAGNES, "return max(campagne.date, timezone.localdate(quand))",
        "return campagne.date", "test_un_virement_ne_s_execute_pas_dans_le_passe",
    ),
    _borne(
        "une ligne écartée sans motif", CAMPAGNES,
        "« proposée » attendue\")\n    if not motif.strip():", "« proposée » attendue\")\n    if False:",
        "test_une_ligne_s_ecarte_par_un_motif_ecrit",
    ),
    # -- the life of a contract
    _borne(
        "pas de préavis", CYCLE, "effet is not None and demande.date_effet < effet and",
        "False and effet is not None and", "test_le_medecin_qui_resilie_doit_le_preavis",
    ),
    _borne(
        "un préavis d'un jour de moins", CYCLE, "demande.date_effet < effet and",
        "demande.date_effet < effet - datetime.timedelta(days=1) and", "test_le_medecin_qui_resilie_doit_le_preavis",
    ),
    _borne(
        "le terme constaté le jour même", CYCLE,
        "fin = demande.contrat.date_fin\n    if fin is None or fin >= demande.jour:",
        "fin = demande.contrat.date_fin\n    if fin is None or fin > demande.jour:",
        "test_le_terme_se_constate_le_lendemain",
    ),
    _borne(
        "un début sans compte bancaire", CYCLE, "if compte_de(demande.contrat) is None:", "if False:",
        "test_un_contrat_ne_commence_pas_sans_compte_ni_piece_acceptee",
    ),
    _borne(
        "une pièce refusée compte", CYCLE, "pieces.filter(etat=EtatPiece.ACCEPTEE, nature__in=natures)",
        "pieces.filter(nature__in=natures)", "test_un_contrat_ne_commence_pas_sans_compte_ni_piece_acceptee",
    ),
    _borne(
        "une reprise sans personne", CYCLE,
        "if not demande.contrat.embauches.filter(date_fin=None).exists():\n        yield \"reprise",
        "if False:\n        yield \"reprise",
        "test_on_reprend_avec_quelqu_un_et_pas_avant_d_avoir_suspendu",
    ),
    _borne(
        "une reprise avant la suspension", CYCLE, "    if demande.date_effet < debut:", "    if False:",
        "test_on_reprend_avec_quelqu_un_et_pas_avant_d_avoir_suspendu",
    ),
    Mutant(
        "deux contrats le même jour", f"{DOSSIERS}/garde_fous.py",
        '"AND autre.id IS NOT NEW.id AND autre.debut <= NEW.fin AND NEW.debut <= autre.fin) "',
        '"AND autre.id IS NOT NEW.id AND autre.debut < NEW.fin AND NEW.debut < autre.fin) "',
        (f"{BORNES}::test_deux_contrats_ne_partagent_pas_un_jour",), a_part=True,
    ),
    _borne(
        "la suspension court le jour de la reprise", "contrats/etat.py",
        "veille = fait.date_effet - datetime.timedelta(days=1)", "veille = fait.date_effet",
        "test_le_dernier_jour_suspendu_est_la_veille_de_la_reprise",
    ),
    # -- access
    Mutant(
        "un rôle retiré ouvre encore", "binome/site/comptes/acces.py",
        "filter(utilisateur=requete.user.pk, active=True)", "filter(utilisateur=requete.user.pk)",
        ("tests/site/caisse/test_acces.py::test_un_role_retire_n_ouvre_plus_rien",),
    ),
    Mutant(
        "la clé de session reste à un changement de rôle", "binome/site/comptes/sessions.py",
        "requete.session.cycle_key()", "pass",
        ("tests/site/comptes/test_sessions.py::test_choisir_un_role_garde_la_session_dans_la_liste",),
    ),
    # -- documents
    _borne(
        "un document altéré est servi", PIECES, "if hashlib.sha256(octets).hexdigest() != piece.sha256:", "if False:",
        "test_un_document_altere_n_est_pas_servi",
    ),
    _borne(
        "une pièce contrôlée deux fois", PIECES, "if piece.etat != EtatPiece.RECUE:", "if False:",
        "test_une_piece_se_controle_une_fois_et_par_la_caisse",
    ),
    _borne(
        "un médecin accepte sa pièce", PIECES, "if acceptee and acteur.role not in AGENTS:", "if False:",
        "test_une_piece_se_controle_une_fois_et_par_la_caisse",
    ),
    _borne(
        "un médecin contrôle sa pièce", PIECES,
        'reserver(acteur, piece.caisse_id, AGENTS, "contrôle d\'une pièce")', "pass",
        "test_une_piece_se_controle_une_fois_et_par_la_caisse",
    ),
    # -- the rest
    Mutant(
        "adultes et enfants ne font pas le total", "binome/simulation/modele/coherence.py",
        "lambda total, adultes, enfants: adultes + enfants != total,", "lambda total, adultes, enfants: False,",
        (f"{RELEVES}::test_adultes_et_enfants_font_le_total",),
    ),
    _borne(
        "un effacement avant l'heure", "exploitation/donnees_personnelles.py",
        "limite = _annees_avant(jour, REGISTRE[0].annees)", "limite = _annees_avant(jour, REGISTRE[0].annees - 1)",
        "test_un_brouillon_et_un_contrat_vivant_ne_s_effacent_pas",
    ),
    _borne(
        "un effacement malgré un brouillon", "exploitation/donnees_personnelles.py",
        "contrats__statut__in=(Statut.BROUILLON, Statut.A_SIGNER)", "contrats__statut__in=(Statut.A_SIGNER,)",
        "test_un_brouillon_et_un_contrat_vivant_ne_s_effacent_pas",
    ),
    Mutant(
        "un courriel repris sans fin", f"{DOSSIERS}/echanges/boite_d_envoi.py",
        "elif courriel.essais > len(delais()):", "elif False:",
        ("tests/dossiers/test_envois_simultanes.py::test_ce_qui_tue_chaque_envoyeur_finit_par_etre_abandonne",),
    ),
    Mutant(
        "une panne inattendue arrête la tournée", f"{DOSSIERS}/echanges/boite_d_envoi.py",
        "except Exception as erreur:  # whatever", "except OSError as erreur:  # whatever",
        ("tests/dossiers/test_boite_d_envoi.py::test_toute_faute_compte_meme_celle_qu_on_n_attend_pas",),
    ),
    Mutant(
        "une restauration sans comparaison", f"{DOSSIERS}/exploitation/sauvegarde.py", "    if ecarts:",
        "    if False:", ("tests/dossiers/test_sauvegarde.py::test_des_valeurs_qui_manquent_sont_dites",), a_part=True,
    ),
    Mutant(
        "la sauvegarde d'un autre moteur", f"{DOSSIERS}/exploitation/sauvegarde.py",
        'if manifeste["moteur"] not in (connection.vendor, "sqlite"):', "if False:",
        ("tests/dossiers/test_sauvegarde.py::test_la_sauvegarde_d_un_autre_moteur_est_refusee",),
    ),
    Mutant(
        "toute année est supposée", "binome/simulation/reponse/annees.py", "projection=projection,",
        "projection=True,", ("tests/simulation/test_annees.py::test_une_annee_supposee_est_marquee_et_elle_seule",),
    ),
    Mutant(
        "une année interrompue ne se dit pas", "binome/simulation/mots/phrases.py",
        "interrompue = 0 < jours_dus < jours", "interrompue = False",
        ("tests/simulation/test_annees.py::test_une_annee_interrompue_dit_combien_de_jours_sont_dus",),
    ),
    Mutant(
        "un versement régularisé ne se dit pas", "binome/simulation/reponse/annees.py",
        'libelle=f"{libelle}, après régularisation" if interrompue else libelle,', "libelle=libelle,",
        ("tests/simulation/test_annees.py::test_une_annee_interrompue_dit_combien_de_jours_sont_dus",),
    ),
)  # fmt: skip


def _places(source: str, chemin: Path) -> dict[tuple[str, int], types.CodeType]:
    """The code of each function by its name and its rank among those of that name: a module has many lambdas."""
    rangs: Counter[str] = Counter()
    places = {}
    for code in _codes(compile(source, str(chemin), "exec")):
        places[code.co_qualname, rangs[code.co_qualname]] = code
        rangs[code.co_qualname] += 1
    return places


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constante in code.co_consts:
        if isinstance(constante, types.CodeType):
            yield from _codes(constante)


def changements(mutant: Mutant) -> dict[types.CodeType, types.CodeType]:
    """The code of the functions that a fault changes, and what it becomes."""
    chemin = RACINE / mutant.fichier
    # Optimized and future flags of the module are its own; places of functions tell which code replaces which.
    avant, apres = _places(chemin.read_text(encoding="utf-8"), chemin), _places(mutant.source(), chemin)
    return {
        avant[place]: code
        for place, code in apres.items()
        if place[0] != "<module>" and place in avant and code != avant[place]
    }


@contextmanager
def fautif(mutant: Mutant) -> Iterator[None]:
    """The functions of the loaded module, with the fault. Raises ValueError when no function holds the text."""
    chemin, changes = RACINE / mutant.fichier, changements(mutant)
    touchees = [
        fonction
        for fonction in gc.get_objects()
        if type(fonction) is types.FunctionType  # `isinstance` would ask lazy objects what they are
        and fonction.__code__.co_filename == str(chemin)
        and fonction.__code__ in changes
    ]
    if not touchees:
        raise ValueError(f"{mutant.nom} : rien de chargé ne change dans {mutant.fichier}")
    justes = [(fonction, fonction.__code__) for fonction in touchees]
    try:
        for fonction in touchees:
            fonction.__code__ = changes[fonction.__code__]
        yield
    finally:
        for fonction, code in justes:
            fonction.__code__ = code


@dataclass
class Essais:
    """A pytest session in which each test named runs without the fault, then with it."""

    mutants: Sequence[Mutant]
    vus: list[str] = field(default_factory=list)
    survivants: list[str] = field(default_factory=list)
    fautes: list[str] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the faults instead of the tests."""
        par_noeud: dict[str, list[pytest.Item]] = {}
        for item in session.items:
            par_noeud.setdefault(item.nodeid.partition("[")[0], []).append(item)
        for mutant in self.mutants:
            items = [item for noeud in mutant.tests for item in par_noeud.get(noeud, [])]
            try:
                if not items or any(_echoue(session, item) for item in items):
                    self.fautes.append(f"{mutant.nom} : ses tests manquent, ou échouent sans lui")
                    continue
                self._juger(mutant, any(_echoue_avec(session, mutant, item) for item in items))
            except (ValueError, SyntaxError) as erreur:
                self.fautes.append(f"{mutant.nom} : {erreur}")
        return True

    def _juger(self, mutant: Mutant, vu: bool) -> None:
        (self.vus if vu else self.survivants).append(mutant.nom)
        print(f"{'vu' if vu else 'SURVIT':>8}  {mutant.nom}", flush=True)


def _echoue(session: pytest.Session, item: pytest.Item) -> bool:
    # What comes next is the session itself: what a module prepares is undone, the database stays.
    suite: Any = session
    return any(rapport.failed for rapport in runtestprotocol(item, log=False, nextitem=suite))


def _echoue_avec(session: pytest.Session, mutant: Mutant, item: pytest.Item) -> bool:
    if not mutant.a_part:
        with fautif(mutant):
            return _echoue(session, item)
    from tests.contribuer import copie

    with tempfile.TemporaryDirectory() as dossier:
        racine = copie.copier(Path(dossier) / "depot")
        fautif_ici = racine / mutant.fichier
        # The copy is made of links: the file is made anew, the repository's stays.
        fautif_ici.unlink()
        fautif_ici.write_text(mutant.source(), encoding="utf-8")
        juste, _ = copie.lancer(racine, [item.nodeid])
        return not juste


def principal() -> int:
    """Run every fault, or those whose name holds a word of the command line."""
    mots = sys.argv[1:]
    mutants = [m for m in MUTANTS if not mots or any(mot in m.nom for mot in mots)]
    essais = Essais(mutants)
    noeuds = sorted({noeud for mutant in mutants for noeud in mutant.tests})
    options = ["-n", "0", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "", "--no-summary"]
    pytest.main([*options, *noeuds], plugins=[essais])
    for faute in essais.fautes:
        print(f"   FAUTE  {faute}")
    nombre = len(essais.vus) + len(essais.survivants)
    print(f"{len(essais.vus)} fautes vues sur {nombre} ({len(essais.vus) * 100 // max(nombre, 1)} %)")
    return 2 if essais.fautes or not nombre else 1 if essais.survivants else 0


if __name__ == "__main__":
    sys.exit(principal())
