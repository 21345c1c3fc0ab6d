#!/usr/bin/python3
"""A dead man's switch for tests: prints {"port": N}, then {"path", "query", "body"} of every ping, a line each.

Pings below /deaf are answered with 503.
"""
import http.server
import json


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path, _, query = self.path.partition("?")
        print(json.dumps({"path": path, "query": query, "body": body}), flush=True)
        self.send_response(503 if path.startswith("/deaf") else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
