"""Version 1: operations. Each reads, asks the simulation, and writes; the rules and the messages are below."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.params.functions import Path, Query
from pydantic import TypeAdapter, WithJsonSchema

from binome.simulation import Date, Faute, Simulation, aujourd_hui, libelle_de, traduire
from binome.simulation import parametres as loi
from binome.site.api import garde, lot, openapi
from binome.site.api.demandes import date_de_l_adresse, lire_situation, parametres_invalides, seuls_parametres
from binome.site.api.exemples import FIGURE, jour
from binome.site.api.limite import limite
from binome.site.api.problemes import Probleme, en_json, probleme_de

JSON = "application/json"
#: The refusals of an operation that reads a situation.
_CORPS = (
    "corps-illisible",
    "longueur-attendue",
    "corps-trop-grand",
    "format-refuse",
    "situation-invalide",
    "parametre-invalide",
)

DESCRIPTION = """\
Simule l’aide à l’emploi d’assistants médicaux : éligibilité, montants, objectifs, échéances, et leurs raisons.
Rien de ce qui est envoyé n’est conservé ni journalisé. Les montants sont des euros, écrits en décimales exactes dans
des chaînes ; les dates s’écrivent AAAA-MM-JJ ; une valeur `null` est non déterminée."""

#: A day in the address of a request; the schema says the bounds that the models share.
_JOUR = {
    "type": "string",
    "format": "date",
    "pattern": r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}
_DU_JOUR = WithJsonSchema(_JOUR)
Appreciation = Annotated[
    Date | None,
    _DU_JOUR,
    Query(None, description="Date d’appréciation ; elle l’emporte sur celle de la situation (défaut : aujourd’hui)"),
]
Jour = Annotated[
    Date | None, _DU_JOUR, Query(None, description="Jour voulu (défaut : aujourd’hui)", examples=[jour("date")])
]
Avant = Annotated[Date, _DU_JOUR, Query(description="Premier jour", examples=[jour("avant")])]
Apres = Annotated[Date, _DU_JOUR, Query(description="Second jour", examples=[jour("apres")])]
Recherche = Annotated[
    str, Query("", max_length=200, description="Ne garde que ce qui contient ces mots, sans égard aux accents")
]
NomDeFigure = Annotated[str, Path(description="Nom du chiffre", examples=[FIGURE])]
NomDeModele = Annotated[
    openapi.ModeleDecrit,
    WithJsonSchema({"type": "string", "enum": list(openapi.ModeleDecrit)}),
    Path(description="Nom du modèle", examples=["situation"]),
]


class _Refuses(ValidationError):
    """Parameters that do not pass, with their faults in French."""

    def __init__(self, probleme: Probleme) -> None:
        super().__init__([])
        self.probleme = probleme


class Api(NinjaAPI):
    """Ninja, with its refusals said as ours and the models' own schemas in its document."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """The faults of parameters, as the command line says them. A bad name in the path is an unknown address."""
        fautes: list[Faute] = []
        for contexte in error_contexts:
            erreurs = contexte.pydantic_validation_error.errors()
            if contexte.model.__ninja_param_source__ == "path":
                detail = " ; ".join(str(traduire(erreur)) for erreur in erreurs)
                return _Refuses(Probleme("adresse-inconnue", f"{detail}."))
            fautes += [traduire(erreur) for erreur in erreurs]
        return _Refuses(parametres_invalides(fautes))

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"] |= {"schemas": openapi.composants(), "headers": openapi.ENTETES}
        for methodes in document["paths"].values():
            for operation in methodes.values():
                for parametre in operation["parameters"]:
                    _nommer_les_exemples(parametre)
        return document


def _nommer_les_exemples(parametre: dict[str, Any]) -> None:
    """Ninja copies the list of examples of a schema; a parameter names each of its own."""
    valeurs = parametre.pop("examples", ())
    if valeurs:
        parametre["examples"] = {f"exemple-{rang}": {"value": v} for rang, v in enumerate(valeurs, start=1)}


