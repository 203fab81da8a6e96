"""From a `Situation` to its `Resultat`."""

from __future__ import annotations

import datetime
import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from binome import francais
from binome.simulation.cout import postes
from binome.simulation.cout.chiffrage import chiffrer
from binome.simulation.jour import aujourd_hui
from binome.simulation.modele.cout import Cout
from binome.simulation.modele.erreurs import BinomeErreur, FigureInconnue, SituationInvalide
from binome.simulation.modele.nomenclatures import INDICATEURS, NomOption
from binome.simulation.modele.resultat import (
    Annee,
    Bande,
    Explication,
    Hypothese,
    Objectif,
    Option,
    PointOuvert,
    Resultat,
)
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.explications import (
    Figure,
    certitude_en_mots,
    en_hypothese,
    expliquer,
    lectures_fragiles,
    lectures_utilisees,
)
from binome.simulation.moteur.lignes import OPTIONS, Lancee, en_valeur_de_loi, lancer, propre_a_l_option
from binome.simulation.moteur.systeme import annees_du_contrat, apports_avec, apports_du_processus, systeme
from binome.simulation.moteur.variantes import Variante
from binome.simulation.moteur.version import version_du_calcul
from binome.simulation.reponse import annees, conditions, echeances, lectures
from binome.simulation.reponse.controles import (
    controler,
    controler_apres_calcul,
    option_fermee,
    sans_resultats_posterieurs,
)
from binome.simulation.reponse.echeances import FIN_ANTICIPEE
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.apports import Apports
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import Bande as BandeLoi
from openfisca_assistants_medicaux.nomenclatures import Regime
from openfisca_assistants_medicaux.variables.eligibilite.synthese import CONDITIONS_DU_MEDECIN, CONDITIONS_DU_PROJET
from openfisca_assistants_medicaux.variables.options import CONDITIONS_DE_L_OPTION


