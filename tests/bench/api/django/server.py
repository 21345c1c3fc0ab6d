# The two requests of bench_api as Django REST framework answers them under gunicorn: the statements over Django's
# connection, which is kept between requests, and a serializer with the fields of a visit.
#
# As in visitord: a bearer token is looked up by its hash, and what was found is known for half a second; the scope of
# the key limits the statement; the answer has an ETag, and If-None-Match of it gets 304 (Django's
# ConditionalGetMiddleware). No middleware but that one and CommonMiddleware, no session, no template, no debugging.
# BENCH_PLAN names a file with the statements and their parameters; PG* say where the database is.
import hashlib
import json
import os
import re
import time

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    APPEND_SLASH=False,
    USE_TZ=True,
    USE_I18N=False,
    LOGGING_CONFIG=None,
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ.get("PGPORT", ""),
            "NAME": os.environ["PGDATABASE"],
            "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ.get("PGPASSWORD", ""),
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.authentication import BaseAuthentication  # noqa: E402
from rest_framework.exceptions import AuthenticationFailed, NotFound  # noqa: E402
from rest_framework.permissions import BasePermission  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

KNOWN_SECONDS = 0.5
known = {}

with open(os.environ["BENCH_PLAN"]) as file:
    plan = json.load(file)
page_size = plan["page_size"]


def as_psycopg(sql):
    return re.sub(r"\$(\d+)", r"%(p\1)s", sql.replace("%", "%%"))


def parameters_of(statement, scope, **of_address):
    values = {f"p{i + 1}": value for i, value in enumerate(statement["parameters"])}
    for at, value in zip(statement["scope"], scope):
        values[f"p{at + 1}"] = value
    if "id" in of_address:
        values[f"p{statement['id'] + 1}"] = of_address["id"]
    return values


one = as_psycopg(plan["one"]["sql"])
page = as_psycopg(plan["page"]["sql"])


class Key:
    def __init__(self, scope):
        self.scope = scope
        self.is_authenticated = True


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header.startswith("Bearer "):
            return None
        digest = hashlib.sha256(header[7:].encode()).digest()
        found = known.get(digest)
        if found is not None and time.monotonic() < found[0] + KNOWN_SECONDS:
            return found[1], None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sites::text, departments::text, hosts::text FROM bench_api_key WHERE hash = %s", [digest]
            )
            row = cursor.fetchone()
        if row is None:
            raise AuthenticationFailed()
        key = Key(row)
        known[digest] = (time.monotonic(), key)
        return key, None

    def authenticate_header(self, request):
        return "Bearer"


class IsKey(BasePermission):
    def has_permission(self, request, view):
        return request.user is not None and request.user.is_authenticated


class GuestSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    company = serializers.CharField()


class NamedSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class VisitSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    type = serializers.CharField(source="kind")
    status = serializers.CharField()
    guest = GuestSerializer()
    host = NamedSerializer()
    department = NamedSerializer()
    site = NamedSerializer()
    purpose = serializers.CharField()
    purpose_text = serializers.CharField()
    contact_phone = serializers.CharField()
    consent_at = serializers.DateTimeField()
    expected_from = serializers.DateTimeField()
    expected_until = serializers.DateTimeField()
    checked_in_at = serializers.DateTimeField()
    checked_in_how = serializers.CharField()
    checked_out_at = serializers.DateTimeField()
    checked_out_how = serializers.CharField()
    ended_at = serializers.DateTimeField()
    entry_count = serializers.IntegerField()
    exit_count = serializers.IntegerField()
    cancelled_reason = serializers.CharField()
    registered_at = serializers.DateTimeField()
    version = serializers.IntegerField()


def named(row, what):
    number = row[what + "_id"]
    return None if number is None else {"id": number, "name": row[what + "_name"]}


def rows_of(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, values)) for values in cursor]
    for row in rows:
        row["guest"] = {
            "id": row["guest_id"],
            "name": row["guest_name"] or None,
            "company": row["guest_company"] or None,
        }
        row["host"], row["department"], row["site"] = named(row, "host"), named(row, "department"), named(row, "site")
        row["purpose_text"] = row["purpose_text"] or None
        row["contact_phone"] = row["contact_phone"] or None
        row["cancelled_reason"] = row["cancelled_reason"] or None
    return rows


class Visits(APIView):
    authentication_classes = [KeyAuthentication]
    permission_classes = [IsKey]

    def get(self, request):
        rows = rows_of(page, parameters_of(plan["page"], request.user.scope))
        more = len(rows) > page_size
        rows = rows[:page_size]
        micros = int(rows[-1]["expected_from"].timestamp() * 1_000_000)
        following = f"/api/v1/visits/?cursor={micros}.{rows[-1]['id']}" if more else None
        return Response(
            {"count": None, "next": following, "previous": None, "results": VisitSerializer(rows, many=True).data}
        )


class Visit(APIView):
    authentication_classes = [KeyAuthentication]
    permission_classes = [IsKey]

    def get(self, request, id):
        rows = rows_of(one, parameters_of(plan["one"], request.user.scope, id=id))
        if not rows:
            raise NotFound()
        return Response(VisitSerializer(rows[0]).data)


urlpatterns = [path("api/v1/visits/", Visits.as_view()), path("api/v1/visits/<int:id>", Visit.as_view())]
application = get_wsgi_application()
