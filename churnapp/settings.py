"""Settings, read from the environment; `docs/operations.md` lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

import sentry_sdk
import structlog
from celery.schedules import crontab
from django.utils.csp import CSP
from structlog.typing import Processor

from churnapp import env, local_stack, mail_providers, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("CHURNAPP_DATA_DIR", BASE_DIR / ".data")
DEBUG = env.flag("CHURNAPP_DEBUG", default=False)

# Where people reach the installation; https switches on HSTS, redirects and secure cookies.
BASE_URL = env.address("CHURNAPP_URL", "http://localhost:8000", ("http://", "https://")).rstrip("/")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words(
    "CHURNAPP_ALLOWED_HOSTS",
    str(urlsplit(BASE_URL).hostname) + ("" if SECURE else ",localhost,127.0.0.1,[::1]"),
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECRET_KEY = env.text("CHURNAPP_SECRET_KEY", "") or secret_key.kept_in(DATA_DIR)

# What is not given is private to this folder and shared by every command run from it.
DATABASE_URL = env.text("DATABASE_URL", "")
REDIS_URL = env.address("REDIS_URL", "", ("redis://", "rediss://", "unix://"))
if not DATABASE_URL or not REDIS_URL:
    _local = local_stack.attach(DATA_DIR, want_database=not DATABASE_URL, want_redis=not REDIS_URL)
    DATABASE_URL = DATABASE_URL or str(_local.database_url)
    REDIS_URL = REDIS_URL or str(_local.redis_url)

DATABASES = {"default": env.database("DATABASE_URL", DATABASE_URL)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "churnapp",
    "customers",
    "feedback",
    "campaigns",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "churnapp.middleware.OrganisationTimeMiddleware",
    "churnapp.middleware.PrivatePagesMiddleware",
    "churnapp.middleware.FragmentMiddleware",
]

ROOT_URLCONF = "churnapp.urls"
WSGI_APPLICATION = "churnapp.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "churnapp.context_processors.appearance",
                "churnapp.context_processors.navigation",
            ],
        },
    }
]

# People
AUTH_USER_MODEL = "churnapp.User"
AUTHENTICATION_BACKENDS = [
    "churnapp.backends.OneQuestionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "customers:today"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "churnapp.accounts.ClosedAccountAdapter"
ACCOUNT_FORMS = {
    "login": "churnapp.sign_in.SignInForm",
    "reset_password": "churnapp.accounts.ResetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None

# Security
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# Preloading binds a whole domain for years: the owner's choice, not a default of ours.
SECURE_HSTS_PRELOAD = env.flag("CHURNAPP_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
if env.flag("CHURNAPP_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all sign-ins count against the proxy's own address
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a long path: forty mails, each in languages and variants
IMPORT_MAX_BYTES = env.whole_number("CHURNAPP_IMPORT_MAX_MB", 1024, least=1) * 1024 * 1024

# Redis: a frozen server must not hang a page.
_REDIS_TIMEOUTS = {"socket_timeout": 2, "socket_connect_timeout": 2}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "churnapp",
        "OPTIONS": _REDIS_TIMEOUTS,
    }
}

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", env.broker_url(REDIS_URL))
# One try to connect when publishing: without max_retries a second one doubles the wait.
CELERY_BROKER_TRANSPORT_OPTIONS = _REDIS_TIMEOUTS | {"visibility_timeout": 7200, "max_retries": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
# Mail has workers of its own: a slow mail server holds up nothing else, an import no mail.
CELERY_TASK_QUEUES = {
    "celery": {"exchange": "celery", "routing_key": "celery"},
    "mail": {"exchange": "mail", "routing_key": "mail"},
}
CELERY_TASK_ROUTES = {"customers.tasks.deliver_due_mail": {"queue": "mail"}}
MAIL_WORKERS = env.whole_number("CHURNAPP_MAIL_WORKERS", 2, least=1)
CELERY_WORKER_CONCURRENCY = env.whole_number("CHURNAPP_WORKERS", 2, least=1)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # Beat's schedule is fixed, the organisation's hour is not: tick hourly, ask whose night it is.
    "night": {"task": "customers.tasks.night", "schedule": crontab(minute=5)},
    "sweep-jobs": {"task": "customers.tasks.sweep_jobs", "schedule": 60},
    "mail": {"task": "customers.tasks.deliver_due_mail", "schedule": 60, "kwargs": {"wait": True}},
    "surveys": {"task": "feedback.tasks.invite_due", "schedule": 60},
    "reminders": {"task": "feedback.tasks.remind", "schedule": crontab(minute=47)},
    "digests": {"task": "feedback.tasks.send_digests", "schedule": crontab(minute=2)},
    "webhooks": {"task": "feedback.tasks.deliver_webhooks", "schedule": 60},
    "campaigns": {"task": "campaigns.tasks.advance_campaigns", "schedule": 60},
    "themes": {"task": "feedback.tasks.nightly_themes", "schedule": crontab(minute=25)},
    "sweep-answers": {"task": "feedback.sweeps.take_in_left", "schedule": 600},
    "offers": {"task": "campaigns.tasks.expire_offers", "schedule": 600},
    "referrals": {"task": "campaigns.tasks.settle_referrals", "schedule": 600},
    "recommendations": {
        "task": "campaigns.tasks.renew_recommendations",
        "schedule": crontab(minute=35),
    },
    "loyalty": {"task": "campaigns.tasks.reward_loyalty", "schedule": 3600},
    "sweep-mail": {"task": "customers.tasks.sweep_mail", "schedule": 60},
    "canary": {"task": "churnapp.tasks.canary", "schedule": 30},
    "mail-canary": {
        "task": "churnapp.tasks.canary",
        "schedule": 30,
        "args": ["mail"],
        "options": {"queue": "mail", "expires": 60},
    },
}
CANARY_MAX_AGE = env.seconds("CHURNAPP_CANARY_MAX_AGE", 120)

# Languages and time. Dates are the organisation's: a middleware activates its zone.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("nb", "Norsk bokmål"), ("da", "Dansk"), ("sv", "Svenska")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
# An image collects its files once; elsewhere they are served from where they lie.
STATIC_MANIFEST = env.flag("CHURNAPP_STATIC_MANIFEST", default=False)
STATIC_ROOT = (
    env.folder("CHURNAPP_STATIC_ROOT", BASE_DIR / "staticfiles") if STATIC_MANIFEST else None
)
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Without a mail server and https mails are kept as files: a demo sends nothing and loses none.
EMAIL_SERVER = env.text("EMAIL_HOST", "")
_BY_SMTP = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": EMAIL_SERVER or "localhost",
        "port": env.whole_number("EMAIL_PORT", 25),
        "username": env.text("EMAIL_HOST_USER", ""),
        "password": env.text("EMAIL_HOST_PASSWORD", ""),
        "use_tls": env.flag("EMAIL_USE_TLS", default=False),
        "use_ssl": env.flag("EMAIL_USE_SSL", default=False),
        "timeout": env.whole_number("EMAIL_TIMEOUT", 20, least=1),
    },
}
_AS_FILES = {
    "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    "OPTIONS": {"file_path": str(DATA_DIR / "mail")},
}
# A provider's interface instead of SMTP; ANYMAIL_… are its keys, as django-anymail names them.
MAIL_PROVIDER = env.text("ANYMAIL_PROVIDER", "").lower()
MAIL_IS_KEYED = MAIL_PROVIDER in mail_providers.KEYED
ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True} | env.those_that_begin_with("ANYMAIL_")
_BY_PROVIDER = {"BACKEND": mail_providers.backend(MAIL_PROVIDER)} if MAIL_PROVIDER else None
MAILERS = {"default": _BY_PROVIDER or (_BY_SMTP if EMAIL_SERVER or SECURE else _AS_FILES)}
# After so long, a mail that a worker has begun and not finished is in doubt.
MAIL_PATIENCE = env.seconds("CHURNAPP_MAIL_PATIENCE", 300)
DEFAULT_FROM_EMAIL = env.text("CHURNAPP_FROM_EMAIL", "churnapp@localhost")

# Networks of one's own that webhooks may call, such as 10.0.0.0/8; public hosts are always open.
EGRESS_NETWORKS = env.words("CHURNAPP_EGRESS_NETWORKS")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "churnapp.api_keys.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["churnapp.api_keys.RoleAndScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["churnapp.api_limits.KeyRate"],
    "EXCEPTION_HANDLER": "churnapp.api_errors.answer",
}
# Requests a minute of one API key; people at their pages are not counted.
API_REQUESTS_A_MINUTE = env.whole_number("CHURNAPP_API_REQUESTS_A_MINUTE", 600, least=1)
# Working days in which a complaint is to be settled, and a mention to be answered.
COMPLAINT_WORKING_DAYS = env.whole_number("CHURNAPP_COMPLAINT_WORKING_DAYS", 5, least=1)
MENTION_WORKING_DAYS = env.whole_number("CHURNAPP_MENTION_WORKING_DAYS", 2, least=1)
SPECTACULAR_SETTINGS = {
    "TITLE": "Churnapp API",
    "DESCRIPTION": "Everything that a page can do. See docs/api.md for how to begin.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CampaignStateEnum": "campaigns.models.Campaign.State",
        "GrantStateEnum": "campaigns.models.Grant.State",
        "ReferralStateEnum": "campaigns.models.Referral.State",
        "RecipientStateEnum": "campaigns.models.Recipient.State",
        "ContactRoleEnum": "customers.models.Contact.Role",
        "CancelVisitStateEnum": "campaigns.models.CancelVisit.State",
        "DismissalEnum": "customers.models.RiskFlag.Dismissal",
        "TermKindEnum": "customers.models.Term.Kind",
        "MentionKindEnum": "customers.models.Mention.Kind",
        "SurveyKindEnum": "feedback.models.SurveyKind",
        "QuestionKindEnum": "feedback.models.Answer.Kind",
        "OfferKindEnum": "campaigns.models.OfferKind",
        "LibraryKindEnum": "campaigns.models.ContentKind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "churnapp.api_schema.refuse_unknown_fields",
        "churnapp.api_schema.add_errors",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOG_LEVEL = env.choice(
    "CHURNAPP_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
_PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
structlog.configure(
    processors=[
        *_PROCESSORS,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
SENTRY_DSN = env.text("SENTRY_DSN", "")
if SENTRY_DSN:
    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)
METRICS_TOKEN = env.text("CHURNAPP_METRICS_TOKEN", "")
