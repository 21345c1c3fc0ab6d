#!/usr/bin/python3
"""A mail server for tests: aiosmtpd, with recipients that make trouble.

Prints JSON, a line each: {"port": 2525} when it is ready, then every message that it took, with its envelope and as
Python's email package reads it. Ends with its standard input, or never with --forever.
"""
import argparse
import asyncio
import base64
import email
import email.policy
import hashlib
import json
import logging
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

FOREVER = 3600


def said(what):
    print(json.dumps(what), flush=True)


def part(message, kind):
    found = message.get_body((kind,))
    return None if found is None else found.get_content().replace("\r\n", "\n")


def sha256(attachment):
    return hashlib.sha256(attachment.get_payload(decode=True)).hexdigest()


def base64_of(attachment):
    return base64.b64encode(attachment.get_payload(decode=True)).decode()


def taken(envelope, session, server):
    message = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
    photos = [each for each in message.walk() if each.get_content_maintype() == "image"]
    return {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "tls": server.transport.get_extra_info("ssl_object") is not None,
        "login": session.auth_data.login.decode() if session.auth_data else None,
        "headers": [[name, str(value)] for name, value in message.items()],
        "raw_headers": [[name, value] for name, value in message.raw_items()],
        "type": message.get_content_type(),
        "text": part(message, "plain"),
        "html": part(message, "html"),
        "attachments": [
            {"name": each.get_filename(), "type": each.get_content_type(), "sha256": sha256(each), "base64": base64_of(each)}
            for each in message.iter_attachments()
        ]
        if message.get_content_type() == "multipart/mixed"
        else [],
        "photo": photos[0].get_content().hex() if photos else None,
        "defects": [str(defect) for each in message.walk() for defect in each.defects]
        + [str(defect) for _, value in message.items() for defect in getattr(value, "defects", ())],
        "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
        "lone_line_ends": envelope.content.replace(b"\r\n", b"").count(b"\n"),
    }


class Handler:
    """What a recipient is called says what happens to it."""

    def __init__(self, largest):
        self.largest = largest
        self.greylisted = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("unwelcome@"):
            return "550 5.7.1 this sender is not welcome"
        if address.startswith("hasty@"):
            return "450 4.7.1 too many messages, slow down"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        answers = {
            "unknown": "550-5.1.1 there is no such mailbox,\r\n550 5.1.1 and there never was",
            "full": "552 5.2.2 mailbox full",
            "full4": "452 4.2.2 mailbox full",
            "exceeded": "552 exceeded storage allocation",
            "closing": "421 4.3.2 going down",
            "leaky": "550 5.7.1 your password is \x1b[31mgeheim",
        }
        if name in answers:
            return answers[name]
        if name == "greylist" and address not in self.greylisted:
            self.greylisted.add(address)
            return "451 4.7.1 greylisted, try again in 300 seconds"
        if name == "hang":
            await asyncio.sleep(FOREVER)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "vanish":
            server.transport.abort()
            return "250 never heard"
        if name == "sleepy":
            await asyncio.sleep(FOREVER)
        if name == "busy":
            return "451 4.3.0 the scanner is busy"
        if name == "spam":
            return "554 5.7.1 looks like spam"
        if len(envelope.content) > self.largest:
            return "552 5.3.4 message too large"
        said(taken(envelope, session, server))
        return "250 2.0.0 ok: queued as TEST1"


class Server(SMTP):
    def __init__(self, *args, mute_goodbye=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.mute_goodbye = mute_goodbye

    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos and self.envelope.rcpt_tos[0].startswith("drop@"):
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg):
        if self.mute_goodbye:
            await asyncio.sleep(FOREVER)
        await super().smtp_QUIT(arg)


async def main():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)  # clients that go are what tests are about
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "starttls", "tls"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--login", help="NAME:PASSWORD that a client must give")
    parser.add_argument("--largest", type=int, default=1 << 20)
    parser.add_argument("--announced", type=int, help="size that is announced, and refused with the sender's address")
    parser.add_argument("--mute-goodbye", action="store_true", help="never answer QUIT")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--forever", action="store_true")
    options = parser.parse_args()

    context = None
    if options.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate)

    def authenticate(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and options.login == (data.login + b":" + data.password).decode()
        return AuthResult(success=good, auth_data=data, handled=False)

    handler = Handler(options.largest)

    def make():
        return Server(
            handler,
            hostname="mail.test",
            data_size_limit=options.announced,
            enable_SMTPUTF8=False,
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            authenticator=authenticate if options.login else None,
            auth_required=bool(options.login),
            auth_require_tls=options.tls == "starttls",
            mute_goodbye=options.mute_goodbye,
        )

    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        make, "127.0.0.1", options.port, ssl=context if options.tls == "tls" else None
    )
    said({"port": listener.sockets[0].getsockname()[1]})
    if options.forever:
        await asyncio.Event().wait()
    await loop.run_in_executor(None, sys.stdin.read)
    # Clients that are still there are not waited for.
    sys.stdout.flush()
    os._exit(0)


asyncio.run(main())
