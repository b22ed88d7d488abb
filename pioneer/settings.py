"""设置 One settings file. SQLite unless DATABASE_URL says PostgreSQL; every switch is an environment variable.

PIONEER_DATA         folder of the database, files and keys (default: var/ beside the code)
PIONEER_SECRET_KEY   signing key; made once in PIONEER_DATA if not given
PIONEER_FIELD_KEY    key of encrypted identity numbers (32 bytes, hex); made once in PIONEER_DATA if not given
PIONEER_HOSTS        host names, separated by commas (default: this machine only)
PIONEER_HTTPS        "1" where the site is served over https: secure cookies, HSTS
PIONEER_IDLE_MINUTES minutes without a click after which an officer is signed out (default: 60)
PIONEER_DEMO         "1" marks the database as a demo; bulk loading is refused without it
PIONEER_FILES        s3://bucket/prefix?endpoint=https://… for an S3-compatible storage (default: in PIONEER_DATA)
DATABASE_URL         postgres://user:password@host:port/name
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF  # noqa: F401
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PIONEER_DATA", ROOT / "var"))
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database in it is for the owner alone


def _kept(name: str, variable: str) -> str:
    """A secret from the environment, or one made once and kept in DATA, readable by the owner alone."""
    if given := os.environ.get(variable):
        return given
    file = DATA / name
    if not file.exists():
        made = DATA / f".{name}.{secrets.token_hex(8)}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        try:
            os.link(made, file)  # the first of two processes wins, whole
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()


SECRET_KEY = _kept("secret-key", "PIONEER_SECRET_KEY")
FIELD_KEY = bytes.fromhex(_kept("field-key", "PIONEER_FIELD_KEY"))
DEBUG = False
DEMO = os.environ.get("PIONEER_DEMO") == "1"
ALLOWED_HOSTS = os.environ.get("PIONEER_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("PIONEER_HTTPS") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

STATIONS = [
    "pioneer.kernel",
    "pioneer.files",
    "pioneer.organisations",
    "pioneer.accounts",
    "pioneer.messages",
    "pioneer.rulebook",
    "pioneer.members",
    "pioneer.conduct",
    "pioneer.declarations",
    "pioneer.assessments",
    "pioneer.publicity",
    "pioneer.ledger",
    "pioneer.results",
    "pioneer.filings",
    "pioneer.followups",
    "pioneer.nominations",
    "pioneer.disposals",
    "pioneer.rewards",
    "pioneer.archives",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    *STATIONS,
    "pioneer.web",
    "pioneer.jobs",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pioneer.web.middleware.ActorMiddleware",
    "pioneer.web.middleware.TimeLimitMiddleware",
    "pioneer.web.middleware.SecondFactorMiddleware",
    "pioneer.web.middleware.OnceMiddleware",
    "pioneer.web.middleware.RefusalMiddleware",
    "pioneer.web.middleware.PlainTextMiddleware",
    "axes.middleware.AxesMiddleware",
]
FORM_RENDERER = "pioneer.web.forms.rendering.Renderer"
ROOT_URLCONF = "pioneer.urls"
WSGI_APPLICATION = "pioneer.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "pioneer" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pioneer.web.context.page",
            ],
            "builtins": ["pioneer.web.templatetags.pioneer"],
        },
    }
]

# --- the database -----------------------------------------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")
if DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "pioneer.sqlite3"),
            "TEST": {"NAME": str(DATA / "test.sqlite3")},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # select_for_update does nothing on SQLite; this makes writers queue
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- who may come in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "pioneer.accounts.backends.NumberBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login", "phone", "name"]},
    },
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "pioneer.web.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# axes counts failures, by account and address; this slows down trying many accounts from one address
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "先锋指数"
MFA_ADAPTER = "pioneer.web.sign_in.SecondFactor"
ACCOUNT_FORMS = {"login": "pioneer.web.forms.accounts.SignInForm"}
MFA_FORMS = {
    "activate_totp": "pioneer.web.forms.accounts.ActivateForm",
    "authenticate": "pioneer.web.forms.accounts.SecondFactorForm",
    "reauthenticate": "pioneer.web.forms.accounts.SecondFactorAgainForm",
}
SECOND_FACTOR_REQUIRED = True  # for administrators
SLIP_DAYS = 14  # where no rulebook says otherwise
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "old", "again", "csrfmiddlewaretoken"]
AXES_USERNAME_CALLABLE = "pioneer.web.sign_in.counted_as"  # one account, one count, whichever number was typed
AXES_LOCKOUT_CALLABLE = "pioneer.web.sign_in.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- what the browser is told -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False
SESSION_IDLE_SECONDS = 60 * int(os.environ.get("PIONEER_IDLE_MINUTES", "60"))  # for whoever holds a role
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pioneer.web.pages.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]

# --- language, time, files --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]  # the pages are written in it; another language comes with its catalogue
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
FILES_ROOT = DATA / "files"
FILES = os.environ.get("PIONEER_FILES", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

ROSTER_IMPORT_KEPT_DAYS = 30  # an uploaded roster nobody has confirmed by then is discarded: it holds personal data

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
