"""What nothing calls is taken away: what the product defines is named somewhere besides its definition."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

RACINE = Path(__file__).parents[1]
PRODUIT = ("binome", "openfisca_assistants_medicaux")
#: Where a name may be asked for. Tests do not keep alive what nobody else uses.
LECTEURS = (*PRODUIT, "bench", "bareme_cout", "docs", "manage.py", "pyproject.toml")
SORTES = {".py", ".pyi", ".html", ".txt", ".yaml", ".md", ".toml", ".typ"}
#: Called by the tools that we stand on, which find them by their names alone.
PAR_UN_OUTIL = re.compile(r"__\w+__|formula\w*|clean(_\w+)?|Meta|Media|Command")
#: Classes that Django finds in the module where it looks for them.
TROUVEES = {"AppConfig"}
#: After these a name is still called as itself; any other decorator hands it over (a route, a signal, a check).
CONSERVENT = {"property", "cached_property", "staticmethod", "classmethod", "contextmanager", "lru_cache", "cache"}
CONSERVENT |= {"dataclass", "transaction.atomic", "override", "abstractmethod", "total_ordering"}
#: Methods that a library calls on what derives from its classes.
REDEFINIES = {
    "Django": "create_superuser delete_model delete_queryset get_actions get_help_text get_queryset has_add_permission "
    "has_change_permission label_from_instance process_exception",
    "allauth": "_delete_login_attempts_cached_email _fetch_user_info _rollback_login_failed_rl_usage "
    "generate_state_param get_auth_params_from_request get_scope_from_request is_open_for_signup "
    "on_authentication_error pre_authenticate pre_social_login send_mail",
    "Django Ninja": "allow_request validation_error_from_error_contexts",
    "clamdpy": "_acquire_socket",
    "gunicorn": "post_worker_init",
    "les migrations": "remettre_les_gardes retirer_les_gardes",
    "OpenFisca": "get_package_metadata instantiate_entities",
    # The whole history read again, beside the image that the product keeps: what tests hold the image to.
    "les essais": "reconstruire",
}
EXCUSES = frozenset(nom for noms in REDEFINIES.values() for nom in noms.split())


def definitions(texte: str) -> Iterator[str]:
    """Names that a module defines to be called by them."""
    for noeud in ast.walk(ast.parse(texte)):
        if isinstance(noeud, ast.ClassDef) and TROUVEES & {ast.unparse(base) for base in noeud.bases}:
            continue
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            poses = {ast.unparse(d.func if isinstance(d, ast.Call) else d) for d in noeud.decorator_list}
            if poses <= CONSERVENT and not PAR_UN_OUTIL.fullmatch(noeud.name):
                yield noeud.name


def mortes(modules: Mapping[str, str], mots: Mapping[str, int]) -> list[str]:
    """« module: name » of what is named nowhere but where it is defined."""
    return sorted(
        f"{module}: {nom}"
        for module, texte in modules.items()
        for nom, fois in Counter(definitions(texte)).items()
        if mots[nom] <= fois
    )


def lus(lieux: tuple[str, ...]) -> dict[str, str]:
    chemins = [RACINE / lieu for lieu in lieux]
    fichiers = [f for chemin in chemins for f in ([chemin] if chemin.is_file() else sorted(chemin.rglob("*")))]
    return {
        str(f.relative_to(RACINE)): f.read_text(encoding="utf-8")
        for f in fichiers
        if f.suffix in SORTES and "migrations" not in f.parts
    }


def test_rien_n_est_defini_pour_personne() -> None:
    textes = lus(LECTEURS)
    mots = Counter(mot for texte in textes.values() for mot in re.findall(r"\w+", texte))
    # A variable of the law is asked for by whoever has the law: it is published.
    modules = {
        m: t for m, t in textes.items() if m.startswith(PRODUIT) and m.endswith(".py") and "/variables/" not in m
    }
    assert len(modules) > 200
    trouvees = mortes(modules, mots)
    assert [ligne for ligne in trouvees if ligne.split(": ")[1] not in EXCUSES] == []
    assert {ligne.split(": ")[1] for ligne in trouvees} >= EXCUSES, "une excuse dont plus rien n'a besoin"


def test_le_controle_voit_ce_que_personne_n_appelle() -> None:
    classe = "class A:\n    @property\n    def oubliee(self): ...\n    @route.get(1)\n    def servie(self): ...\n"
    module = classe + "def libre(): ...\nA\n"
    assert mortes({"m": module}, Counter(re.findall(r"\w+", module))) == ["m: libre", "m: oubliee"]
