"""S3's requests and responses as they go over the wire, for the proxy that does harm to them (s3_fault_proxy.py)."""
import email.utils
import socket
import urllib.parse
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

PATIENCE_SECONDS = 120  # of whatever waits for a test; a test that goes wrong does not hang for good
MAX_LINE = 1 << 16


class Message:
    """What requests and responses have in common: headers in their order, and a whole body."""

    def __init__(self, headers: list, body: bytes):
        self.headers, self.body = headers, body

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def without(self, *names: str) -> list:
        dropped = {name.lower() for name in names}
        return [(key, value) for key, value in self.headers if key.lower() not in dropped]

    def encoded(self, first_line: str, body_bytes: int) -> bytes:
        lines = [first_line, *(f"{key}: {value}" for key, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body[:body_bytes]


class Request(Message):
    """One request, and what it asks for in S3's words (path style)."""

    def __init__(self, method: str, target: str, headers: list, body: bytes):
        super().__init__(headers, body)
        self.method, self.target = method, target
        self.status = 0  # of the answer that the client got; 0: none
        url = urllib.parse.urlsplit(target)
        self.authority = url.netloc  # of a client that takes us for its HTTP proxy
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.bucket, _, key = urllib.parse.unquote(url.path).lstrip("/").partition("/")
        self.is_of_bucket = not key
        # Of a listing, what its keys begin with.
        self.key = key or self.query.get("prefix", "")
        self.operation = self._operation()

    def _operation(self) -> str:
        method, query = self.method, self.query
        if not self.bucket:
            return "ListBuckets" if method == "GET" else "Other"
        if self.is_of_bucket:
            for sub_resource, name in (("uploads", "ListMultipartUploads"), ("location", "GetBucketLocation"),
                                       ("versioning", "GetBucketVersioning"),
                                       ("lifecycle", "GetBucketLifecycle")):  # fmt: skip
                if method == "GET" and sub_resource in query:
                    return name
            if method == "POST":
                return "DeleteObjects" if "delete" in query else "Other"
            return {"GET": "ListObjects", "HEAD": "HeadBucket", "PUT": "CreateBucket",
                    "DELETE": "DeleteBucket"}.get(method, "Other")  # fmt: skip
        if "uploadId" in query:
            return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload",
                    "GET": "ListParts"}.get(method, "Other")  # fmt: skip
        if method == "POST":
            return "CreateMultipartUpload" if "uploads" in query else "Other"
        return {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject",
                "DELETE": "DeleteObject"}.get(method, "Other")  # fmt: skip

    def deleted_keys(self) -> list:
        """The keys that a DeleteObjects names."""
        root = ElementTree.fromstring(self.body)
        return [element.text for element in root.iter() if element.tag.split("}")[-1] == "Key"]

    def bytes(self) -> bytes:
        return self.encoded(f"{self.method} {self.target} HTTP/1.1", len(self.body))

    def __repr__(self):
        return f"{self.operation} {self.bucket}/{self.key} -> {self.status}"


class Response(Message):
    def __init__(self, status: int, reason: str, headers: list, body: bytes):
        super().__init__(headers, body)
        self.status, self.reason = status, reason

    def bytes(self, body_bytes: int = None) -> bytes:
        """As sent; with `body_bytes` fewer bytes of the body than its head says."""
        length = len(self.body) if body_bytes is None else body_bytes
        return self.encoded(f"HTTP/1.1 {self.status} {self.reason}", length)


def error_response(status: int, code: str, message: str = "", headers: dict = None) -> Response:
    """An error as S3 words it."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(code)}</Code><Message>{escape(message or code)}</Message>"
        "<RequestId>0123456789ABCDEF</RequestId></Error>"
    ).encode()
    fields = [("Content-Type", "application/xml"), ("Content-Length", str(len(body))),
              ("Date", email.utils.formatdate(usegmt=True)), *(headers or {}).items()]  # fmt: skip
    return Response(status, "Error" if status >= 300 else "OK", fields, body)


def _read_line(file) -> str:
    line = file.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise ConnectionError("the other side has closed")
    return line.rstrip(b"\r\n").decode("latin-1")


def _read_headers(file) -> list:
    headers = []
    while line := _read_line(file):
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    return headers


def _read_exactly(file, length: int) -> bytes:
    content = file.read(length)
    if len(content) != length:
        raise ConnectionError("the other side has closed within a body")
    return content


def _read_chunks(file) -> bytes:
    chunks = []
    while size := int(_read_line(file).split(";")[0], 16):
        chunks.append(_read_exactly(file, size))
        _read_line(file)
    _read_headers(file)
    return b"".join(chunks)


def _read_body(file, message: Message) -> Message:
    """Reads the body; one in chunks becomes one with a length."""
    if message.header("Transfer-Encoding").lower() == "chunked":
        message.body = _read_chunks(file)
        message.headers = [*message.without("Transfer-Encoding", "Content-Length"),
                           ("Content-Length", str(len(message.body)))]  # fmt: skip
    else:
        message.body = _read_exactly(file, int(message.header("Content-Length") or 0))
    return message


def read_request(file, client: socket.socket):
    """None where the client has no more."""
    line = file.readline(MAX_LINE)
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    request = Request(method, target, _read_headers(file), b"")
    if request.header("Expect"):
        client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.headers = request.without("Expect")
    return _read_body(file, request)


def _read_response(file, method: str) -> Response:
    while True:
        _, status, *reason = _read_line(file).split(" ", 2)
        response = Response(int(status), reason[0] if reason else "", _read_headers(file), b"")
        if response.status >= 200:
            break  # what came before said "continue"
    has_body = method != "HEAD" and response.status not in (204, 304)
    return _read_body(file, response) if has_body else response


class Upstream:
    """The proxy's own connection to the server, one for each client connection."""

    def __init__(self, address: tuple):
        self._address = address
        self._socket = self._file = None

    def _open(self):
        self._socket = socket.create_connection(self._address, PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def send(self, request: Request) -> Response:
        is_kept = self._socket is not None
        if not is_kept:
            self._open()
        try:
            return self._send(request)
        except ConnectionError:
            self.close()
            if not is_kept:
                raise
            self._open()  # the server has closed it while it was idle
            return self._send(request)

    def _send(self, request: Request) -> Response:
        self._socket.sendall(request.bytes())
        response = _read_response(self._file, request.method)
        if response.header("Connection").lower() == "close":
            self.close()
        return response

    def close(self):
        if self._socket is not None:
            self._file.close()
            self._socket.close()
            self._socket = self._file = None
