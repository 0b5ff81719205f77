"""The pages as a WSGI application, for servers that speak it.

Invariant: importing it configures Django once and opens no connection.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "well.django_settings")

application = get_wsgi_application()
