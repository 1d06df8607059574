#!/usr/bin/env python3
"""A web server under a supervisor that tells of its crashes, with nothing of R-v0.2.

The supervisor starts the server again 0.2 s after its end, keeps a list of what happened at /incidents on a port of its own, and posts
a message for people to the address in its first argument, if there is one. Prints the server's port and its own. The server answers
everybody who brings the token `letmein`, says UP at /ready, and echoes bodies at /echo.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Web(Handler):
    def do_GET(self):
        if self.headers.get("x-token") != "letmein":
            self.answer(401, b"{}")
        elif self.path == "/ready":
            self.answer(200, json.dumps({"state": {"overall": "UP"}, "pid": os.getpid()}).encode())
        else:
            self.answer(200, b"{}")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fits = self.headers.get("x-token") == "letmein" and json.loads(body)["seq"] > 0
        self.answer(201 if fits else 400, body)


def web(port):
    ThreadingHTTPServer(("127.0.0.1", port), Web).serve_forever()


incidents = []


class Incidents(Handler):
    def do_GET(self):
        self.answer(200, json.dumps({"incidents": list(incidents)}).encode())


def tell(sink, text):
    body = json.dumps({"text": text}).encode()
    try:
        urllib.request.urlopen(urllib.request.Request(sink, body, {"content-type": "application/json"}), timeout=2)
    except OSError:
        pass


def supervise(sink):
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as free:
        port = free.server_address[1]
    lists = ThreadingHTTPServer(("127.0.0.1", 0), Incidents)
    threading.Thread(target=lists.serve_forever, daemon=True).start()
    command = [sys.executable, os.path.abspath(__file__), "--web", str(port)]
    child = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        print(port, lists.server_address[1], flush=True)
        while True:
            child.wait()
            incidents.append({"nr": len(incidents) + 1, "what": "down", "who": {"name": "web"}})
            if sink:
                tell(sink, "ALERT web is down, starting it again")
            time.sleep(0.2)
            child = subprocess.Popen(command)
    finally:
        child.kill()


if sys.argv[1:2] == ["--web"]:
    web(int(sys.argv[2]))
else:
    supervise(sys.argv[1] if sys.argv[1:] else None)
