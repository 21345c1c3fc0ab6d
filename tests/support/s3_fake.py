#!/usr/bin/python3
"""A strict S3 server for tests, which makes trouble as it is told.

Prints {"port": N} when it is ready, and ends with its standard input, or never with --forever. It shares no code with
the client: signatures are computed here anew. What S3 would refuse is refused: unsigned headers and payloads, a clock
15 minutes off, parts under 5 MiB, tags of parts that it did not give out, Object Lock without a checksum.

Besides S3 it answers, unsigned:

  POST /_fake/faults   a list of {"method", "has", "do", "times"}: what to do with the next requests of that method
                       whose target holds that text; see FAULTS
  GET  /_fake/state    objects, unfinished uploads, and the requests that were made
  POST /_fake/corrupt  {"key"}: flips a bit of a stored object
"""
import argparse
import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import ssl
import socket
import struct
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
LEAST_PART = 5 << 20
ALLOWED_SKEW = datetime.timedelta(minutes=15)
STORAGE_CLASSES = {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"}

FAULTS = {
    "slow_down": "503 SlowDown",
    "internal": "500 InternalError",
    "busy_in_body": "503 in the middle of the request's body, and hangs up",
    "drop_in_body": "hangs up in the middle of the request's body",
    "drop": "hangs up instead of an answer, before anything is done",
    "drop_answer": "does it, and hangs up instead of an answer",
    "hang": "does it, and never answers",
    "cut": "sends half of the answer's body, and hangs up",
    "wrong_etag": "does it, and names the tag of other bytes",
    "corrupt": "stores other bytes than were sent",
    "bad_digest": "400 BadDigest",
    "late_error": "200 with an <Error> in it",
    "no_lock": "forgets the lock that was asked for",
    "other_size": "a Content-Length of one byte less (HEAD)",
    "no_xml": "200 with a web page",
    "denied": "403 AccessDenied",
    "no_range": "answers with the whole object",
    "same_page": "a list whose next page is this one again",
}

lock = threading.RLock()
objects = {}  # (bucket, key) -> Object
deleted = []  # versions that a delete marker hides
uploads = {}  # id -> Upload
requests = []
faults = []
counter = [0]


class Refusal(Exception):
    def __init__(self, status, code, message="", **more):
        super().__init__(code)
        self.status, self.code, self.message, self.more = status, code, message or code, more


class Object:
    def __init__(self, body, etag, headers):
        self.body, self.etag, self.headers = body, etag, headers
        self.modified = now()


class Upload:
    def __init__(self, bucket, key, headers):
        self.bucket, self.key, self.headers = bucket, key, headers
        self.parts = {}
        self.begun = now()


def now():
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=options.skew)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def http_date(moment):
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def quote(text, safe=""):
    return urllib.parse.quote(text, safe="-._~" + safe)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def fresh_id(kind):
    counter[0] += 1
    return f"{kind}-{counter[0]}"


