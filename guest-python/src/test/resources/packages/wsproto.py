from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Request, TextMessage

client, server = WSConnection(ConnectionType.CLIENT), WSConnection(ConnectionType.SERVER)
server.receive_data(client.send(Request(host="x", target="/chat", subprotocols=["a"])))
for event in server.events():
    print(type(event).__name__, event.target, event.subprotocols)
    client.receive_data(server.send(AcceptConnection(subprotocol="a")))
print([type(e).__name__ for e in client.events()])
server.receive_data(client.send(TextMessage("héllo")) + client.send(BytesMessage(b"\0" * 70000)) + client.send(Ping(b"p")))
for event in server.events():
    print(type(event).__name__, len(getattr(event, "data", b"") or getattr(event, "payload", b"")))
server.receive_data(client.send(CloseConnection(code=1000, reason="bye")))
print([(e.code, e.reason) for e in server.events()])
