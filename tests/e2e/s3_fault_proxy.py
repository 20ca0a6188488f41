"""A proxy in front of an S3 server that does what goes wrong between two computers, and inside the other one.

It passes requests on as they are, `Host` included, so that the client's signature, made for the proxy's address,
stays good. Faults befall chosen requests: see Rule, and the faults at the end of the file. Where a fault must change
a request it signs it anew with the keys it is given.
"""
import base64
import email.utils
import fnmatch
import hashlib
import re
import socket
import socketserver
import struct
import threading
from datetime import timedelta
from xml.sax.saxutils import escape

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from s3_messages import PATIENCE_SECONDS, Request, Response, Upstream, error_response, read_request


# ---- The proxy


class Exchange:
    """One request on its way, as faults see it. What they do not answer goes unanswered."""

    def __init__(self, proxy: "FaultProxy", client: socket.socket, upstream: Upstream, request: Request):
        self._proxy, self._client, self._upstream = proxy, client, upstream
        self.request = request
        self.is_open = True

    def forward(self, changed: Request = None) -> Response:
        """What the server answers to the request, or to a changed one."""
        return self._upstream.send(changed or self.request)

    def reply(self, response: Response, body_bytes: int = None):
        """Answers; with `body_bytes` only the begin of the body, and then closes."""
        self._proxy.let_time_pass(self.request, response)
        self.request.status = response.status
        self._client.sendall(response.bytes(0 if self.request.method == "HEAD" else body_bytes))
        if body_bytes is not None or response.header("Connection").lower() == "close":
            self.close()

    def close(self):
        self.is_open = False

    def reset(self):
        """Closes so that the client sees a reset instead of an end."""
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._client.close()  # at once, or an orderly end would go out first
        self.close()


class Rule:
    """Which requests a fault befalls: those of an operation and a key (patterns of `fnmatch`; `*` takes `/` too),
    from the `first` on, `times` of them (None: all), counted from when one of the operation `after` has been answered.

    As a context manager it holds within the block only.
    """

    def __init__(self, proxy, fault, operation, key, first, times, after):
        self._proxy, self._fault = proxy, fault
        self._operation, self._key, self._after = operation, key, after
        self._first, self._times = first, times
        self._num_seen = 0
        self.befallen = []  # the requests, in order

    def takes(self, request: Request) -> bool:
        """Counts the request; whether the fault befalls it. Called under the proxy's lock."""
        if not fnmatch.fnmatchcase(request.operation, self._operation):
            return False
        if not fnmatch.fnmatchcase(request.key, self._key):
            return False
        if self._after and not any(done.operation == self._after and done.status for done in self._proxy.log):
            return False
        self._num_seen += 1
        is_within = self._times is None or self._num_seen < self._first + self._times
        if self._num_seen < self._first or not is_within:
            return False
        self.befallen.append(request)
        return True

    def befall(self, exchange: Exchange):
        self._fault(exchange)

    def remove(self):
        self._proxy.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class FaultProxy:
    """Listens on a free port of the loopback device until it is stopped."""

    def __init__(self, upstream: tuple):
        self._address = upstream
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._rules = []
        self._num_at_work = 0
        self.time_passed = timedelta(0)  # since intents were written, as clients are told
        self.log = []  # every request that has come whole

        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                proxy.serve(self.request)

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        self._listener = Listener(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._listener.server_address[1]}"
        threading.Thread(target=self._listener.serve_forever, daemon=True).start()

    def stop(self):
        self._listener.shutdown()
        self._listener.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def befall(self, fault, operation="*", key="*", first=1, times=1, after="") -> Rule:
        """Lets a fault befall requests that are still to come. The first rule that takes a request has it."""
        rule = Rule(self, fault, operation, key, first, times, after)
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: Rule):
        with self._lock:
            if rule in self._rules:
                self._rules.remove(rule)

    def forget(self):
        """No rules, no log, no time that has passed."""
        with self._lock:
            self._rules.clear()
            self.log.clear()
            self.time_passed = timedelta(0)

    def count(self, operation: str = "*", key: str = "*") -> int:
        with self._lock:
            return sum(
                fnmatch.fnmatchcase(request.operation, operation) and fnmatch.fnmatchcase(request.key, key)
                for request in self.log
            )

    def wait_until_idle(self, but_for: int = 0):
        """Until no request is at work any more, `but_for` those that are held."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._num_at_work <= but_for, PATIENCE_SECONDS):
                raise TimeoutError(f"{self._num_at_work} requests are still at work")

    def let_time_pass(self, request: Request, response: Response):
        """An intent looks as old as `time_passed` makes it. Answers' headers bear no signature."""
        is_intent = "/intent-" in request.key and request.method in ("GET", "HEAD")
        if self.time_passed and is_intent and response.header("Date"):
            date = email.utils.parsedate_to_datetime(response.header("Date")) + self.time_passed
            response.headers = [*response.without("Date"), ("Date", email.utils.format_datetime(date, usegmt=True))]

    def serve(self, client: socket.socket):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upstream = Upstream(self._address)
        try:
            with client.makefile("rb") as file:
                while (request := read_request(file, client)) is not None:
                    if not self._answer(Exchange(self, client, upstream, request)):
                        return
        except OSError:
            pass  # either side has gone: so does this connection
        finally:
            upstream.close()

    def _answer(self, exchange: Exchange) -> bool:
        with self._lock:
            self._num_at_work += 1
            self.log.append(exchange.request)
            rule = next((rule for rule in self._rules if rule.takes(exchange.request)), None)
        try:
            if rule is None:
                exchange.reply(exchange.forward())
            else:
                rule.befall(exchange)
        finally:
            with self._idle:
                self._num_at_work -= 1
                self._idle.notify_all()
        return exchange.is_open


