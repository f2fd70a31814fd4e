import http.server
import threading

import requests


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/there?x=1")
            self.send_header("Set-Cookie", "k=v")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = f"{self.command} {self.path} {self.headers.get('Cookie')} é".encode()
        self.send_response(404 if self.path == "/absent" else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"].partition(";")[0].encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(kind + body)))
        self.end_headers()
        self.wfile.write(kind + body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
with requests.Session() as session:
    session.trust_env = False
    reply = session.get(url + "/moved")
    print(reply.status_code, reply.text, [r.status_code for r in reply.history])
    print(session.get(url + "/q", params={"a": "ü", "b": [1, 2]}).text)
    print(session.post(url, json={"a": [1]}).content, session.post(url, data={"a": "b c"}).content)
    try:
        session.get(url + "/absent").raise_for_status()
    except requests.HTTPError as error:
        print(str(error).partition(" for url")[0])
server.shutdown()
server.server_close()
try:
    requests.get(url, timeout=5)
except requests.ConnectionError as error:
    print(type(error).__name__)
