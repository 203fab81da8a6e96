"""Settings of the site, read from the environment (docs/exploitation.md lists them).

Production is the default: without `BINOME_CLE_SECRETE` and `BINOME_HOTES` the site refuses to start. `make run` and the
tests give theirs.
"""

from __future__ import annotations

import datetime
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
#: ClamAV's daemon, which looks at every file that enters; whether one that does not answer closes the door.
CLAMAV = env.str("BINOME_CLAMAV", default="")
CLAMAV_EXIGE = _oui("BINOME_CLAMAV_EXIGE", defaut=True)
#: Bytes below which /sante/pret says that the disk is filling.
DISQUE_LIBRE = env.int("BINOME_DISQUE_LIBRE", default=500_000_000)
#: Bytes that an account may send in a day, and that the documents of a contract and the files of a fund may take.
QUOTA_COMPTE = env.int("BINOME_QUOTA_COMPTE", default=200_000_000)
QUOTA_DOSSIER = env.int("BINOME_QUOTA_DOSSIER", default=200_000_000)
QUOTA_CAISSE = env.int("BINOME_QUOTA_CAISSE", default=50_000_000_000)

# The law reads the operator's values where the environment says: in a folder of this site, when it says nothing.
if "BINOME_VALEURS" not in os.environ:
    (DONNEES / "valeurs").mkdir(exist_ok=True)
    os.environ["BINOME_VALEURS"] = str(DONNEES / "valeurs")

DEBUG = _oui("BINOME_DEBOGAGE", defaut=False)
SECRET_KEY = env.str("BINOME_CLE_SECRETE")
#: Former secret keys: what they signed or encrypted is still read.
SECRET_KEY_FALLBACKS = env.list("BINOME_CLES_ANCIENNES", default=[])
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
    "allauth.usersessions",
    "allauth.socialaccount",
    "binome.site.comptes.oidc",
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
    "binome.site.comptes.sessions.SessionBornee",
    "binome.site.comptes.acces.Acces",
    "binome.site.socle.concurrence.ApresUnAutre",
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
#: An address counts once proved: by a code sent there. Until then the account keeps the one it has.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
#: Seconds to give the code back: mails may wait in the outbox.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 3600
ACCOUNT_CHANGE_EMAIL = True
#: Password asked again before an address, a factor or an identity changes.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
#: Every change of password, address, factor or identity is told to the account's address; strangers receive nothing.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Binôme : "
#: A doctor known by Pro Santé Connect has no address of their own here.
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
#: Wrong passwords and codes, before one waits: see `comptes/essais.py`, which counts them instead of allauth.
LIMITES_DES_ESSAIS = {"couple": "5/5m/key", "navigateur": "5/5m/key", "compte": "100/h/key", "client": "100/10m/key"}
#: Seconds for which a browser that entered an account is known.
NAVIGATEUR_CONNU = int(datetime.timedelta(weeks=26).total_seconds())
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "", "reset_password": "20/m/ip,3/10m/key"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": fournisseurs_oidc(env)}}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Binôme"
MFA_ADAPTER = "binome.site.comptes.facteurs.SecondFacteur"
MFA_FORMS = {
    "authenticate": "binome.site.comptes.facteurs.CodeALEntree",
    "reauthenticate": "binome.site.comptes.facteurs.CodeRedemande",
}
#: Keys that encrypt the factors, the one of today first; without any, the secret key does.
CLES_FACTEURS = env.list("BINOME_CLES_FACTEURS", default=[])
#: Agents must have a second factor before they see a file.
MFA_OBLIGATOIRE = _oui("BINOME_MFA_OBLIGATOIRE", defaut=True)
#: However used, a session ends after eight hours; unused, after this many minutes.
SESSION_COOKIE_AGE = 8 * 3600
INACTIVITE = env.int("BINOME_INACTIVITE", default=30)
#: Days for which the journal of log-ins is kept: six months at least, which the database itself sees to.
GARDE_DU_JOURNAL = env.int("BINOME_JOURNAL_CONNEXIONS", default=365)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
#: Long, on no list, unlike the person: no kinds of signs to mix, no change on a date (NIST SP 800-63B, ANSSI).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "nom")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "binome.site.comptes.mots_de_passe.SansSuite"},
]
#: E-mails leave through the outbox only; without a server they wait there.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
#: Seconds that the mail server has for each answer: beyond, the e-mail is tried again later.
EMAIL_TIMEOUT = env.int("BINOME_COURRIEL_ATTENTE", default=20)
#: Minutes between two tries of an e-mail, three days in all; after the last one it is given up, and agents are told.
REPRISES_DES_COURRIELS = env.list("BINOME_COURRIEL_REPRISES", cast=int, default=[5, 15, 60, 240, 1440, 1440, 1440])
if EMAIL_TIMEOUT < 1 or not REPRISES_DES_COURRIELS or min(REPRISES_DES_COURRIELS) < 1:
    raise ImproperlyConfigured(
        "BINOME_COURRIEL_ATTENTE : une seconde au moins ; BINOME_COURRIEL_REPRISES : des minutes, comme 5,15,60"
    )
DEFAULT_FROM_EMAIL = env.str("BINOME_COURRIEL", default="ne-pas-repondre@localhost")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: What is counted: wrong passwords, codes already given, requests to the API. All processes count together, and a
#: restart forgets nothing. Pages for visitors write nothing there.
CACHES = {
    "default": env.cache_url("CACHE_URL")
    if env.str("CACHE_URL", default="")
    else {
        "BACKEND": "binome.site.socle.cache.CacheDansLaBase",
        "LOCATION": "comptes_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
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
    # The client is the one that the proxy tells: for the API, and for whoever tries passwords.
    NINJA_NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: Nothing to other sites; to this one, the origin that proves a form is ours (« no-referrer » sends « null »).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # Kept by the browser only from this very host, over HTTPS: a neighbour of the same domain sets none of them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
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
        # The PDF library says that it can speak, at every start.
        "pikepdf": {"level": "WARNING"},
    },
}
