"""A foreign mail server: takes mail on a loopback port, prints each as a line of JSON, and refuses by recipient.

usage: smtp_server.py PORT [--tls starttls|implicit --certificate FILE --key FILE] [--auth MECHANISM] [--refuse connect|ehlo|mail|mailNNN]
    with --tls starttls it insists on STARTTLS; with --auth it insists on user "gatehouse" with password or token "right"
"""
import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

OTHERS = {"PLAIN": ["LOGIN"], "LOGIN": ["PLAIN"], "XOAUTH2": ["LOGIN", "PLAIN"]}


class Handler:
    def __init__(self, refuse):
        self.busy = set()
        self.refuse = refuse

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return ["550 5.7.1 go away"] if self.refuse == "ehlo" else responses

    async def handle_HELO(self, server, session, envelope, hostname):
        return "550 5.7.1 go away" if self.refuse == "ehlo" else "250 mail.example.com"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refuse and self.refuse.startswith("mail"):
            say({"refused": "mail"})
            return f"{self.refuse[4:] or 550} 5.7.1 not from there"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith(("unknown", "final")):
            say({"refused": address})
            return f"{address[5:8] if address.startswith('final') else 550} 5.1.1 <{address}> is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("heavy"):
            say({"refused": recipient})
            return f"{recipient[5:8]} 5.7.1 <{recipient}> gets no such mail"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            "ehlo": session.host_name,
            "auth": getattr(session, "mechanism", None),
            "connection": session.peer[1],
            "headers": {name: str(value) for name, value in mail.items()},
            "contentType": mail.get_content_type(),
            "text": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "raw": envelope.content.decode("latin-1"),
        })
        # The mail was taken down, yet the sender hears that it should come again.
        if recipient.startswith("busy") and recipient not in self.busy:
            self.busy.add(recipient)
            return f"451 4.3.0 <{recipient}> try again later"
        return "250 OK"

    async def auth_XOAUTH2(self, server, args):
        import base64
        given = base64.b64decode(args[1])
        good = given == b"user=gatehouse\x01auth=Bearer right\x01\x01"
        if good:
            server.session.mechanism = "XOAUTH2"
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


def authenticate(server, session, envelope, mechanism, data):
    session.mechanism = mechanism
    return AuthResult(success=data.login == b"gatehouse" and data.password == b"right", handled=False)


def say(fact):
    print(json.dumps(fact), flush=True)


async def turn_away(reader, writer):
    writer.write(b"554 5.7.1 no service for you\r\n")
    await writer.drain()
    writer.close()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--tls")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--auth")
    parser.add_argument("--refuse")
    asked = parser.parse_args()
    tls = None
    if asked.tls:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(asked.certificate, asked.key)
    handler = Handler(asked.refuse)
    loop = asyncio.get_running_loop()
    settings = {"hostname": "mail.example.com", "loop": loop}
    if asked.tls == "starttls":
        settings |= {"tls_context": tls, "require_starttls": True}
    if asked.auth:
        settings |= {
            "authenticator": authenticate, "auth_required": True, "auth_require_tls": asked.tls == "starttls", "auth_exclude_mechanism": OTHERS[asked.auth],
        }
        if asked.auth != "XOAUTH2":
            settings["auth_exclude_mechanism"] = settings["auth_exclude_mechanism"] + ["XOAUTH2"]
    if asked.refuse == "connect":
        server = await asyncio.start_server(turn_away, "127.0.0.1", asked.port)
    else:
        server = await loop.create_server(
            lambda: SMTP(handler, **settings), "127.0.0.1", asked.port, ssl=tls if asked.tls == "implicit" else None)
    say({"port": server.sockets[0].getsockname()[1]})
    # Ends with the tests, whatever becomes of them: they hold the other end of this.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
