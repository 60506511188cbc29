"""The same listing as a small Django REST framework service, over the same SQLite file.

The rule is the same: released incidents of the asker's sites, newest first, fifty of them, with the fields a client
may see. Sessions are reduced to a header that names the sites, which favours this side.
"""

import os
import uuid

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="measurement only",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PEER_DATABASE"], "CONN_MAX_AGE": None}},
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
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402


class Incident(models.Model):
    id = models.BinaryField(primary_key=True)
    organization_id = models.BinaryField()
    client_id = models.BinaryField()
    site_id = models.BinaryField()
    reference = models.TextField()
    kind = models.TextField()
    severity = models.IntegerField()
    status = models.IntegerField()
    occurred_at = models.BigIntegerField()
    zone = models.TextField()
    public_details = models.TextField()
    released_at = models.BigIntegerField()
    visibility = models.IntegerField()

    class Meta:
        managed = False
        db_table = "incidents"
        app_label = "peer"


class IncidentSerializer(serializers.ModelSerializer):
    id = serializers.SerializerMethodField()
    site = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = ["id", "site", "reference", "kind", "severity", "status", "occurred_at", "zone", "public_details", "released_at"]

    def get_id(self, row):
        return str(uuid.UUID(bytes=bytes(row.id)))

    def get_site(self, row):
        return str(uuid.UUID(bytes=bytes(row.site_id)))


class Incidents(generics.ListAPIView):
    serializer_class = IncidentSerializer
    pagination_class = None

    def get_queryset(self):
        organization = bytes.fromhex(self.request.headers["X-Organization"])
        client = bytes.fromhex(self.request.headers["X-Client"])
        sites = [bytes.fromhex(site) for site in self.request.headers["X-Sites"].split(",")]
        rows = Incident.objects.filter(organization_id=organization, client_id=client, site_id__in=sites, visibility=3)
        return rows.order_by("-occurred_at", "-id")[:50]


urlpatterns = [path("incidents", Incidents.as_view())]
application = get_wsgi_application()