# ---- Faults: what can befall a request


def answer(status: int, code: str, message: str = "", **headers):
    """The server answers with an error and does nothing else."""

    def fault(exchange):
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        exchange.reply(error_response(status, code, message, fields))

    return fault


def lose_request(exchange):
    """It never reaches the server."""
    exchange.reset()


def lose_answer(exchange):
    """The server does what it is asked, and nobody hears of it."""
    exchange.forward()
    exchange.reset()


def truncate(length: int):
    """The connection ends after so many bytes of the answer's body, and before its last one."""

    def fault(exchange):
        response = exchange.forward()
        exchange.reply(response, min(length, max(0, len(response.body) - 1)))

    return fault


class CutAt:
    """The connection ends just before that byte of the object, once, in whichever answer has it."""

    def __init__(self, offset: int):
        self._offset = offset
        self._lock = threading.Lock()
        self.is_done = False

    def __call__(self, exchange):
        response = exchange.forward()
        found = re.match(r"bytes (\d+)-", response.header("Content-Range"))
        start = int(found.group(1)) if found else 0
        with self._lock:
            is_here = response.status in (200, 206) and start <= self._offset < start + len(response.body)
            is_first = is_here and not self.is_done
            self.is_done = self.is_done or is_here
        exchange.reply(response, self._offset - start if is_first else None)


def fail_in_a_success(code: str = "InternalError"):
    """Status 200, and an error where the result should be, as a slow completion or copy may answer."""

    def fault(exchange):
        exchange.reply(error_response(200, code, "We encountered an internal error. Please try again."))

    return fault


def signed_anew(request: Request, access, headers: list, body: bytes) -> Request:
    """The same request with other headers and body, signed by `access`."""
    url = f"http://{request.header('Host')}{request.target}"
    kept = {name: value for name, value in headers if name.lower() not in ("connection", "authorization")}
    changed = botocore.awsrequest.AWSRequest(request.method, url, kept, body)
    keys = botocore.credentials.Credentials(access.key, access.secret, access.token or None)
    botocore.auth.S3SigV4Auth(keys, "s3", access.region).add_auth(changed)
    return Request(request.method, request.target, list(changed.headers.items()), body)


