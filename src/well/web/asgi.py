"""The pages as an ASGI application, for uvicorn.

Invariant: importing it configures Django once and opens no connection.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "well.django_settings")

application = get_asgi_application()
