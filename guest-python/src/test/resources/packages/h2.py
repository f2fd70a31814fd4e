from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, ResponseReceived, StreamEnded
from h2.exceptions import ProtocolError

client = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
server = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
client.initiate_connection()
server.initiate_connection()


def exchange():
    events = []
    while True:
        to_server, to_client = client.data_to_send(), server.data_to_send()
        if not to_server and not to_client:
            return events
        events += server.receive_data(to_server) if to_server else []
        events += client.receive_data(to_client) if to_client else []


exchange()
for path in ("/a", "/b"):
    stream = client.get_next_available_stream_id()
    client.send_headers(stream, [(":method", "GET"), (":path", path), (":scheme", "https"),
                                 (":authority", "x")], end_stream=True)
for event in exchange():
    if isinstance(event, RequestReceived):
        headers = dict(event.headers)
        server.send_headers(event.stream_id, [(":status", "200"), ("x-path", headers[":path"])])
        server.send_data(event.stream_id, b"d" * 20000 if headers[":path"] == "/a" else b"small",
                         end_stream=True) if headers[":path"] == "/b" else None
for event in exchange():
    if isinstance(event, ResponseReceived):
        print(event.stream_id, [tuple(h) for h in event.headers])
    elif isinstance(event, (DataReceived, StreamEnded)):
        print(type(event).__name__, getattr(event, "data", None))
print(client.local_flow_control_window(1), client.remote_settings.max_frame_size)
try:
    server.receive_data(b"\x00\x00\x01\x06\x00\x00\x00\x00\x00x")
except ProtocolError as error:
    print(type(error).__name__)
