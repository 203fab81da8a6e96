"""Every form of the site reads dates, numbers, amounts and shares by the house's grammar of cells."""

from __future__ import annotations

import ast
import datetime
import importlib
import pkgutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

import binome.site
from binome.dossiers.models import Caisse, Medecin, Utilisateur
from binome.simulation import PART_ENTIERE
from binome.site.caisse.medecins import FicheMedecin
from binome.site.socle.saisies import Courriel, Euros, Heures, Jour, Part, Saisie

#: Django's own grammar: « 01/09/26 » is a date there, « 1 200 » is no number, « a@localhost » is an address.
DE_DJANGO = (
    forms.DateField, forms.DateTimeField, forms.TimeField, forms.DurationField, forms.IntegerField, forms.FloatField,
    forms.DecimalField, forms.EmailField,
)  # fmt: skip
RACINE = Path(binome.site.__file__).parent


def formulaires(racine: type[forms.BaseForm] = forms.BaseForm) -> set[type[forms.BaseForm]]:
    """Every form of the site: all its modules read."""
    for module in pkgutil.walk_packages(binome.site.__path__, "binome.site."):
        importlib.import_module(module.name)
    directs = set(racine.__subclasses__())
    tous = directs.union(*(formulaires_sous(forme) for forme in directs)) if directs else directs
    return {forme for forme in tous if forme.__module__.startswith("binome.site.")}


def formulaires_sous(forme: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    return {forme}.union(*(formulaires_sous(sous) for sous in forme.__subclasses__()))


def test_aucun_formulaire_n_a_la_grammaire_de_django() -> None:
    trouves = formulaires()
    assert FicheMedecin in trouves
    assert len(trouves) > 30
    fautifs = {
        f"{forme.__module__}.{forme.__name__}.{nom}"
        for forme in trouves
        for nom, champ in forme.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(champ, DE_DJANGO)
    }
    assert fautifs == set()


def test_aucun_module_n_en_construit_a_la_volee() -> None:
    interdits = {classe.__name__ for classe in DE_DJANGO} | {"NumberInput"}
    fautifs = [
        f"{fichier.relative_to(RACINE)}:{noeud.lineno}"
        for fichier in sorted(RACINE.rglob("*.py"))
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.Attribute)
        and noeud.attr in interdits
        and isinstance(noeud.value, ast.Name)
        and noeud.value.id == "forms"
    ]
    assert fautifs == []


def dates() -> list[Any]:
    return [
        pytest.param(champ, id=f"{forme.__name__}.{nom}")
        for forme in sorted(formulaires(), key=lambda forme: (forme.__module__, forme.__name__))
        for nom, champ in forme.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(champ, Jour)
    ]


@pytest.mark.parametrize("champ", dates())
def test_une_date_se_lit_en_francais_et_en_iso(champ: Jour) -> None:
    for ecrite in ("01/09/2026", "2026-09-01", " 1/9/2026 ", "01.09.2026"):
        assert champ.clean(ecrite) == datetime.date(2026, 9, 1)
    for ecrite, attendu in {
        "01/09/26": "« 01/09/26 » refusé ; année sur deux chiffres ; « 01/09/2026 »",
        "31/02/2026": "JJ/MM/AAAA ou AAAA-MM-JJ",
        "Sep 1 2026": "JJ/MM/AAAA ou AAAA-MM-JJ",
    }.items():
        with pytest.raises(ValidationError) as refus:
            champ.clean(ecrite)
        assert attendu in refus.value.messages[0]


def test_une_date_fausse_reste_ecrite_dans_sa_case() -> None:
    """A calendar would show it blank."""

    class Feuille(forms.Form):
        jour = Jour(label="Jour")

    assert 'type="text" name="jour" value="01/09/26"' in " ".join(str(Feuille({"jour": "01/09/26"})["jour"]).split())
    assert 'type="date"' in str(Feuille({"jour": "2026-09-01"})["jour"])


def test_une_case_porte_son_unite_et_son_etendue() -> None:
    part, somme = Part(label="Part", borne=PART_ENTIERE), Euros(label="Montant")
    heures = Heures(label="Heures")
    assert (part.unite, somme.unite, heures.unite) == ("%", "€", "heures")
    assert part.help_text == "Part nulle ou entre 1 et 100\u00a0%"
    assert heures.help_text == "De 1 à 48 heures"
    assert "10\u202f000\u202f000" in somme.help_text
    for ecrite in ("0,625", "0.625", "62,5", "62.5", "62,5 %"):
        assert part.clean(ecrite) == Fraction(5, 8)
    for ecrite in ("1 200,50", "1200.5", "1\u202f200,50 €"):
        assert somme.clean(ecrite) == Decimal("1200.5")
    assert heures.clean("17,5") == Decimal("17.5")
    for champ, ecrite, dit in (
        (part, "1", "1\u00a0% ou 100\u00a0% ?"),
        (somme, "1.200", "1\u202f200 ou 1,2 ?"),
        (somme, "12,345", "12\u202f345 ou 12,345 ?"),
        (somme, "-3", "au moins égal à 0"),
        (heures, "17,5555", "2 chiffres au plus"),
        (heures, "50", "au plus égal à 48"),
    ):
        with pytest.raises(ValidationError) as refus:
            champ.clean(ecrite)
        assert dit in refus.value.messages[0]
        assert " refusé ; " in refus.value.messages[0]


def test_une_adresse_est_lue_comme_une_cellule() -> None:
    champ = Courriel(required=False)
    assert (champ.clean(" a@exemple.fr "), champ.clean("")) == ("a@exemple.fr", "")
    with pytest.raises(ValidationError) as refus:
        champ.clean("a@exemple.fr ; b@exemple.fr")
    assert refus.value.messages == [
        "« a@exemple.fr ; b@exemple.fr » refusé ; une seule adresse attendue, comme nom@exemple.fr"
    ]
    assert isinstance(FicheMedecin.base_fields["courriel"], Courriel)  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize(("modele", "champ"), [(Medecin, "courriel"), (Caisse, "courriel"), (Utilisateur, "email")])
def test_toute_fiche_refuse_une_adresse_qu_aucun_courriel_n_atteindrait(modele: Any, champ: str) -> None:
    """The administration's forms, and `createsuperuser`, read addresses by the model."""
    dit = "« hélène@exemple.fr » refusé ; adresse sans accent ni signe particulier attendue, comme nom@exemple.fr"
    fiche = forms.modelform_factory(modele, fields=[champ])
    assert not fiche({champ: "a@exemple.fr"}).errors.get(champ)
    assert fiche({champ: "hélène@exemple.fr"}).errors[champ] == [dit]
    with pytest.raises(ValidationError) as refus:
        modele._meta.get_field(champ).clean("hélène@exemple.fr", None)
    assert refus.value.messages == [dit]


def test_une_case_sans_grammaire_ne_se_construit_pas() -> None:
    """It is refused when a form is written, not when somebody types."""
    with pytest.raises(TypeError, match=r"abstract method '?lire"):
        Saisie()