def ignore_conditions(access):
    """As a server does that knows no If-Match and If-None-Match."""

    def fault(exchange):
        request = exchange.request
        headers = request.without("If-Match", "If-None-Match")
        exchange.reply(exchange.forward(signed_anew(request, access, headers, request.body)))

    return fault


def _deletion(keys: list) -> bytes:
    entries = "".join(f"<Object><Key>{escape(key)}</Key></Object>" for key in keys)
    return f'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{entries}</Delete>'.encode()


def half_deletion(access):
    """Of the keys to delete, the first half is deleted; of the others the answer says that it went wrong."""

    def fault(exchange):
        request = exchange.request
        keys = request.deleted_keys()
        done, failed = keys[: len(keys) // 2], keys[len(keys) // 2 :]
        if done:
            body = _deletion(done)
            headers = [
                (name, value)
                for name, value in request.without("Content-MD5", "Content-Length")
                if not name.lower().startswith(("x-amz-checksum", "x-amz-sdk-checksum"))
            ]
            headers += [("Content-MD5", base64.b64encode(hashlib.md5(body).digest()).decode()),
                        ("Content-Length", str(len(body)))]  # fmt: skip
            result = exchange.forward(signed_anew(request, access, headers, body))
            if result.status != 200:
                exchange.reply(result)
                return
        exchange.reply(_deletion_result(done, failed))

    return fault


def _deletion_result(done: list, failed: list) -> Response:
    parts = [f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in done]
    parts += [
        f"<Error><Key>{escape(key)}</Key><Code>InternalError</Code>"
        "<Message>We encountered an internal error. Please try again.</Message></Error>"
        for key in failed
    ]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        + "".join(parts)
        + "</DeleteResult>"
    ).encode()
    return Response(200, "OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))], body)


class Listings:
    """Old listings: `remember` keeps the first answer to each, `repeat` gives it again."""

    def __init__(self):
        self._answers = {}

    def remember(self, exchange):
        response = exchange.forward()
        self._answers.setdefault(exchange.request.target, response)
        exchange.reply(response)

    def repeat(self, exchange):
        known = self._answers.get(exchange.request.target)
        exchange.reply(known or exchange.forward())


class Hold:
    """Keeps a request, either before the server sees it or after that and before its answer, until it is let go.

    It befalls one request only.
    """

    def __init__(self, is_carried_out: bool = False):
        self._is_carried_out = is_carried_out
        self._is_lost = False
        self._let_go = threading.Event()
        self.reached = threading.Event()
        self.request = None

    def __call__(self, exchange):
        self.request = exchange.request
        response = exchange.forward() if self._is_carried_out else None
        self.reached.set()
        self._let_go.wait(PATIENCE_SECONDS)
        if self._is_lost:
            exchange.reset()
        else:
            exchange.reply(response or exchange.forward())

    def wait(self):
        """Until the request is there."""
        if not self.reached.wait(PATIENCE_SECONDS):
            raise TimeoutError("the request to be held has never come")

    def let_go(self):
        self._let_go.set()

    def lose(self):
        """Neither passes it on, if that is not done, nor answers."""
        self._is_lost = True
        self._let_go.set()


class Gathering:
    """Keeps requests until so many of them are there, then lets all go at once."""

    def __init__(self, num_requests: int):
        self._barrier = threading.Barrier(num_requests)

    def __call__(self, exchange):
        try:
            self._barrier.wait(PATIENCE_SECONDS)
        except threading.BrokenBarrierError:
            pass  # others will not come; those that are here go on
        exchange.reply(exchange.forward())

    def give_up(self):
        """Lets go those that wait for others that will not come."""
        self._barrier.abort()
