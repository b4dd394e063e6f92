"""Django's settings: one file for every environment; what differs is read by config.env."""

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

ENVIRONMENT = env.read()
BASE_DIR = env.BASE_DIR

# --- Tongdian's own ---------------------------------------------------------------------------
TONGDIAN_ENV = ENVIRONMENT.kind
TONGDIAN_BASE_URL = ENVIRONMENT.base_url
#: (id, 32 bytes) pairs; the first encrypts, all decrypt (staff.encryption).
FIELD_KEYS = ENVIRONMENT.field_keys
DATA_DIR = ENVIRONMENT.data_dir
#: The public log: its name, its public key if known otherwise than from the database, and whom it asks for co-signatures.
LEDGER_ORIGIN = ENVIRONMENT.ledger.origin
LEDGER_KEY = ENVIRONMENT.ledger.key
LEDGER_WITNESSES = ENVIRONMENT.ledger.witnesses
LEDGER_QUORUM = ENVIRONMENT.ledger.quorum
LEDGER_TIMESTAMP_URL = ENVIRONMENT.ledger.timestamp_url
#: Ed25519 seeds, 32 bytes. The log's is the sequencer's alone (empty elsewhere in production); receipts have their own.
LEDGER_SEED = ENVIRONMENT.ledger.seed
RECEIPT_SEED = ENVIRONMENT.ledger.receipt_seed
#: What was last signed, outside the database; and the database as the role that may grow the log.
LEDGER_STATE_PATH = ENVIRONMENT.ledger.state_path
SEQUENCER_DATABASE_URL = ENVIRONMENT.ledger.sequencer_url
#: The database as the role that may erase contents; set for `manage.py erase_payload` alone.
ERASURE_DATABASE_URL = ENVIRONMENT.erasure_url

# --- Core -------------------------------------------------------------------------------------
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Observers first: architecture.md 4. Their templates and commands win over those below.
APPS = ["integrity", "publicity", "applications", "workflow", "staff"]

INSTALLED_APPS = [
    "config",
    *APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "staff.sessions.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# A closing hour of 17:30 is meant; Django takes it for a mistake whenever the clock happens to say about that.
SILENCED_SYSTEM_CHECKS = ["fields.W161"]

# --- Data -------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    },
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
#: Rights from posts, so that they end with the post.
AUTHENTICATION_BACKENDS = ["staff.backends.PostBackend"]
#: Dotted path of the class that hands sign-in codes to phones (staff.gateways); empty: console, or none in production.
TONGDIAN_CODE_GATEWAY = ENVIRONMENT.code_gateway
#: The one header in which the proxy in front writes the client's address, such as X-Forwarded-For; empty: none is believed.
TONGDIAN_CLIENT_ADDRESS_HEADER = ENVIRONMENT.client_address_header
#: Networks of the bureau's own machines and of the hall's kiosks: what a contact or application was typed on.
TONGDIAN_STAFF_NETWORKS = ENVIRONMENT.staff_networks
TONGDIAN_KIOSK_NETWORKS = ENVIRONMENT.kiosk_networks
#: Hosts (or host:port) of other systems that node times are sent to though they are inner addresses or speak plain http.
TONGDIAN_WEBHOOK_HOSTS = ENVIRONMENT.webhook_hosts
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TONGDIAN_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Words and time ---------------------------------------------------------------------------
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static",) if path.is_dir()]
STATIC_ROOT = DATA_DIR / "static"
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TONGDIAN_ENV == "test" or DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = TONGDIAN_ENV == "test" or DEBUG

# --- Browser security -------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [TONGDIAN_BASE_URL]
if TONGDIAN_ENV == "production":
    SECURE_SSL_REDIRECT = TONGDIAN_BASE_URL.startswith("https://")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
    SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tongdian",
    "DESCRIPTION": "Every act on a case, with the sentences of the pages. docs/api.md says how keys, versions and tokens work.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SORT_OPERATIONS": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "persistAuthorization": False},
}

# --- Background work: the schedule stands in config/celery.py -----------------------------------
CELERY_BROKER_URL = ENVIRONMENT.redis_url

# --- Logging: to standard error, no personal data ----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO" if TONGDIAN_ENV != "test" else "WARNING"},
}

# Many at once: how many units one sheet of a project may hold.
PROJECT_MAX_UNITS = 2000
