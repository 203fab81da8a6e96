"""What a reader may ask of the rules: a date, words, a topic, a certainty; or two dates to compare."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from binome import francais
from binome.simulation.parametres import THEMES, Changement, Parametre, comparer, en_vigueur
from binome.site.guide.loi import dates_d_effet, parametres_du
from binome.site.socle.saisies import Jour
from binome.tableaux import cellules
from openfisca_assistants_medicaux.certitude import Certitude

#: A technical bound, against typing errors.
LONGUEUR = 200
#: How a value that nobody could read is asked for.
INCONNUE = "inconnue"

Choix = list[tuple[str, str]]
THEMES_AU_CHOIX: Choix = [("", "Tous les thèmes"), *THEMES.items()]
CERTITUDES_AU_CHOIX: Choix = [
    ("", "Toutes"),
    *((c.name, c.en_mots[0].upper() + c.en_mots[1:]) for c in sorted(Certitude, reverse=True)),
    (INCONNUE, "Valeur inconnue"),
]


@dataclass(frozen=True)
class FauteDeChamp:
    """One fault, tied to its field (see composants/erreurs.html)."""

    ancre: str
    libelle: str
    message: str


class ChampDate(Jour):
    """A date of any century; a blank one is `defaut`."""

    def __init__(self, label: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False)

    def lire(self, texte: str) -> datetime.date:
        """The day, however far."""
        return cellules.date(texte)


class ChampChoix(forms.ChoiceField):
    """A closed list."""

    def __init__(self, label: str, choix: Choix) -> None:
        super().__init__(label=label, choices=choix, required=False)

    def validate(self, value: Any) -> None:
        """Refuses what is not in the list, naming it."""
        if value and not self.valid_value(value):
            attendus = ", ".join(nom for nom, _ in self.choices if nom)  # type: ignore[union-attr,misc]
            raise ValidationError(f"« {_court(value)} » n’existe pas ; attendu : {attendus}")


class ChampMots(forms.CharField):
    """Words to find."""

    def __init__(self) -> None:
        super().__init__(
            label="Chercher dans les règles",
            help_text="Un mot ou plusieurs, avec ou sans accents : « préavis », « montant », « CQP »…",
            required=False,
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        )

    def validate(self, value: Any) -> None:
        """Refuses a text too long to be words."""
        if len(value) > LONGUEUR:
            raise ValidationError(f"« {_court(value)} » compte {len(value)} caractères ; attendu : {LONGUEUR} au plus")


class DemandeDeRecherche(forms.Form):
    """What the two pages of the rules share."""

    def fautes(self) -> tuple[FauteDeChamp, ...]:
        """The faults of the form, for the summary."""
        return tuple(
            FauteDeChamp(self[nom].id_for_label, str(self[nom].label), str(message))
            for nom, messages in self.errors.items()
            if nom in self.fields
            for message in messages
        )


class Filtre(DemandeDeRecherche):
    """Which rules to show."""

    recherche = ChampMots()
    date = ChampDate("En vigueur le", help_text="Vide : aujourd’hui.")
    theme = ChampChoix("Thème", THEMES_AU_CHOIX)
    certitude = ChampChoix("Certitude", CERTITUDES_AU_CHOIX)

    @property
    def jour(self) -> datetime.date:
        """The day asked for; today when none was."""
        return self.cleaned_data.get("date") or timezone.localdate()

    def trouver(self) -> tuple[Parametre, ...]:
        """The rules that answer."""
        mots, theme, certitude = (self.cleaned_data.get(nom, "") for nom in ("recherche", "theme", "certitude"))
        regles = en_vigueur(self.jour, mots) if mots else tuple(parametres_du(self.jour).values())
        return tuple(
            regle
            for regle in regles
            if (not theme or regle.theme == theme) and (not certitude or (regle.certitude or INCONNUE) == certitude)
        )


class Comparaison(DemandeDeRecherche):
    """Which two days to compare."""

    avant = ChampDate("Entre le")
    apres = ChampDate("et le")
    recherche = ChampMots()

    def clean(self) -> dict[str, Any]:
        """Days left blank are today, and the eve of the last change of rules before it."""
        donnees = super().clean() or self.cleaned_data
        if self.errors:
            return donnees
        aujourd_hui = timezone.localdate()
        apres = donnees.get("apres") or max(aujourd_hui, donnees.get("avant") or aujourd_hui)
        avant = donnees.get("avant") or _veille_du_dernier_regime(apres)
        if avant > apres:
            self.add_error(
                "apres",
                f"« {francais.date_courte(apres)} » précède la première date ; attendu : une date à partir du "
                f"{francais.date_courte(avant)}",
            )
        donnees["avant"], donnees["apres"] = avant, apres
        return donnees

    def trouver(self) -> tuple[Changement, ...]:
        """What differs between the two days."""
        donnees = self.cleaned_data
        return comparer(donnees["avant"], donnees["apres"], donnees.get("recherche", ""))


def _veille_du_dernier_regime(date: datetime.date) -> datetime.date:
    """The eve of the day on which the rules in force on a day began; that day itself before any rule."""
    regime = parametres_du(date).get("regimes.regime")
    return (regime.depuis if regime else min(dates_d_effet()[0], date)) - datetime.timedelta(days=1)


def _court(valeur: object) -> str:
    texte = str(valeur)
    return texte if len(texte) <= 60 else texte[:57] + "…"