api = Api(
    title="API de Binôme",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api:v1",
    # The document and its page are served by `documentation`.
    openapi_url=None,
    docs_url=None,
    throttle=[limite],
    openapi_extra={
        "info": {"license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}},
        "tags": [
            {"name": "Simulations", "description": "Simuler une situation, ou un lot"},
            {"name": "Explications", "description": "D’où vient chaque chiffre"},
            {"name": "Paramètres", "description": "Ce que dit la loi un jour donné"},
            {"name": "Schémas", "description": "La forme de ce qui s’échange"},
        ],
    },
)


def _refus(requete: HttpRequest, erreur: Exception | type[Exception]) -> HttpResponse:
    del requete
    if isinstance(erreur, _Refuses):
        return erreur.probleme.reponse()
    assert isinstance(erreur, Exception)  # noqa: S101 - Ninja hands over what was raised
    return probleme_de(erreur).reponse()


for _genre in tuple(api._exception_handlers):
    # Ninja's own answers are neither problems nor French.
    api.add_exception_handler(_genre, _refus)


def _repondre(texte: str | bytes, media: str = JSON) -> HttpResponse:
    return HttpResponse(texte, content_type=media)


@api.post(
    "/simulations",
    operation_id="simuler",
    summary="Simuler une situation",
    description="Donne le résultat entier : celui de « binome simuler --json ».",
    tags=["Simulations"],
    openapi_extra={
        "requestBody": openapi.corps_situation(),
        "responses": openapi.reponses("Le résultat", openapi.modele("resultat"), *_CORPS),
    },
)
def simuler(request: HttpRequest, date: Appreciation = None) -> HttpResponseBase:
    """One situation."""
    seuls_parametres(request, ("date",))
    situation = lire_situation(request)
    with date_de_l_adresse(date):
        return _repondre(Simulation(situation, date).resultat().model_dump_json())


@api.post(
    "/simulations/lot",
    operation_id="simuler_lot",
    summary="Simuler un lot",
    description=(
        "Une situation par ligne, une réponse par ligne, dans le même ordre et à mesure qu’elles sont calculées : "
        "`{ligne, resultat}`, ou `{ligne, probleme}` pour une ligne refusée, qui n’arrête pas les autres. "
        "`ligne` est le numéro de la ligne envoyée, à partir de 1. La dernière ligne est le compte : "
        "`{bilan: {lignes, simulees, refusees}}` ; sans elle, la réponse a été interrompue."
    ),
    tags=["Simulations"],
    openapi_extra={
        "requestBody": openapi.corps_lot(),
        "responses": openapi.reponses(
            "Une réponse par ligne (NDJSON), puis le compte",
            openapi.reponse_lot(),
            *_CORPS,
            "serveur-occupe",
            media=lot.MEDIA,
        ),
    },
)
def simuler_lot(request: HttpRequest, date: Appreciation = None) -> HttpResponseBase:
    """Many situations, streamed."""
    seuls_parametres(request, ("date",))
    return lot.repondre(request, date)


@api.post(
    "/explications",
    operation_id="lister_figures",
    summary="Nommer les chiffres qui s’expliquent",
    description="Les noms que « /explications/{figure} » connaît pour cette situation.",
    tags=["Explications"],
    openapi_extra={
        "requestBody": openapi.corps_situation(),
        "responses": openapi.reponses("Les noms, et leur sens", openapi.liste("figure"), *_CORPS),
    },
)
def figures(request: HttpRequest, date: Appreciation = None) -> HttpResponseBase:
    """The names of the figures."""
    seuls_parametres(request, ("date",))
    situation = lire_situation(request)
    with date_de_l_adresse(date):
        simulation = Simulation(situation, date)
    noms = simulation.figures().items()
    return _repondre(
        en_json(
            [{"figure": nom, "libelle": libelle_de(simulation.loi.variables[variable])} for nom, (variable, _) in noms]
        )
    )


@api.post(
    "/explications/{figure}",
    operation_id="expliquer",
    summary="Expliquer un chiffre",
    description="La règle, les valeurs de la loi, leurs textes et leur certitude, et les chiffres dont il dépend.",
    tags=["Explications"],
    openapi_extra={
        "requestBody": openapi.corps_situation(),
        "responses": openapi.reponses("L’explication", openapi.modele("explication"), "figure-inconnue", *_CORPS),
    },
)
def expliquer(
    request: HttpRequest,
    figure: NomDeFigure,
    date: Appreciation = None,
) -> HttpResponseBase:
    """One figure."""
    seuls_parametres(request, ("date",))
    situation = lire_situation(request)
    with date_de_l_adresse(date):
        return _repondre(Simulation(situation, date).expliquer(figure).model_dump_json())


_PARAMETRES = TypeAdapter(tuple[loi.Parametre, ...])
_CHANGEMENTS = TypeAdapter(tuple[loi.Changement, ...])


@api.get(
    "/parametres",
    operation_id="parametres",
    summary="Lire les paramètres de la loi à une date",
    description="Chaque valeur en vigueur ce jour-là : son texte, depuis quand, sa certitude.",
    tags=["Paramètres"],
    openapi_extra={
        "responses": openapi.reponses(
            "Les valeurs, par thème", openapi.liste("parametre"), "parametre-invalide", en_cache=True
        )
    },
)
def parametres(
    request: HttpRequest,
    date: Jour = None,
    recherche: Recherche = "",
) -> HttpResponseBase:
    """What is in force."""
    seuls_parametres(request, ("date", "recherche"))
    valeurs = _PARAMETRES.dump_json(loi.en_vigueur(date or aujourd_hui(), recherche))
    return garde.repondre(request, valeurs, JSON, garde.AUJOURD_HUI if date is None else garde.UN_JOUR_DIT)


@api.get(
    "/parametres/comparaison",
    operation_id="comparer_parametres",
    summary="Comparer les paramètres de deux dates",
    description="Ce qui apparaît, change de valeur ou prend fin entre deux jours.",
    tags=["Paramètres"],
    openapi_extra={
        "responses": openapi.reponses(
            "Les changements, par thème", openapi.liste("changement"), "parametre-invalide", en_cache=True
        )
    },
)
def comparaison(
    request: HttpRequest,
    avant: Avant,
    apres: Apres,
    recherche: Recherche = "",
) -> HttpResponseBase:
    """What changed."""
    seuls_parametres(request, ("avant", "apres", "recherche"))
    return garde.repondre(request, _CHANGEMENTS.dump_json(loi.comparer(avant, apres, recherche)), JSON)


@api.get(
    "/schemas",
    operation_id="schemas",
    summary="Nommer les modèles",
    description="Les modèles dont le schéma est servi, et l’adresse de chacun.",
    tags=["Schémas"],
    openapi_extra={
        "responses": openapi.reponses("Les modèles", openapi.liste("modele"), "parametre-invalide", en_cache=True)
    },
)
def schemas(request: HttpRequest) -> HttpResponseBase:
    """The models."""
    seuls_parametres(request, ())
    ici = request.build_absolute_uri(request.path)
    return garde.repondre(request, en_json(openapi.modeles_decrits(lambda nom: f"{ici}/{nom}")), JSON)


@api.get(
    "/schemas/{modele}",
    operation_id="schema",
    summary="Lire le schéma d’un modèle",
    description="JSON Schema (2020-12) d’une situation, d’un résultat, d’une explication ou d’un paramètre.",
    tags=["Schémas"],
    openapi_extra={
        "responses": openapi.reponses(
            "Le schéma",
            {"type": "object"},
            "adresse-inconnue",
            "parametre-invalide",
            media=openapi.SCHEMA,
            en_cache=True,
        ),
    },
)
def schema(
    request: HttpRequest,
    modele: NomDeModele,
) -> HttpResponseBase:
    """One model."""
    seuls_parametres(request, ())
    adresse = request.build_absolute_uri(request.path)
    dit = en_json({"$schema": openapi.DIALECTE, "$id": adresse, **openapi.schema_de(modele.value)})
    return garde.repondre(request, dit, openapi.SCHEMA)