class Simulation:
    """A situation, its run of the law, and the way from a figure's name to its explanation."""

    def __init__(
        self, situation: Situation, date: datetime.date | None = None, distributions: Sequence[str] = ()
    ) -> None:
        """Run the law once. Raises SituationInvalide, with every fault, when the situation cannot be judged."""
        self._preparer(situation, date, apports_avec(distributions))
        self._recevoir(lancer(self.loi, [self.situation], self.date)[0])

    @classmethod
    def ensemble(
        cls, situations: Iterable[Situation], date: datetime.date | None = None
    ) -> list[Simulation | BinomeErreur]:
        """The simulation of each situation, or what refuses it; the law runs once for all those of a same day."""
        rendues: list[Simulation | BinomeErreur] = []
        du_jour: defaultdict[datetime.date, list[int]] = defaultdict(list)
        apports = apports_du_processus()
        for rang, situation in enumerate(situations):
            simulation = cls.__new__(cls)
            try:
                simulation._preparer(situation, date, apports)
            except BinomeErreur as refus:
                rendues.append(refus)
            else:
                rendues.append(simulation)
                du_jour[simulation.date].append(rang)
        for jour, rangs in du_jour.items():
            preparees = [rendue for rang in rangs if isinstance(rendue := rendues[rang], Simulation)]
            lancees = lancer(systeme(apports), [simulation.situation for simulation in preparees], jour)
            for rang, simulation, lancee in zip(rangs, preparees, lancees, strict=True):
                try:
                    simulation._recevoir(lancee)
                except BinomeErreur as refus:
                    rendues[rang] = refus
        return rendues

    def _preparer(self, situation: Situation, date: datetime.date | None, apports: Apports) -> None:
        """What comes before the run. Raises SituationInvalide."""
        #: What is added to the law: what the process says, then the files given.
        self.apports = apports
        self.loi: Any = systeme(apports)
        actuelle = situation.date_appreciation or aujourd_hui()
        self.date = date or actuelle
        controler(self.loi, situation, self.date)
        #: Years whose recorded result was not known yet at the date of a replay, and is therefore left out.
        self.annees_ignorees: tuple[int, ...] = ()
        if self.date < actuelle:
            situation, self.annees_ignorees = sans_resultats_posterieurs(situation, self.date)
        self.situation = situation
        self.collectif = situation.groupe is not None
        self.options = () if self.collectif else OPTIONS
        choisie = None if situation.contrat is None else situation.contrat.option
        #: Rank of the chosen option; None when an individual situation chose none.
        self.rang_choisi: int | None = 0 if self.collectif else None if choisie is None else OPTIONS.index(choisie)

    def _recevoir(self, lancee: Lancee) -> None:
        """The situation's own rows of a run. Raises SituationInvalide, for what only the run tells."""
        self.calcul: Calcul = lancee.calcul
        #: First row of the situation in the run; one by option.
        self.premiere = lancee.premiere
        #: Rows that try the other reading of the open points.
        self.variantes = lancee.variantes
        self._dites = lancee.dites
        #: Targets already told, by row: several parts of the answer speak of them.
        self._objectifs_connus: dict[int, tuple[Objectif, ...]] = {}
        controler_apres_calcul(self.calcul, self.situation, self.ligne)

    @property
    def ligne(self) -> int:
        """The row that speaks for what does not depend on the option."""
        return self.premiere + (self.rang_choisi or 0)

    @property
    def ligne_choisie(self) -> int | None:
        """The row of the chosen option; None when an individual situation chose none."""
        return None if self.rang_choisi is None else self.premiere + self.rang_choisi

    @property
    def lignes(self) -> Mapping[int, str]:
        """The option of each row; nothing for a group."""
        return dict(enumerate(self.options, start=self.premiere))

    def pour_signer(self) -> Simulation:
        """Itself, where its contract can be signed. Raises SituationInvalide when its option is closed on its day."""
        fermee = option_fermee(self.calcul, self.situation, self.premiere)
        if fermee is not None:
            raise SituationInvalide([fermee])
        return self

    def avec_option(self, option: NomOption) -> Simulation:
        """The same situation with this option chosen, of the same run of the law: every option has its rows there.

        The law runs again only where the choice changes what it reads. Raises SituationInvalide.
        """
        contrat = self.situation.contrat
        assert contrat is not None  # noqa: S101 - a group has no option
        situation = self.situation.model_copy(update={"contrat": contrat.model_copy(update={"option": option})})
        choisie = Simulation.__new__(Simulation)
        choisie._preparer(situation, self.date, self.apports)
        if any(map(propre_a_l_option, self._dites)):
            lancee = lancer(self.loi, [situation], self.date)[0]
        else:
            dites = {**self._dites, "option": en_valeur_de_loi(self.loi, "option", option)}
            lancee = Lancee(self.calcul, self.premiere, self.variantes, dites)
        choisie._recevoir(lancee)
        return choisie

    def annees_retenues(self) -> tuple[Annee, ...]:
        """The years of the option chosen, or of the group; none once the answer is no, or without an option."""
        calcul, ligne = self.calcul, self.ligne
        if self.rang_choisi is None or calcul.membre("eligible", ligne).name == "non":
            return ()
        if not self.collectif and calcul.membre("option_ouverte", ligne).name == "non":
            return ()
        return annees.lister(calcul, ligne, self.situation)

    def objectifs(self) -> tuple[Objectif, ...]:
        """The targets of the option chosen (of the first one when none is), or of the group."""
        return self._objectifs(self.ligne)

    def options_non_refusees(self) -> tuple[str, ...]:
        """The options that may still be signed, in order; none for a group, nor once the answer is no."""
        calcul = self.calcul
        if self.collectif or calcul.membre("eligible", self.ligne).name == "non":
            return ()
        return tuple(o for ligne, o in self.lignes.items() if calcul.membre("option_ouverte", ligne).name != "non")

    def resultat(self) -> Resultat:
        """The whole answer."""
        calcul, ligne = self.calcul, self.ligne
        regime: Regime = calcul.membre("regime", ligne)
        options = tuple(self._option(rang, nom) for rang, nom in self.lignes.items())
        choisie = options[self.rang_choisi] if options and self.rang_choisi is not None else None
        du_groupe = annees.lister(calcul, ligne, self.situation) if self.collectif else ()
        verdict = conditions.verdict(
            calcul, ligne, CONDITIONS_DU_MEDECIN + CONDITIONS_DU_PROJET, self.situation, choisie=choisie is not None
        )
        refuse = verdict.eligible == "non"
        annees_choisies = () if refuse else (du_groupe if choisie is None else choisie.annees)
        objectifs = self._objectifs(ligne)
        figures = self._figures_du_resultat(ligne, bool(annees_choisies))
        hypotheses = self._hypotheses(figures)
        cout = self._cout(options, annees_choisies)
        return Resultat(
            version=version_du_calcul(self.apports),
            date_appreciation=self.date,
            situation=self.situation,
            valeurs_par_defaut=self.situation.valeurs_par_defaut(),
            dispositif="collectif" if self.collectif else "individuel",
            regime=regime.name,
            regime_libelle=str(regime.value),
            bascule_possible=calcul.vrai("bascule_possible", ligne),
            beneficiaire=str(calcul.membre("beneficiaire", ligne).value),
            plafond_etp=self._plafond_etp(),
            verdict=verdict,
            bande=None if self.collectif else self._bande(ligne),
            objectifs=objectifs,
            options=options,
            annees=annees_choisies,
            total_cinq_ans=annees.total(annees_choisies),
            total_au_plus=any(annee.au_plus for annee in annees_choisies),
            lectures=self._lectures(),
            echeances=() if refuse else echeances.lister(calcul, ligne),
            hypotheses=hypotheses,
            valeurs_de_la_caisse=self._valeurs_de_la_caisse(figures),
            cout=cout,
            messages=self._messages(choisie, cout),
            certitude=min((calcul.certitudes(*figure) for figure in figures), default=Certitude.texte).name,
        )

    def _plafond_etp(self) -> float | None:
        plafond = float(self.calcul.colonne("plafond_etp")[self.ligne]) if self.collectif else 0.0
        return plafond or None

    def _lectures(self) -> tuple[PointOuvert, ...]:
        """The points that the fund settled, then those that stay open and change the answer."""
        nommees = self.lignes
        option = nommees.get(self.ligne) if self.rang_choisi is not None else None
        tranches = lectures.tranches(self.calcul, self._dites, self.situation.date_signature, self.ligne, option)
        return (*tranches, *lectures.lister(self.calcul, self._variantes_montrees(), nommees))

    def _variantes_montrees(self) -> tuple[Variante, ...]:
        """Those of the option chosen; of all the options when none is, or when the one chosen is not open."""
        choisie = self.ligne_choisie
        if choisie is None or self.calcul.membre("option_ouverte", choisie).name == "non":
            return self.variantes
        return tuple(variante for variante in self.variantes if variante.origine == choisie)

    def _cout(self, options: tuple[Option, ...], du_groupe: tuple[Annee, ...]) -> Cout | None:
        """What the assistant costs; None when there is no post to price (no option on offer)."""
        situation, signature = self.situation, self.situation.date_signature
        duree = annees_du_contrat(self.loi)
        if situation.groupe is not None:
            a_chiffrer = postes.du_groupe(situation.groupe.etp_demandes, du_groupe, signature, duree)
        else:
            a_chiffrer = postes.des_options(options, signature, duree)
        if not a_chiffrer:
            return None
        return chiffrer(situation.cout, signature, self.date, a_chiffrer, self._notes_du_cout())

    def _notes_du_cout(self) -> tuple[str, ...]:
        notes = []
        if self._fin_anticipee is not None:
            notes.append("Contrat résilié : la suite est chiffrée comme si l'assistant était gardé, sans aide.")
        employeur, cout = self.situation.employeur, self.situation.cout
        if employeur is not None and employeur.mode.value == "groupement_employeurs" and cout.facture_mensuelle is None:
            notes.append("Groupement d'employeurs : saisissez sa facture, le coût est ici celui d'un emploi direct.")
        return tuple(notes)

    @property
    def _fin_anticipee(self) -> datetime.date | None:
        return self.calcul.date(FIN_ANTICIPEE, self.ligne)

    def _option(self, ligne: int, nom: str) -> Option:
        calcul = self.calcul
        ouverte = str(calcul.membre("option_ouverte", ligne).name)
        heures = calcul.colonne("heures_hebdomadaires")[ligne]
        refusee = ouverte == "non" or calcul.membre("eligible", ligne).name == "non"
        annees_option = () if refusee else annees.lister(calcul, ligne, self.situation)
        return Option(
            option=nom,
            libelle=NomOption(nom).libelle,
            choisie=ligne == self.ligne_choisie,
            ouverte=ouverte,
            conditions=conditions.lister(calcul, ligne, CONDITIONS_DE_L_OPTION, self.situation, utiles=True),
            heures_hebdomadaires=None if heures < 0 else Decimal(float(heures)).quantize(Decimal("0.01")),
            objectifs=() if refusee else self._objectifs(ligne),
            annees=annees_option,
            total_cinq_ans=annees.total(annees_option),
        )

    def _objectifs(self, ligne: int) -> tuple[Objectif, ...]:
        connus = self._objectifs_connus.get(ligne)
        if connus is None:
            connus = self._objectifs_connus[ligne] = self._objectifs_de(ligne)
        return connus

    def _objectifs_de(self, ligne: int) -> tuple[Objectif, ...]:
        suivis = [i for i in INDICATEURS if i != "patientele_mt" or self.calcul.vrai("suit_patientele_mt", ligne)]
        return tuple(self._objectif(ligne, indicateur) for indicateur in suivis)

    def _objectif(self, ligne: int, indicateur: str) -> Objectif:
        calcul = self.calcul
        base = calcul.entier("base_patientele_mt" if indicateur == "patientele_mt" else "file_active", ligne)
        gain = calcul.entier(f"gain_{indicateur}", ligne)
        borne = calcul.entier(f"borne_gain_{indicateur}", ligne)
        cible = calcul.entier(f"cible_{indicateur}", ligne)
        du_contrat = self.ligne_choisie is None or ligne == self.ligne_choisie
        notifie = du_contrat and getattr(self.situation.objectifs_notifies, indicateur) is not None
        certitude = calcul.certitudes(f"gain_{indicateur}", ligne).name
        return Objectif(
            indicateur=indicateur,
            libelle=INDICATEURS[indicateur],
            base=base,
            gain=gain,
            gain_au_plus=borne,
            cible=cible,
            adultes_seuls=indicateur == "patientele_mt" and calcul.vrai("compte_les_adultes_seuls", ligne),
            notifie=notifie,
            origine=calcul.certitudes.origine((f"gain_{indicateur}", ligne)),
            phrase=_phrase_objectif(gain, borne, cible, notifie),
            certitude=None if gain is None and borne is None else certitude,
        )

    def _bande(self, ligne: int) -> Bande:
        calcul = self.calcul
        basse: BandeLoi = calcul.membre("bande_basse", ligne)
        haute: BandeLoi = calcul.membre("bande_haute", ligne)
        notifiee = self.situation.contrat is not None and self.situation.contrat.bande_notifiee is not None
        if notifiee:
            phrase = f"Patientèle située : {basse.value} (bande notifiée par la caisse)."
        elif basse is haute:
            phrase = f"Patientèle située : {basse.value}."
        elif basse is BandeLoi.moins_de_p30 and haute is BandeLoi.p95_plus:
            phrase = "Position non déterminée : demandez votre bande à la CPAM (contrat.bande_notifiee)."
        else:
            phrase = f"Patientèle située entre « {basse.value} » et « {haute.value} » : percentile non publié, estimé."
        certitude = min(calcul.certitudes("bande_basse", ligne), calcul.certitudes("bande_haute", ligne))
        inconnue = notifiee or (basse is BandeLoi.moins_de_p30 and haute is BandeLoi.p95_plus)
        return Bande(
            basse=basse.name,
            haute=haute.name,
            phrase=phrase,
            certitude=None if inconnue else certitude.name,
            origine=None if inconnue else calcul.certitudes.origine(("bande_basse", ligne), ("bande_haute", ligne)),
        )

    def _figures_du_resultat(self, ligne: int, avec_montants: bool) -> list[Figure]:
        calcul = self.calcul
        figures: list[Figure] = [("eligible", ligne)]
        figures += [(f"gain_{o.indicateur}", ligne) for o in self._objectifs(ligne)]
        if avec_montants:
            for rang in range(calcul.annees):
                position = ligne * calcul.annees + rang
                figures += [(nom, position) for nom in annees.FIGURES_D_ARGENT]
        return figures

    def _hypotheses(self, figures: list[Figure]) -> tuple[Hypothese, ...]:
        return tuple(en_hypothese(entree) for entree in lectures_fragiles(self.calcul, figures))

    def _valeurs_de_la_caisse(self, figures: list[Figure]) -> tuple[Hypothese, ...]:
        if not self.apports.valeurs:
            return ()
        lues = lectures_utilisees(self.calcul, figures)
        return tuple(en_hypothese(entree) for entree in lues if entree.origine)

    def _messages(self, choisie: Option | None, cout: Cout | None) -> tuple[str, ...]:
        messages = []
        calcul, ligne, signature = self.calcul, self.ligne, self.situation.date_signature
        if self.loi.inventees:
            messages.append(
                "Des valeurs inventées, pour essai, sont ajoutées à la loi : ce résultat n'engage personne."
            )
        if not self.collectif and choisie is None:
            messages.append("Aucune option choisie : les options sont comparées, sans échéancier de versements.")
        if choisie is not None and choisie.ouverte == "non":
            messages.append(self._option_refusee(choisie))
        if self.date > aujourd_hui():
            messages.append(
                "Date d'appréciation à venir : les règles sont celles connues aujourd'hui, d'autres peuvent suivre."
            )
        if signature > self.date:
            messages.append(
                f"Signature à venir ({francais.date_longue(signature)}) : les règles sont celles connues "
                "à la date d'appréciation."
            )
        fin, resilie = self.calcul.date("date_fin_contrat", self.ligne), self._fin_anticipee
        if fin is not None and (resilie or fin) < self.date:
            quoi = "échu" if resilie is None else "résilié"
            messages.append(
                f"Contrat {quoi} le {francais.date_longue(resilie or fin)} : ce qui suit en est l'histoire."
            )
        if calcul.vrai("embauche_eloignee", ligne) and calcul.date("ancre_des_annees", ligne) == signature:
            suivante = calcul.date("debut_annuite", ligne * calcul.annees + 1)
            messages.append(
                "L'assistant est embauché longtemps après la signature : les années se comptent de la signature, "
                f"la deuxième commence le {francais.date_longue(suivante or signature)}."
            )
        if cout is None:
            messages.append("Aucune option n'est ouverte : le coût de l'assistant n'est pas chiffré.")
        if self.annees_ignorees:
            rangs = francais.enumeration([str(annee) for annee in self.annees_ignorees])
            messages.append(f"Résultats non connus à cette date, laissés de côté : année(s) {rangs}.")
        messages += self._renouvellement()
        messages += self._donnees_manquantes()
        employeur = self.situation.employeur
        if employeur is not None and employeur.mode.value != "direct" and not self.collectif:
            messages.append("L'aide est versée au médecin, même si l'employeur de l'assistant est un tiers.")
        return tuple(messages)

    def _option_refusee(self, choisie: Option) -> str:
        """The option chosen is not for this contract: since when it is signed, or for its own conditions."""
        if option_fermee(self.calcul, self.situation, self.premiere) is None:
            return f"L'option {choisie.libelle} n'est pas ouverte : voir ses conditions."
        signature = francais.date_longue(self.situation.date_signature)
        restent = francais.enumeration([NomOption(nom).libelle for nom in self.options_non_refusees()])
        suite = f" ; restent, comparées : {restent}" if restent else ""
        return f"L'option {choisie.libelle} n'est pas ouverte aux contrats signés le {signature}{suite}."

    def _renouvellement(self) -> list[str]:
        """What the end of the contract asks, said in its last year, and to whoever renews."""
        calcul, ligne = self.calcul, self.ligne
        if calcul.membre("renouvellement_par_accord_expres", ligne).name != "oui":
            return []
        certitude = certitude_en_mots(calcul.certitudes("renouvellement_par_accord_expres", ligne).name)
        accord = f"accord exprès du médecin et de la caisse, rien ne se renouvelle tacitement ({certitude})"
        contrat = self.situation.contrat
        if contrat is not None and contrat.renouvellement:
            return [f"Renouvellement : {accord}."]
        fin, derniere = (
            calcul.date("date_fin_contrat", ligne),
            calcul.date("debut_annuite", (ligne + 1) * calcul.annees - 1),
        )
        if fin is None or derniere is None or self._fin_anticipee is not None or not derniere <= self.date <= fin:
            return []
        return [f"Le contrat finit le {francais.date_longue(fin)}. Renouvellement : {accord}."]

    def _donnees_manquantes(self) -> list[str]:
        """What was left out or set aside, and weighs on the answer."""
        calcul, ligne, contrat = self.calcul, self.ligne, self.situation.contrat
        messages = [message for message, dire in self._cas_a_part() if dire]
        messages += conditions.zone_donnee(calcul, range(len(self.options)), self.situation)
        for objectif in self._objectifs(ligne):
            if objectif.base is None and (contrat is None or contrat.bande_notifiee is None):
                messages.append(f"{objectif.libelle} non renseignée : la position nationale est jugée sans elle.")
            base, cible = objectif.base, objectif.cible
            if objectif.notifie and base is not None and cible is not None and cible < base:
                messages.append(f"{objectif.libelle} : l'objectif notifié est inférieur au niveau de départ.")
        if contrat is not None and contrat.date_bascule is not None and not calcul.vrai("bascule_admise", ligne):
            messages.append("La bascule demandée est sans effet : elle ne s'ouvre ni à ce régime ni à cette date.")
        return messages

    def _cas_a_part(self) -> list[tuple[str, bool]]:
        """What the texts read leave to the fund, for doctors that they treat apart: (message, is it to be said)."""
        calcul, ligne, medecin = self.calcul, self.ligne, self.situation.medecin
        if self.collectif or medecin is None:
            return []
        bande_inconnue = not calcul.membre("bande_notifiee", ligne).index
        handicap = medecin.rqth_ald and calcul.certitudes("proportion_du_montant", ligne * calcul.annees)
        return [
            (
                "MEP : les seuils et percentiles publiés ne valent pas pour vous ; demandez votre bande à la CPAM "
                "(contrat.bande_notifiee).",
                bande_inconnue and calcul.vrai("percentiles_inapplicables", ligne),
            ),
            (
                "RQTH ou ALD : contrat aménagé, contenu inconnu ; montants de droit commun, estimés ; objectif à fixer "
                "avec la CPAM.",
                handicap is Certitude.hypothese,
            ),
        ]

    # -- explanations -------------------------------------------------------------------------------------------

    def figures(self) -> dict[str, Figure]:
        """Every figure of the result that can be explained, by its name."""
        calcul, ligne = self.calcul, self.ligne
        figures: dict[str, Figure] = {"eligible": ("eligible", ligne), "regime": ("regime", ligne)}
        for condition in CONDITIONS_DU_MEDECIN + CONDITIONS_DU_PROJET:
            figures[condition] = (condition, ligne)
        if self.collectif:
            figures["plafond_etp"] = ("plafond_etp", ligne)
        for nom in ("seuil_activite", "patients_manquants", "bande_basse", "bande_haute"):
            figures[nom] = (nom, ligne)
        for indicateur in INDICATEURS:
            for champ in ("gain", "borne_gain", "cible"):
                figures[f"objectifs.{indicateur}.{champ}"] = (f"{champ}_{indicateur}", ligne)
        for nom in (*(fiche.nom for fiche in registre.echeances().du_contrat), FIN_ANTICIPEE):
            figures[f"echeances.{nom}"] = (nom, ligne)
        lignes = {"annees": ligne} | {f"options.{o}.annees": rang for rang, o in self.lignes.items()}
        for prefixe, autre in lignes.items():
            for rang in range(calcul.annees):
                for champ in FIGURES_DE_L_ANNEE:
                    figures[f"{prefixe}.{rang + 1}.{champ}"] = (champ, autre * calcul.annees + rang)
        return figures

    def expliquer(self, nom: str) -> Explication:
        """The chain that made a figure. Raises FigureInconnue, with the nearest names."""
        figures = self.figures()
        if nom not in figures:
            raise FigureInconnue(_figure_inconnue(nom, list(figures)))
        variable, ligne = figures[nom]
        self.calcul.colonne(variable)
        explication = expliquer(self.calcul, (variable, ligne))
        return explication.model_copy(update={"version": version_du_calcul(self.apports)})


