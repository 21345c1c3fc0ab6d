"""server_fake.py MODE [URL]: stands between visitorctl and a visitord, on a port that it writes to standard output.

MODE is
  old      knows no address, as a visitord that is older than the program would say of a new one
  page     answers everything with a page for people
  busy     has had enough requests
  forgets  does what is asked at the visitord at URL, and hangs up on the first POST instead of answering it
  endless  answers with more than anybody should read
Each request is a line on standard error: method, path, Idempotency-Key.
"""

import http.client
import http.server
import json
import sys
from urllib.parse import urlsplit

mode = sys.argv[1]
there = urlsplit(sys.argv[2]) if len(sys.argv) > 2 else None


def problem(status, name, detail):
    return json.dumps({
        "type": f"urn:visitor:problem:{name}", "title": "no", "status": status, "detail": detail,
        "request_id": "abc123", "hint": "", "errors": []}).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hung_up = False

    def answer(self, status, kind, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def forward(self, body):
        upstream = http.client.HTTPConnection(there.hostname, there.port, timeout=60)
        kept = ("Authorization", "Content-Type", "If-Match", "Idempotency-Key")
        upstream.request(self.command, self.path, body, {n: self.headers[n] for n in kept if self.headers[n]})
        response = upstream.getresponse()
        content = response.read()
        if self.command == "POST" and not Handler.hung_up:
            Handler.hung_up = True
            self.close_connection = True
            return
        etag = [("ETag", response.headers["ETag"])] if response.headers["ETag"] else []
        self.answer(response.status, response.headers["Content-Type"], content, etag)

    def do_GET(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        print(self.command, self.path, self.headers["Idempotency-Key"], file=sys.stderr, flush=True)
        if mode == "old":
            text = problem(404, "not_found", "there is nothing at this address")
            self.answer(404, "application/problem+json", text)
        elif mode == "page":
            self.answer(200, "text/html", b"<p>Welcome to the router</p>")
        elif mode == "busy":
            self.answer(429, "application/problem+json", problem(429, "rate_limited", "more than 1 requests a minute"),
                        [("Retry-After", "7")])
        elif mode == "endless":
            self.send_response(200)
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
        else:
            self.forward(body)

    do_POST = do_PATCH = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