def signature(method, path, query, headers, signed, payload_hash, date, scope, secret):
    """Signature Version 4, as the S3 reference describes it. headers: lower-case name -> value."""
    pairs = sorted((quote(k), quote(v)) for k, v in query)
    canonical = "\n".join(
        [
            method,
            quote(urllib.parse.unquote(path), safe="/"),
            "&".join(f"{k}={v}" for k, v in pairs),
            "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in signed),
            ";".join(signed),
            payload_hash,
        ]
    )
    to_sign = "\n".join(["AWS4-HMAC-SHA256", date, scope, sha256(canonical.encode())])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one segment an answer

    def log_message(self, *_):
        pass

    # -- plumbing

    def answer(self, status, body=b"", headers=()):
        if isinstance(body, str):
            body = body.encode()
        self.send_response_only(status)
        self.send_header("Date", http_date(now()))
        self.send_header("x-amz-request-id", fresh_id("request"))
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names and status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.fault == "cut" and len(body) > 1:
            self.wfile.write(body[: len(body) // 2])
            self.hang_up()
        else:
            self.wfile.write(body)

    def xml(self, root, body, status=200):
        self.answer(
            status,
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{body}</{root}>',
            [("Content-Type", "application/xml")],
        )

    def refuse(self, refusal):
        more = "".join(f"<{k}>{escape(v)}</{k}>" for k, v in refusal.more.items())
        self.answer(
            refusal.status,
            f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{refusal.code}</Code>'
            f"<Message>{escape(refusal.message)}</Message>{more}<RequestId>1</RequestId></Error>",
            [("Content-Type", "application/xml")],
        )

    def hang_up(self):
        self.wfile.flush()
        # With a reset: what is still unread would make it one anyway.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, ValueError, OSError):
            self.close_connection = True

    def read_body(self):
        length = int(self.headers.get("Content-Length", 0))
        if self.fault in ("busy_in_body", "drop_in_body"):
            self.rfile.read(length // 2)
            if self.fault == "busy_in_body":
                self.refuse(Refusal(503, "SlowDown", "Please reduce your request rate."))
            self.hang_up()
            raise ConnectionError
        return self.rfile.read(length)

    def serve(self):
        self.fault = ""
        parts = urllib.parse.urlsplit(self.path)
        if parts.path.startswith("/_fake/"):
            return self.control(parts.path, self.read_body())
        self.fault = next_fault(self.command, self.path)
        self.query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        self.asked = dict(self.query)
        with lock:
            requests.append({"method": self.command, "target": self.path, "fault": self.fault})
        body = self.read_body()
        if self.fault == "drop":
            return self.hang_up()
        with lock:
            try:
                self.check(parts.path, body)
                self.make_trouble()
                self.work(body)
            except Refusal as refusal:
                self.refuse(refusal)
        if self.close_connection:
            return None
        self.wfile.flush()
        return None

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = serve

    def make_trouble(self):
        refusals = {
            "slow_down": Refusal(503, "SlowDown", "Please reduce your request rate."),
            "internal": Refusal(500, "InternalError", "We encountered an internal error. Please try again."),
            "bad_digest": Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received."),
            "denied": Refusal(403, "AccessDenied", "Access Denied"),
            "late_error": Refusal(200, "InternalError", "We encountered an internal error. Please try again."),
        }
        if self.fault in refusals:
            raise refusals[self.fault]

    def control(self, path, body):
        with lock:
            if path == "/_fake/faults":
                given = json.loads(body)
                unknown = [fault["do"] for fault in given if fault["do"] not in FAULTS]
                if unknown:
                    return self.answer(400, f"unknown: {unknown}")
                faults[:] = given
                return self.answer(200, "{}")
            if path == "/_fake/corrupt":
                thing = objects[(options.bucket, json.loads(body)["key"])]
                thing.body = bytes([thing.body[0] ^ 1]) + thing.body[1:]
                return self.answer(200, "{}")
            return self.answer(200, json.dumps(state()))

    # -- who asks

    def check(self, path, body):
        host = self.headers.get("Host", "")
        first, _, rest = host.partition(".")
        if first == options.bucket and rest:
            self.bucket, self.key = first, urllib.parse.unquote(path[1:])
        else:
            bucket, _, key = path[1:].partition("/")
            self.bucket, self.key = bucket, urllib.parse.unquote(key)
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})",
            headers.get("authorization", ""),
        )
        if not given:
            raise Refusal(403, "AccessDenied", "the request is not signed")
        access_key, scope, names, signed_as = given.groups()
        if access_key != options.access_key:
            raise Refusal(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist.")
        if options.token and headers.get("x-amz-security-token") != options.token:
            raise Refusal(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
        day, region, service, end = scope.split("/")
        date = headers.get("x-amz-date", "")
        if (service, end) != ("s3", "aws4_request") or not date.startswith(day):
            raise Refusal(400, "AuthorizationHeaderMalformed", "the scope is wrong")
        if region != options.region:
            raise Refusal(
                400,
                "AuthorizationHeaderMalformed",
                f"the region '{region}' is wrong; expecting '{options.region}'",
                Region=options.region,
            )
        signed = names.split(";")
        needed = {"host"} | {name for name in headers if name.startswith("x-amz-") or name in ("content-md5",)}
        if missing := needed - set(signed):
            raise Refusal(403, "AccessDenied", f"there were headers present which were not signed: {missing}")
        payload_hash = headers.get("x-amz-content-sha256", "")
        expected = signature(
            self.command, path, self.query, headers, signed, payload_hash, date, scope, options.secret_key
        )
        if not hmac.compare_digest(expected, signed_as):
            raise Refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
        at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        if abs(at - now()) > ALLOWED_SKEW:
            raise Refusal(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                RequestTime=date,
                ServerTime=iso(now()),
            )
        if payload_hash != sha256(body):
            raise Refusal(400, "XAmzContentSHA256Mismatch", "the payload is not the one that was signed")
        if "content-md5" in headers and base64.b64encode(hashlib.md5(body).digest()).decode() != headers["content-md5"]:
            raise Refusal(400, "BadDigest", "the payload does not have that MD5")
        if self.bucket and self.bucket != options.bucket:
            raise Refusal(404, "NoSuchBucket", "The specified bucket does not exist")
        self.sent = headers

    # -- what is asked

    def work(self, body):
        if self.fault == "no_xml":
            return self.answer(200, "<html><body>Welcome</body></html>", [("Content-Type", "text/html")])
        if not self.key:
            return self.work_on_bucket()
        if "uploads" in self.asked and self.command == "POST":
            return self.begin_upload()
        if "uploadId" in self.asked:
            return self.work_on_upload(body)
        if self.command == "PUT":
            return self.put(body)
        if self.command in ("GET", "HEAD"):
            return self.get()
        if self.command == "DELETE":
            return self.remove()
        raise Refusal(405, "MethodNotAllowed")

    def object_headers(self):
        sent, kept = self.sent, {}
        storage = sent.get("x-amz-storage-class")
        if storage:
            if storage not in STORAGE_CLASSES:
                raise Refusal(400, "InvalidStorageClass", "The storage class you specified is not valid")
            kept["x-amz-storage-class"] = storage
        encryption = sent.get("x-amz-server-side-encryption")
        if encryption:
            if encryption not in ("AES256", "aws:kms"):
                raise Refusal(400, "InvalidArgument", "The encryption method specified is not supported")
            kept["x-amz-server-side-encryption"] = encryption
            if "x-amz-server-side-encryption-aws-kms-key-id" in sent:
                kept["x-amz-server-side-encryption-aws-kms-key-id"] = sent["x-amz-server-side-encryption-aws-kms-key-id"]
        mode, until = sent.get("x-amz-object-lock-mode"), sent.get("x-amz-object-lock-retain-until-date")
        if (mode is None) != (until is None):
            raise Refusal(400, "InvalidArgument", "a lock needs both mode and date")
        if mode:
            if not options.object_lock:
                raise Refusal(400, "InvalidRequest", "Bucket is missing Object Lock Configuration")
            if mode not in ("GOVERNANCE", "COMPLIANCE"):
                raise Refusal(400, "InvalidArgument", "Unknown wormMode directive.")
            if datetime.datetime.fromisoformat(until.replace("Z", "+00:00")) <= now():
                raise Refusal(400, "InvalidArgument", "The retain until date must be in the future!")
            if self.command == "PUT" and "content-md5" not in self.sent:
                raise Refusal(400, "InvalidRequest", "Content-MD5 is required for Put with Object Lock parameters")
            if self.fault != "no_lock":
                kept["x-amz-object-lock-mode"] = mode
                kept["x-amz-object-lock-retain-until-date"] = until
        return kept

    def tag_headers(self, etag, kept):
        shown = hashlib.md5(b"other").hexdigest() if self.fault == "wrong_etag" else etag
        return [("ETag", f'"{shown}"')] + list(kept.items())

    def stored(self, body):
        return bytes([body[0] ^ 1]) + body[1:] if self.fault == "corrupt" and body else body

    def tag_of(self, body, kept):
        if kept.get("x-amz-server-side-encryption") == "aws:kms":
            return hashlib.md5(os.urandom(16)).hexdigest()
        return hashlib.md5(body).hexdigest()

    def finish(self, status, body=b"", headers=()):
        if self.fault == "drop_answer":
            return self.hang_up()
        if self.fault == "hang":
            self.hang_until_gone()
            return self.hang_up()
        return self.answer(status, body, headers)

    def hang_until_gone(self):
        lock.release()
        try:
            self.connection.recv(1)
        finally:
            lock.acquire()

    def put(self, body):
        kept = self.object_headers()
        body = self.stored(body)
        etag = self.tag_of(body, kept)
        self.replace(Object(body, etag, kept))
        self.finish(200, b"", self.tag_headers(etag, kept))

    def replace(self, thing):
        self.hide()
        objects[(self.bucket, self.key)] = thing

    def hide(self):
        """What has a lock stays as a version."""
        old = objects.pop((self.bucket, self.key), None)
        if old is not None and "x-amz-object-lock-mode" in old.headers:
            deleted.append(self.key)

    def begin_upload(self):
        kept = self.object_headers()
        name = fresh_id("upload")
        uploads[name] = Upload(self.bucket, self.key, kept)
        if self.fault in ("drop_answer", "hang"):
            return self.finish(200)
        return self.xml(
            "InitiateMultipartUploadResult",
            f"<Bucket>{self.bucket}</Bucket><Key>{escape(self.key)}</Key><UploadId>{name}</UploadId>",
        )

    def work_on_upload(self, body):
        name = self.asked["uploadId"]
        upload = uploads.get(name)
        if upload is None or (upload.bucket, upload.key) != (self.bucket, self.key):
            raise Refusal(404, "NoSuchUpload", "The specified upload does not exist.")
        if self.command == "PUT":
            number = int(self.asked["partNumber"])
            if not 1 <= number <= 10000:
                raise Refusal(400, "InvalidArgument", "Part number must be an integer between 1 and 10000")
            if any(header.startswith("x-amz-object-lock") for header in self.sent):
                raise Refusal(400, "InvalidArgument", "a part has no lock")
            body = self.stored(body)
            etag = self.tag_of(body, upload.headers)
            upload.parts[number] = (body, etag)
            encryption = {k: v for k, v in upload.headers.items() if k.startswith("x-amz-server-side")}
            return self.finish(200, b"", self.tag_headers(etag, encryption))
        if self.command == "GET":
            after, most = int(self.asked.get("part-number-marker", 0)), int(self.asked.get("max-parts", 1000))
            numbers = [n for n in sorted(upload.parts) if n > after]
            parts = "".join(
                f"<Part><PartNumber>{n}</PartNumber><ETag>&quot;{upload.parts[n][1]}&quot;</ETag>"
                f"<Size>{len(upload.parts[n][0])}</Size></Part>"
                for n in numbers[:most]
            )
            return self.xml("ListPartsResult", f"<IsTruncated>{str(len(numbers) > most).lower()}</IsTruncated>{parts}")
        if self.command == "DELETE":
            del uploads[name]
            return self.finish(204)
        return self.complete(name, upload, body)

    def complete(self, name, upload, body):
        tree = ElementTree.fromstring(body)
        if tree.tag != f"{{{NAMESPACE}}}CompleteMultipartUpload":
            raise Refusal(400, "MalformedXML")
        wanted = [
            (int(p.findtext(f"{{{NAMESPACE}}}PartNumber")), p.findtext(f"{{{NAMESPACE}}}ETag").strip('"')) for p in tree
        ]
        numbers = [number for number, _ in wanted]
        if numbers != sorted(set(numbers)):
            raise Refusal(400, "InvalidPartOrder", "The list of parts was not in ascending order.")
        if not wanted or any(n not in upload.parts or upload.parts[n][1] != etag for n, etag in wanted):
            raise Refusal(400, "InvalidPart", "One or more of the specified parts could not be found.")
        if any(len(upload.parts[n][0]) < LEAST_PART for n in numbers[:-1]):
            raise Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
        whole = b"".join(upload.parts[n][0] for n in numbers)
        sums = b"".join(hashlib.md5(upload.parts[n][0]).digest() for n in numbers)
        etag = f"{self.tag_of(sums, upload.headers)}-{len(numbers)}"
        self.replace(Object(self.stored(whole), etag, upload.headers))
        del uploads[name]
        if self.fault in ("drop_answer", "hang"):
            return self.finish(200)
        return self.xml(
            "CompleteMultipartUploadResult",
            f"<Bucket>{self.bucket}</Bucket><Key>{escape(self.key)}</Key><ETag>&quot;{etag}&quot;</ETag>",
        )

    def get(self):
        thing = objects.get((self.bucket, self.key))
        if thing is None:
            raise Refusal(404, "NoSuchKey", "The specified key does not exist.")
        if self.headers.get("If-Match", f'"{thing.etag}"').strip('"') != thing.etag:
            raise Refusal(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        headers = self.tag_headers(thing.etag, thing.headers) + [
            ("Last-Modified", http_date(thing.modified)),
            ("Accept-Ranges", "bytes"),
            ("Content-Type", "application/octet-stream"),
        ]
        size = len(thing.body)
        if self.command == "HEAD":
            shown = size - 1 if self.fault == "other_size" else size
            return self.answer(200, b"", headers + [("Content-Length", str(shown))])
        given = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not given or self.fault == "no_range":
            return self.answer(200, thing.body, headers)
        first = int(given[1])
        last = min(int(given[2] or size), size - 1)
        if first >= size:
            raise Refusal(416, "InvalidRange", "The requested range is not satisfiable")
        headers.append(("Content-Range", f"bytes {first}-{last}/{size}"))
        return self.answer(206, thing.body[first : last + 1], headers)

    def remove(self):
        if "versionId" in self.asked:
            raise Refusal(403, "AccessDenied", "Access Denied because object protected by object lock.")
        self.hide()
        self.finish(204)

    # -- lists

    def work_on_bucket(self):
        if self.command not in ("GET", "HEAD"):
            raise Refusal(405, "MethodNotAllowed")
        if self.command == "HEAD":
            return self.answer(200)
        if not self.bucket:
            body = f"<Buckets><Bucket><Name>{options.bucket}</Name><CreationDate>{iso(now())}</CreationDate></Bucket></Buckets>"
            return self.xml("ListAllMyBucketsResult", body)
        if "location" in self.asked:
            return self.xml("LocationConstraint", "" if options.region == "us-east-1" else options.region)
        if "uploads" in self.asked:
            return self.list_uploads()
        return self.list_objects()

    def shown(self, key):
        return quote(key, safe="/") if self.asked.get("encoding-type") == "url" else escape(key)

    def list_objects(self):
        newer = self.asked.get("list-type") == "2"
        prefix, delimiter = self.asked.get("prefix", ""), self.asked.get("delimiter", "")
        after = self.asked.get("continuation-token" if newer else "marker", self.asked.get("start-after", ""))
        most = min(int(self.asked.get("max-keys", options.page)), options.page)
        entries, seen = [], set()
        for _, key in sorted(objects):
            if not key.startswith(prefix) or key <= after:
                continue
            rest = key[len(prefix) :]
            if delimiter and delimiter in rest:
                folder = prefix + rest.split(delimiter)[0] + delimiter
                if folder not in seen and folder > after:
                    seen.add(folder)
                    entries.append((folder, None))
                continue
            entries.append((key, objects[(self.bucket, key)]))
        page = entries[:most]
        truncated = len(entries) > most
        body = f"<Name>{self.bucket}</Name><Prefix>{self.shown(prefix)}</Prefix><MaxKeys>{most}</MaxKeys>"
        body += f"<IsTruncated>{str(truncated).lower()}</IsTruncated>"
        if delimiter:
            body += f"<Delimiter>{escape(delimiter)}</Delimiter>"
        if truncated and newer:
            token = after or "again" if self.fault == "same_page" else page[-1][0]
            body += f"<NextContinuationToken>{escape(token)}</NextContinuationToken>"
        elif truncated:
            body += f"<NextMarker>{self.shown(page[-1][0])}</NextMarker>"
        for key, thing in page:
            if thing is None:
                body += f"<CommonPrefixes><Prefix>{self.shown(key)}</Prefix></CommonPrefixes>"
            else:
                body += (
                    f"<Contents><Key>{self.shown(key)}</Key><LastModified>{iso(thing.modified)}</LastModified>"
                    f"<ETag>&quot;{thing.etag}&quot;</ETag><Size>{len(thing.body)}</Size>"
                    f"<StorageClass>{thing.headers.get('x-amz-storage-class', 'STANDARD')}</StorageClass></Contents>"
                )
        self.xml("ListBucketResult", body)

    def list_uploads(self):
        prefix = self.asked.get("prefix", "")
        after = (self.asked.get("key-marker", ""), self.asked.get("upload-id-marker", ""))
        entries = sorted((upload.key, name) for name, upload in uploads.items() if upload.key.startswith(prefix))
        entries = [entry for entry in entries if entry > after]
        page = entries[: options.page]
        body = f"<IsTruncated>{str(len(entries) > len(page)).lower()}</IsTruncated>"
        if len(entries) > len(page):
            body += f"<NextKeyMarker>{self.shown(page[-1][0])}</NextKeyMarker>"
            body += f"<NextUploadIdMarker>{page[-1][1]}</NextUploadIdMarker>"
        for key, name in page:
            body += f"<Upload><Key>{self.shown(key)}</Key><UploadId>{name}</UploadId>"
            body += f"<Initiated>{iso(uploads[name].begun)}</Initiated></Upload>"
        self.xml("ListMultipartUploadsResult", body)


def next_fault(method, target):
    with lock:
        for fault in faults:
            if fault.get("method", method) == method and fault.get("has", "") in target and fault.get("times", 1) > 0:
                fault["times"] = fault.get("times", 1) - 1
                return fault["do"]
    return ""


def state():
    return {
        "objects": {
            key: {"size": len(thing.body), "sha256": sha256(thing.body), "etag": thing.etag, "headers": thing.headers}
            for (_, key), thing in objects.items()
        },
        "uploads": {name: {"key": upload.key, "parts": sorted(upload.parts)} for name, upload in uploads.items()},
        "deleted": deleted,
        "requests": requests,
    }


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass  # clients hang up


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--bucket", default="backups")
parser.add_argument("--region", default="us-east-1")
parser.add_argument("--access-key", default="AKIAIOSFODNN7EXAMPLE")
parser.add_argument("--secret-key", default="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
parser.add_argument("--token", default="")
parser.add_argument("--skew", type=int, default=0, help="seconds that its clock is ahead")
parser.add_argument("--page", type=int, default=1000, help="entries of one list")
parser.add_argument("--object-lock", action="store_true", help="the bucket has Object Lock")
parser.add_argument("--tls", help="PEM file with key and certificate")
parser.add_argument("--forever", action="store_true")
options = parser.parse_args()

server = Server(("127.0.0.1", options.port), Handler)
if options.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.tls)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(json.dumps({"port": server.server_address[1]}), flush=True)
if options.forever:
    server.serve_forever()
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
