import http.server
import os
import ssl
import tempfile
import threading

import requests

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


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        body = self.path.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "certificate.pem")
    with open(file, "w") as out:
        out.write(CERTIFICATE)
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.socket.getsockname()[1]
    answer = requests.get(f"https://127.0.0.1:{port}/a?b=1", verify=file)
    print(answer.status_code, answer.text)
    for url, verify in ((f"https://127.0.0.1:{port}/", True), (f"https://localhost:{port}/", file)):
        try:
            requests.get(url, verify=verify)
        except requests.exceptions.SSLError as error:
            print(type(error).__name__)
    server.shutdown()
    thread.join()
    server.server_close()
