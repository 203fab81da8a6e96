"""Settings of the site, read from the environment (docs/exploitation.md lists them).

Production is the default: without `BINOME_CLE_SECRETE` and `BINOME_HOTES` the site refuses to start. `make run` and the
tests give theirs.
"""

from __future__ import annotations

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from binome.site.comptes.fournisseurs import fournisseurs_oidc

ICI = Path(__file__).resolve().parent
env = environ.Env()


def _oui(nom: str, *, defaut: bool) -> bool:
    """A setting that is « oui » or « non »; anything else stops the site rather than being read as « non »."""
    texte = str(env.str(nom, default="oui" if defaut else "non"))
    if texte not in {"oui", "non"}:
        raise ImproperlyConfigured(f"{nom} « {texte} » : « oui » ou « non » attendu")
    return texte == "oui"


#: Where what the site writes is kept: the SQLite database, the collected static files.
DONNEES = Path(env.str("BINOME_DONNEES", default=str(Path.cwd() / ".donnees"))).resolve()
DONNEES.mkdir(parents=True, exist_ok=True)

#: Uploaded documents: outside what the site serves.
PIECES = Path(env.str("BINOME_PIECES", default=str(DONNEES / "pieces"))).resolve()
TAILLE_MAXIMALE_PIECE = env.int("BINOME_PIECE_MAXIMALE", default=10_000_000)
#: Any uploaded file, documents and bank's files alike; a larger request is refused before it is read.
TAILLE_MAXIMALE_FICHIER = 20_000_000

# The law reads the operator's values where the environment says: in a folder of this site, when it says nothing.
if "BINOME_VALEURS" not in os.environ:
    (DONNEES / "valeurs").mkdir(exist_ok=True)
    os.environ["BINOME_VALEURS"] = str(DONNEES / "valeurs")

DEBUG = _oui("BINOME_DEBOGAGE", defaut=False)
SECRET_KEY = env.str("BINOME_CLE_SECRETE")
ALLOWED_HOSTS = env.list("BINOME_HOTES")
#: True behind TLS, which is the rule; false on one's own machine.
HTTPS = _oui("BINOME_HTTPS", defaut=True)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "ninja",
    "binome.dossiers",
    "binome.site.socle",
    "binome.site.comptes",
    "binome.site.caisse",
    "binome.site.medecin",
    "binome.site.simulateur",
    "binome.site.guide",
    "binome.site.api",
]

MIDDLEWARE = [
    "binome.site.socle.journaux.JournalDesRequetes",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "binome.site.socle.corps.CorpsBorne",
    "binome.site.socle.caracteres.SansCaractereNul",
    "binome.site.socle.entetes.EntetesDeSurete",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.common.CommonMiddleware",
    "binome.site.socle.typographie.Typographie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "binome.site.comptes.acces.Acces",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "binome.site.urls"
WSGI_APPLICATION = "binome.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ICI / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "binome.site.socle.contexte.du_site",
            ],
            "builtins": ["binome.site.socle.templatetags.ecriture", "binome.site.caisse.templatetags.dossiers"],
        },
    }
]
FORM_RENDERER = "binome.site.socle.formulaires.Rendu"

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DONNEES / 'binome.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
#: A connection that the server closed is found dead before a page uses it, and opened again.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if not DATABASES["default"].get("ENGINE"):
    # The value is not repeated: it may hold a password.
    raise ImproperlyConfigured("DATABASE_URL : une adresse attendue, sqlite:////chemin ou postgres://hote/base")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock at once and others wait: no transaction fails half-way for having read first.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
        # « INSERT OR REPLACE » fires the triggers of a removal.
        "PRAGMA recursive_triggers=ON",
    }
AUTH_USER_MODEL = "dossiers.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "comptes:accueil"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "binome.site.comptes.adaptateurs.Comptes"
SOCIALACCOUNT_ADAPTER = "binome.site.comptes.adaptateurs.ComptesOIDC"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
#: Failed log-ins: by address and by account, then wait.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": fournisseurs_oidc(env)}}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Binôme"
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
#: Agents must have a second factor before they see a file.
MFA_OBLIGATOIRE = _oui("BINOME_MFA_OBLIGATOIRE", defaut=True)
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
#: E-mails leave through the outbox only; without a server they wait there.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("BINOME_COURRIEL", default="ne-pas-repondre@localhost")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Counts of the API's rate limit. In memory, each process counts its own; a shared cache counts for all.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
#: Requests of one client to the API, by period.
LIMITE_API = env.str("BINOME_LIMITE_API", default="300/m")
#: Lines that one batch may send, and the largest body read.
LIGNES_PAR_LOT = env.int("BINOME_LIGNES_PAR_LOT", default=10_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("BINOME_CORPS_MAXIMAL", default=10_000_000)
#: A situation of the largest group is some fields for each of its members.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/statique/"
STATIC_ROOT = Path(env.str("BINOME_STATIQUE", default=str(DONNEES / "statique")))
STATICFILES_DIRS = [ICI / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
if _oui("BINOME_DERRIERE_PROXY", defaut=False):
    NINJA_NUM_PROXIES = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: Nothing to other sites; to this one, the origin that proves a form is ours (« no-referrer » sends « null »).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

#: Nothing but what this site serves, and no script or style written in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "rename_fields": {"asctime": "quand", "levelname": "niveau", "name": "journal"},
        }
    },
    "filters": {"sans_chiffres": {"()": "binome.site.socle.journaux.SansLesChiffres"}},
    "handlers": {
        "sortie": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["sans_chiffres"]},
    },
    "root": {"handlers": ["sortie"], "level": env.str("BINOME_JOURNAL", default="INFO")},
    "loggers": {
        # The request log of ours says it once, without the address's parameters.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        # OpenFisca's arithmetic tells how many threads it has, at every start.
        "numexpr": {"level": "WARNING"},
    },
}
