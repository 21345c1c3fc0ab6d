#!/usr/bin/env python3
"""A webhook's other side for end-to-end tests: takes alerts, and misbehaves as it is told.

alert_receiver.py FOLDER writes FOLDER/url once it listens. For each call it reads FOLDER/mode anew:

  ok    takes it
  busy  429 with Retry-After: 1
  down  503
  hold  takes it, and keeps its answer back until the mode is another one

What was taken stands in FOLDER/taken, a line each: event id, whether it was marked as possibly repeated, and when.
What no caller should send stands in FOLDER/complaints.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

folder = Path(sys.argv[1])
lock = threading.Lock()


def mode():
    return (folder / "mode").read_text().strip()


def note(name, line):
    with lock, open(folder / name, "a") as file:
        file.write(line + "\n")


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender, who writes head and body one after the other, was killed in between
            self.close_connection = True
            return
        try:
            alert = json.loads(body)
            event, repeated = alert["event_id"], alert["possibly_repeated"]
            if self.headers["Visitor-Event-Id"] != event:
                raise ValueError("the header names another event")
        except (ValueError, KeyError, TypeError) as error:
            note("complaints", f"{error}: {body!r}")
            return self.answer(400)
        now = mode()
        if now == "busy":
            return self.answer(429, [("Retry-After", "1")])
        if now == "down":
            return self.answer(503)
        note("taken", f"{event} {'repeated' if repeated else 'new'} {time.time():.3f}")
        while mode() == "hold":
            time.sleep(0.02)
        self.answer(200)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
(folder / "url.new").write_text(f"http://127.0.0.1:{server.server_address[1]}/alerts\n")
(folder / "url.new").rename(folder / "url")
server.serve_forever()
