"""The WSGI application: console, webhooks and the storefront's endpoints."""

import os

from django.core.wsgi import get_wsgi_application

from shopapp.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopapp.settings")

application = get_wsgi_application()
refuse_unsafe_production()
