#!/usr/bin/python3
"""A receiver of webhooks for tests, which believes nothing that is not signed as visitor.toml(5) says.

hook_server.py SECRET: prints {"port": N}, then every alert that it believes, a line each.
"""
import hashlib
import hmac
import http.server
import json
import sys
import time

SECRET = sys.argv[1].encode()
NEWEST = 300


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        timestamp = self.headers["Visitor-Timestamp"]
        signature = "sha256=" + hmac.new(SECRET, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        fresh = abs(time.time() - int(timestamp)) < NEWEST
        alert = json.loads(body)
        good = (
            fresh
            and hmac.compare_digest(signature, self.headers["Visitor-Signature"])
            and alert["event_id"] == self.headers["Visitor-Event-Id"]
        )
        if good:
            print(json.dumps(alert), flush=True)
        self.send_response(204 if good else 403)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
