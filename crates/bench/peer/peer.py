"""The same listing as a small Django REST framework service, over the same database.

The rule is the same: released incidents of the asker's sites, newest first, fifty of them, with the fields a client
may see. Sessions are reduced to a header that names the sites, which favours this side.
"""

import os
import uuid
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings

PLACE = os.environ["PEER_DATABASE"]
POSTGRES = PLACE.startswith("postgres")


def database():
    if not POSTGRES:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": PLACE, "CONN_MAX_AGE": None}
    parts = urlsplit(PLACE)
    words = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or words.get("user", [""])[0],
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or words.get("host", [""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
    }


settings.configure(
    SECRET_KEY="measurement only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": database()},
    INSTALLED_APPS=["rest_framework"],
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402

Key = models.UUIDField if POSTGRES else models.BinaryField


def key(text):
    return uuid.UUID(hex=text) if POSTGRES else bytes.fromhex(text)


def written(value):
    return str(value) if POSTGRES else str(uuid.UUID(bytes=bytes(value)))


class Incident(models.Model):
    id = Key(primary_key=True)
    organization_id = Key()
    client_id = Key()
    site_id = Key()
    site_name = models.TextField()
    reference = models.TextField()
    kind = models.TextField()
    severity = models.BigIntegerField()
    status = models.BigIntegerField()
    occurred_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    zone = models.TextField()
    public_details = models.TextField()
    released_at = models.BigIntegerField()
    archived = models.BigIntegerField()
    visibility = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "incidents"
        app_label = "peer"


class IncidentSerializer(serializers.ModelSerializer):
    id = serializers.SerializerMethodField()
    site_id = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = [
            "id", "reference", "kind", "severity", "status", "occurred_at", "ended_at", "zone", "site_id",
            "site_name", "public_details", "released_at", "archived",
        ]

    def get_id(self, row):
        return written(row.id)

    def get_site_id(self, row):
        return written(row.site_id)


class Incidents(generics.ListAPIView):
    serializer_class = IncidentSerializer
    pagination_class = None

    def get_queryset(self):
        headers = self.request.headers
        sites = [key(site) for site in headers["X-Sites"].split(",")]
        clients = [key(client) for client in headers["X-Clients"].split(",")]
        rows = Incident.objects.filter(
            organization_id=key(headers["X-Organization"]), client_id__in=clients, site_id__in=sites,
            visibility=3, archived=0,
        )
        return rows.order_by("-occurred_at", "-id").only(*IncidentSerializer.Meta.fields)[:50]


urlpatterns = [path("incidents", Incidents.as_view()), path("ready", lambda request: HttpResponse("ready"))]
application = get_wsgi_application()
