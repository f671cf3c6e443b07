"""A foreign mail server: takes mail on a loopback port, prints each as a line of JSON, and refuses by recipient.

usage: smtp_server.py PORT [CERTIFICATE KEY]    with a certificate it insists on STARTTLS
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self):
        self.busy = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown"):
            say({"refused": address})
            return f"550 5.1.1 <{address}> is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None,
            "headers": {name: str(value) for name, value in mail.items()},
            "contentType": mail.get_content_type(),
            "text": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "raw": envelope.content.decode("latin-1"),
        })
        # The mail was taken down, yet the sender hears that it should come again.
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("busy") and recipient not in self.busy:
            self.busy.add(recipient)
            return f"451 4.3.0 <{recipient}> try again later"
        return "250 OK"


def say(fact):
    print(json.dumps(fact), flush=True)


async def main():
    tls = None
    if len(sys.argv) > 2:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[2], sys.argv[3])
    handler = Handler()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="mail.example.com", tls_context=tls, require_starttls=tls is not None, loop=loop), "127.0.0.1", int(sys.argv[1]))
    say({"port": server.sockets[0].getsockname()[1]})
    # Ends with the tests, whatever becomes of them: they hold the other end of this.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
