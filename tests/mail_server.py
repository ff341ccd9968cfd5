"""A mail server on this machine that can be as bad as real ones are."""

import socketserver
import ssl
import threading
from pathlib import Path


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` replaces what it says to a command; a manner is a way to behave as a whole."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answers: dict[str, str] | None = None, manner: str = "", certificate: Path | None = None):
        super().__init__(("127.0.0.1", 0), _Visit)
        self.answers, self.manner = answers or {}, manner
        self.taken: list[str] = []  # letters, also those of which the sender was told nothing
        self.asked: list[str] = []  # whom they were for
        self.calls = 0
        self.over = threading.Event()
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.url = self.url.replace("smtp:", "smtps:")

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Who was kept waiting has left."""


class _Visit(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self):
        self.server.calls += 1
        if self.server.manner == "hole":
            self.server.over.wait(30)
        elif self.server.manner == "drip":
            while not self.server.over.wait(0.02):
                self.wfile.write(b"2")
        else:
            self._say("220 here")
            while (line := self.rfile.readline().decode().strip()) and self._answer(line):
                pass

    def _answer(self, line: str) -> bool:
        command = line.split()[0].upper()
        if command == "RCPT":
            self.server.asked.append(line)
        if command == "DATA":
            self._say("354 go on")
            letter = b""
            while (part := self.rfile.readline()) not in (b".\r\n", b""):
                letter += part
            self.server.taken.append(letter.decode())
            if self.server.manner == "drops":
                return False
        if command == "QUIT" and self.server.manner == "clings":
            self.server.over.wait(30)
        self._say(self.server.answers.get(command, "250 fine"))
        return command != "QUIT"

    def _say(self, text: str):
        if self.server.manner == "slow":
            self.server.over.wait(0.1)
        self.wfile.write(text.encode() + b"\r\n")
