"""TLS sockets: read and written by two threads, without waiting, by records, and broken off."""

import os
import select
import socket
import ssl
import tempfile
import threading
import time

# Of 127.0.0.1, made for this script: nobody trusts it.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgsK6+iWf5AwsO+l28
+gFvyhoedeaqa+eVcM8cSXtLfbChRANCAASACekzLJO0FQarfZzYJBIoVBahnbWT
Tc7oXK4vM4Xlw1DrFOKdqtbwsNn/6kgViYOMnAF83Rrd8i6/KGfTjyuS
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBhjCCASygAwIBAgIURj657LglM7gIMs16AuBpiDIQUBwwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMzAxMjI4MjhaGA8yMTI2MTEwNjEyMjgy
OFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIAJ
6TMsk7QVBqt9nNgkEihUFqGdtZNNzuhcri8zheXDUOsU4p2q1vCw2f/qSBWJg4yc
AXzdGt3yLr8oZ9OPK5KjZDBiMB0GA1UdDgQWBBTHPfF9ntV5lP6tyV6MTf/6Lmb3
TTAfBgNVHSMEGDAWgBTHPfF9ntV5lP6tyV6MTf/6Lmb3TTAPBgNVHRMBAf8EBTAD
AQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhAKJfCshxsGGm
0AlHL9bhHpRZy4iq7cWL2WXXKZLZSOIpAiBfA2NaMaF9TDbyUw7TAyEb0JaBE7uE
4WU8N5JT/9M2FQ==
-----END CERTIFICATE-----
"""


MUCH = 1_000_000


def serve(handle):
    """A listening socket for one connection, the thread that serves it, and what it tells."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listening = socket.create_server(("127.0.0.1", 0))
    told = []

    def run():
        accepted, _ = listening.accept()
        accepted.settimeout(60)
        try:
            with context.wrap_socket(accepted, server_side=True) as connection:
                handle(connection, told)
        except Exception as error:
            told.append(type(error).__name__)
        finally:
            accepted.close()
            listening.close()

    thread = threading.Thread(target=run)
    thread.start()
    return listening, thread, told


def connect(listening, seconds=60, **kwargs):
    context = ssl.create_default_context(cafile=file)
    plain = socket.create_connection(listening.getsockname(), timeout=seconds)
    return context.wrap_socket(plain, server_hostname="127.0.0.1", **kwargs)


def echo(connection, told):
    while data := connection.recv(4000):
        connection.sendall(data)


def close(connection, thread):
    connection.close()
    thread.join()


def both_ways():
    listening, thread, told = serve(echo)
    connection = connect(listening)
    writer = threading.Thread(target=lambda: connection.sendall(bytes(range(250)) * (MUCH // 250)))
    writer.start()
    received, right = 0, True
    while received < MUCH:
        data = connection.recv(65536)
        if not data:
            break
        last = received + len(data) - 1
        right = right and data[0] == received % 250 and data[-1] == last % 250
        received += len(data)
    writer.join()
    close(connection, thread)
    return received, right, told


def without_waiting():
    listening, thread, told = serve(echo)
    connection = connect(listening, do_handshake_on_connect=False)
    connection.setblocking(False)
    while True:
        try:
            connection.do_handshake()
            break
        except ssl.SSLWantReadError:
            select.select([connection], [], [], 10)
    try:
        connection.recv(1)
    except ssl.SSLWantReadError as error:
        wants = type(error).__name__
    data = b"abc" * (MUCH // 3)
    sent = received = 0
    while received < len(data):
        if sent < len(data):
            try:
                sent += connection.send(data[sent : sent + 50_000])
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                pass
        try:
            received += len(connection.recv(100_000))
        except ssl.SSLWantReadError:
            if sent == len(data):
                select.select([connection], [], [], 10)
    close(connection, thread)
    return wants, received, told


def writes_first():
    listening, thread, told = serve(echo)
    connection = connect(listening, do_handshake_on_connect=False)
    connection.sendall(b"hi")
    received = connection.recv(5)
    close(connection, thread)
    return received, told


def by_records():
    def send_five(connection, told):
        for _ in range(5):
            connection.sendall(b"x" * 10)
        connection.recv(1)

    listening, thread, told = serve(send_five)
    connection = connect(listening)
    time.sleep(0.3)
    received = 0
    while received < 50:
        if not connection.pending() and not select.select([connection], [], [], 20)[0]:
            break
        received += len(connection.recv(3))
    connection.sendall(b"q")
    close(connection, thread)
    return received, told


def in_time():
    listening, thread, told = serve(echo)
    connection = connect(listening)
    connection.settimeout(0.1)
    try:
        connection.recv(1)
    except TimeoutError:
        connection.settimeout(60)
        connection.sendall(b"a")
        received = connection.recv(5)
    close(connection, thread)
    return received, told


def cut(connection, told):
    connection.recv(1)
    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def ends_early(**kwargs):
    listening, thread, told = serve(cut)
    connection = connect(listening, **kwargs)
    connection.sendall(b"x")
    try:
        return connection.recv(5)
    except ssl.SSLEOFError as error:
        return type(error).__name__
    finally:
        close(connection, thread)


def plain_again():
    def end_tls(connection, told):
        told.append(connection.recv(5))
        with connection.unwrap() as plain:
            told.append(plain.recv(5))
            plain.sendall(b"plain")

    listening, thread, told = serve(end_tls)
    connection = connect(listening)
    connection.sendall(b"x")
    plain = connection.unwrap()
    plain.sendall(b"hi")
    received = plain.recv(9)
    close(plain, thread)
    return received, told


def not_trusted():
    listening, thread, told = serve(echo)
    context = ssl.create_default_context()
    plain = socket.create_connection(listening.getsockname(), timeout=60)
    try:
        context.wrap_socket(plain, server_hostname="127.0.0.1")
    except ssl.SSLCertVerificationError as error:
        told.append(type(error).__name__)
    thread.join()
    return sorted(told)


def attributes():
    listening, thread, told = serve(echo)
    connection = connect(listening)
    with connection.makefile("rwb") as lines:
        lines.write(b"line\n" * 3)
        lines.flush()
        read = [lines.readline() for _ in range(3)]
    buffer = bytearray(10)
    connection.sendall(memoryview(b"view"))
    read += connection.recv_into(buffer), bytes(buffer[:4])
    found = connection.version(), connection.session_reused, connection.gettimeout()
    subject = connection.getpeercert()["subject"]
    close(connection, thread)
    return read, found, subject, told


with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "certificate.pem")
    with open(file, "w") as out:
        out.write(CERTIFICATE)
    print("both ways", both_ways())
    print("without waiting", without_waiting())
    print("writes first", writes_first())
    print("by records", by_records())
    print("in time", in_time())
    print("ends early", ends_early(), ends_early(suppress_ragged_eofs=False))
    print("plain again", plain_again())
    print("not trusted", not_trusted())
    print("attributes", attributes())
