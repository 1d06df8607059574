#!/usr/bin/env python3
"""A self-healing system that offers the plan's four endpoints and no more, in words of its own.

A restart takes 0.3 s, in which it answers 503; with the argument `silent` a restart is accepted and leaves no trace. With `ahead` its clock
is 7 s ahead of everybody else's: its page says what time it is, and it tells by that of its restarts at /api/recovery/events.
Prints the port on which it listens.
"""
import json
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SILENT = "silent" in sys.argv[1:]
AHEAD = 7.0 if "ahead" in sys.argv[1:] else 0.0
DOWN = 0.3
lock = threading.Lock()
state = {"down_until": 0.0, "restarts": 0, "resyncs": 0, "bodies": [], "events": []}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def record(self, kind, after):
        at_us = int((time.time() + after + AHEAD) * 1e6)
        event = {"seq": len(state["events"]) + 1, "at_us": at_us, "kind": kind, "module": "system"}
        state["events"].append(event)

    def do_GET(self):
        with lock:
            down = time.monotonic() < state["down_until"]
            known = {"restarts": state["restarts"], "resyncs": state["resyncs"], "bodies": state["bodies"]}
        if self.path == "/api/system/health":
            health = {"status": "restarting" if down else "ok"}
            if AHEAD:
                health["now"] = datetime.fromtimestamp(time.time() + AHEAD, timezone.utc).isoformat()
            self.answer(503 if down else 200, health)
        elif self.path == "/api/system/metrics":
            self.answer(503 if down else 200, known)
        elif AHEAD and self.path.startswith("/api/recovery/events"):
            since = int(self.path.rpartition("=")[2])
            with lock:
                happened = [event for event in state["events"] if event["at_us"] <= (time.time() + AHEAD) * 1e6]
            self.answer(200, {"events": happened[since:], "next": len(happened)})
        else:
            self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        with lock:
            if self.path == "/api/recovery/restart":
                state["restarts"] += 1
                state["bodies"].append(body)
                if not SILENT:
                    state["down_until"] = time.monotonic() + DOWN
                    self.record("exited", 0.0)
                    self.record("ready", DOWN)
                found = (202, {"accepted": True})
            elif self.path == "/api/recovery/state_resync":
                state["resyncs"] += 1
                found = (200, {"resynced": True})
            else:
                found = (404, {"detail": "Not Found"})
        self.answer(*found)


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that go away in the middle of an answer are none of our business."""


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