FIGURES_DE_L_ANNEE = (
    "montant_maximal",
    "montant_maximal_bas",
    "montant_maximal_haut",
    "taux_modulation",
    "montant_du",
    "montant_prevu",
    "versement_1_montant",
    "versement_2_montant",
    "versement_1_date",
    "versement_2_date",
    "statut_patientele_mt",
    "statut_file_active",
    "debut_annuite",
    "releve_evaluation",
    "date_evaluation",
    "jours_dus",
)


def simuler(situation: Situation, date: datetime.date | None = None, distributions: Sequence[str] = ()) -> Resultat:
    """The result of a situation at a date d'appréciation (default: the situation's, else today).

    Raises SituationInvalide when the situation cannot be judged at all (signed before the scheme existed, results for
    a year not reached). An option that is not open on its day is answered so, beside those that are.
    """
    return Simulation(situation, date, distributions).resultat()


def _phrase_objectif(gain: int | None, borne: int | None, cible: int | None, notifie: bool) -> str:
    if gain == 0:
        texte = "maintien de la patientèle de départ"
    elif gain is not None:
        suite = "" if cible is None else f", pour atteindre {francais.nombre(cible)}"
        texte = f"{francais.pluriel(gain, 'patient')} de plus{suite}"
    elif borne is not None:
        texte = (
            f"non déterminé : au plus {francais.pluriel(borne, 'patient')} de plus ; "
            "saisissez l'objectif notifié par la CPAM (objectifs_notifies)"
        )
    else:
        texte = "non déterminé : saisissez l'objectif notifié par la CPAM (objectifs_notifies)"
    return f"{texte} (notifié par la caisse)" if notifie else texte


def _figure_inconnue(nom: str, connues: list[str]) -> str:
    proches = difflib.get_close_matches(nom, connues, n=4, cutoff=0.5)
    indice = f" ; proches : {', '.join(proches)}" if proches else ""
    return f"figure « {nom} » inconnue{indice}"
