// net, dns, tls, http without a network: addresses, options, errors, names of headers.
'use strict';

const dns = require('dns');
const http = require('http');
const https = require('https');
const net = require('net');
const tls = require('tls');

const attempt = (name, code) => {
  try {
    console.log(name, code());
  } catch (error) {
    console.log(name, error.name, error.code, error.message);
  }
};

for (const text of ['1.2.3.4', '1.2.3', '01.2.3.4', '::1', 'fe80::1%eth0', ':::', '::ffff:1.2.3.4', '']) {
  console.log(text, net.isIP(text), net.isIPv4(text), net.isIPv6(text));
}

const list = new net.BlockList();
list.addAddress('123.123.123.123');
list.addRange('10.0.0.1', '10.0.0.10');
list.addSubnet('8592:757c:efae:4e45::', 64, 'ipv6');
console.log(list.rules);
console.log(
  ['123.123.123.123', '10.0.0.5', '10.0.0.11', 'x'].map((text) => list.check(text)),
  list.check('::ffff:7b7b:7b7b', 'ipv6'),
  list.check('8592:757c:efae:4e45::1', 'ipv6'),
  list.check('8592:757c:efae:4e46::1', 'ipv6'),
);
attempt('range', () => list.addRange('10.0.0.10', '10.0.0.1'));
attempt('address', () => list.addAddress('nonsense'));
for (const options of [{}, { family: 'ipv6' }, { address: '0:0:1::0', family: 'ipv6', port: 80, flowlabel: 7 }]) {
  console.log(new net.SocketAddress(options));
}
console.log(net.SocketAddress.parse('1.2.3.4:56'), net.SocketAddress.parse('[::1]:80'), net.SocketAddress.parse('x'));

attempt('port', () => net.connect({ port: 70000 }));
attempt('no port', () => net.connect({}));
attempt('lookup', () => net.connect({ port: 1, host: 'a', lookup: 1 }));
attempt('local', () => net.connect({ port: 1, localAddress: 'x' }));
const socket = new net.Socket();
console.log(socket.readyState, socket.pending, socket.connecting, socket.bytesRead, socket.bytesWritten);
console.log(socket.address(), socket.remoteAddress, socket.timeout, socket.allowHalfOpen);
attempt('timeout', () => socket.setTimeout('x'));
console.log(net.getDefaultAutoSelectFamily(), net.getDefaultAutoSelectFamilyAttemptTimeout());

attempt('dns family', () => dns.lookup('a', { family: 5 }, () => {}));
attempt('dns hints', () => dns.lookup('a', { hints: 3 }, () => {}));
attempt('dns callback', () => dns.lookup('a'));
console.log(dns.getDefaultResultOrder(), dns.NOTFOUND, dns.ADDRCONFIG, dns.V4MAPPED, dns.ALL);
attempt('servers', () => dns.setServers(['1.2.3.4.5']));
dns.setServers(['4.4.4.4', '[2001:4860:4860::8888]:1053']);
console.log(dns.getServers());

const agent = new http.Agent({ keepAlive: true, maxSockets: 3 });
console.log(agent.getName({ host: 'a', port: 80, localAddress: 'b', family: 6 }), agent.maxSockets, agent.maxFreeSockets);
console.log(new https.Agent().getName({ host: 'a', port: 443, ca: 'c', servername: 's', rejectUnauthorized: false }));
console.log(http.globalAgent.keepAlive, http.globalAgent.options.timeout, http.maxHeaderSize, http.METHODS.length);
console.log(http.STATUS_CODES[418], http.STATUS_CODES[103]);
for (const [name, value] of [['a b', '1'], ['', '1'], ['ok', 'a\nb'], ['ok', undefined], ['ok', 'é'], ['ok', '測']]) {
  attempt(JSON.stringify(name), () => http.validateHeaderName(name));
  attempt(JSON.stringify(value), () => http.validateHeaderValue(name, value));
}
attempt('method', () => http.request({ method: 'a b' }));
attempt('path', () => http.request({ path: '/a b' }));
attempt('protocol', () => http.request({ protocol: 'x:' }));
attempt('host', () => http.request({ host: 1 }));
attempt('url', () => http.get('nonsense'));
attempt('maxSockets', () => new http.Agent({ maxTotalSockets: 0 }));

const message = new http.OutgoingMessage();
message.setHeader('X-A', ['1', '2']);
message.setHeader('x-b', 3);
message.appendHeader('X-A', '3');
console.log(message.getHeaders(), message.getHeaderNames(), message.getRawHeaderNames(), message.hasHeader('X-a'));
message.removeHeader('x-A');
console.log(message.getHeader('x-a'), message.headersSent, message.writableHighWaterMark);
const incoming = new http.IncomingMessage(new net.Socket());
incoming._addHeaderLines(['Set-Cookie', 'a', 'Set-Cookie', 'b', 'X', '1', 'x', '2', 'Host', 'h', 'Host', 'i'], 12);
console.log(incoming.headers, incoming.rawHeaders.length, incoming.headersDistinct);

const cert = (subject, subjectaltname) => ({ subject, subjectaltname });
for (const [host, certificate] of [
  ['a.com', cert({ CN: 'a.com' })],
  ['b.com', cert({ CN: 'a.com' })],
  ['x.a.com', cert({ CN: 'n' }, 'DNS:*.a.com')],
  ['x.y.a.com', cert({ CN: 'n' }, 'DNS:*.a.com, DNS:b.com')],
  ['8.8.8.8', cert({ CN: 'n' }, 'IP Address:8.8.8.8')],
  ['8.8.4.4', cert({ CN: 'n' }, 'IP Address:8.8.8.8')],
  ['a.com', cert({})],
]) {
  const error = tls.checkServerIdentity(host, certificate);
  console.log(host, error === undefined ? 'fine' : `${error.code} ${error.message}`);
}
attempt('version', () => tls.createSecureContext({ minVersion: 'SSL' }));
attempt('conflict', () => tls.createSecureContext({ minVersion: 'TLSv1.2', secureProtocol: 'TLS_method' }));
attempt('method', () => tls.createSecureContext({ secureProtocol: 'SSLv3_method' }));
attempt('ciphers', () => tls.createSecureContext({ ciphers: 'nothing' }));
attempt('ca', () => tls.createSecureContext({ ca: 1 }));
attempt('cert', () => tls.createSecureContext({ cert: 'nonsense' }));
attempt('key', () => tls.createSecureContext({ key: 'nonsense' }));
attempt('check', () => tls.connect({ port: 1, checkServerIdentity: 1 }));
const protocols = {};
tls.convertALPNProtocols(['h2', 'http/1.1'], protocols);
console.log(protocols.ALPNProtocols.toString('latin1'), tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION);
console.log(tls.rootCertificates.length > 50, tls.rootCertificates[0].startsWith('-----BEGIN CERTIFICATE-----\n'));
