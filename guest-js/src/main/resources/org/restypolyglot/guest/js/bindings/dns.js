/** Node's cares_wrap: names by the system's resolver. The queries of c-ares (MX, TXT …) are not there. */
'use strict';

const { names } = host;
const loop = require('loop');
const { notSupported } = require('failures');
const { AsyncWrap } = require('bindings/streams');
const { parseAddress, formatAddress } = require('bindings/addresses');

const AI_V4MAPPED = 8;
const AI_ALL = 16;
const AI_ADDRCONFIG = 32;

const DNS_ORDER_VERBATIM = 0;
const DNS_ORDER_IPV4_FIRST = 1;
const DNS_ORDER_IPV6_FIRST = 2;

const isV6 = (address) => address.includes(':');

function sorted(addresses, order) {
  if (order === DNS_ORDER_VERBATIM) {
    return addresses;
  }
  const first = order === DNS_ORDER_IPV6_FIRST ? isV6 : (address) => !isV6(address);
  return [...addresses.filter(first), ...addresses.filter((address) => !first(address))];
}

function getaddrinfo(req, hostname, family, hints, order) {
  const done = loop.request((status, found) => {
    if (status !== 0) {
      req.oncomplete(status);
    } else {
      req.oncomplete(null, sorted([...found], order));
    }
  });
  const ascii = host.text.domainToAscii(hostname) ?? hostname;
  const mapped = (hints & AI_V4MAPPED) !== 0;
  names.lookup(ascii, family, mapped, (hints & AI_ALL) !== 0, done);
  return 0;
}

/** Names of ports that everybody knows; others are told as their number. */
const SERVICES = {
  7: 'echo',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  110: 'pop3',
  123: 'ntp',
  143: 'imap2',
  389: 'ldap',
  443: 'https',
  587: 'submission',
  636: 'ldaps',
  993: 'imaps',
  995: 'pop3s',
};

function getnameinfo(req, address, port) {
  const done = loop.request((status, name) => {
    if (status !== 0) {
      req.oncomplete(status);
    } else {
      req.oncomplete(null, name, SERVICES[port] ?? String(port));
    }
  });
  names.reverse(address, done);
  return 0;
}

const invalidArgument = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_VALUE' });

/** A resolver of c-ares: can be made and told its servers, as Node's library does when it loads. */
class ChannelWrap extends AsyncWrap {
  #servers = null;

  getServers() {
    return this.#servers ?? [...names.servers()].map((server) => [server, 53]);
  }

  setServers(servers) {
    this.#servers = servers.map(([, address, port]) => [address, port]);
    return 0;
  }

  /** Nothing is asked from there; what is no address is refused all the same. */
  setLocalAddress(first, second) {
    const sizes = [first, second]
      .filter((address) => address !== undefined)
      .map((address) => parseAddress(address)?.length);
    if (sizes.includes(undefined)) {
      throw invalidArgument('Invalid IP address.');
    }
    if (sizes.length === 2 && sizes[0] === sizes[1]) {
      throw invalidArgument(`Cannot specify two IPv${sizes[0] === 4 ? 4 : 6} addresses.`);
    }
  }

  cancel() {}
}

const QUERIES = [
  'queryAny queryA queryAaaa queryCaa queryCname queryMx queryNs queryTxt queryTlsa querySrv queryPtr',
  'queryNaptr querySoa getHostByAddr',
].flatMap((line) => line.split(' '));

/** What a program calls: resolveMx for queryMx. */
const publicName = (query) =>
  query === 'getHostByAddr' ? 'reverse' : query.replace('query', 'resolve');

for (const query of QUERIES) {
  ChannelWrap.prototype[query] = () => {
    throw notSupported(`dns.${publicName(query)}`, ': use dns.lookup');
  };
}

Object.assign(exports, {
  AI_ADDRCONFIG,
  AI_ALL,
  AI_V4MAPPED,
  AddrInfoReqWrap: class AddrInfoReqWrap extends AsyncWrap {},
  ChannelWrap,
  DNS_ORDER_IPV4_FIRST,
  DNS_ORDER_IPV6_FIRST,
  DNS_ORDER_VERBATIM,
  GetAddrInfoReqWrap: class GetAddrInfoReqWrap extends AsyncWrap {},
  GetNameInfoReqWrap: class GetNameInfoReqWrap extends AsyncWrap {},
  QueryReqWrap: class QueryReqWrap extends AsyncWrap {},
  canonicalizeIP: (text) => {
    const address = parseAddress(text);
    return address === undefined ? undefined : formatAddress(address);
  },
  convertIpv6StringToBuffer(text) {
    const address = parseAddress(text);
    return address?.length === 16 ? require('bindings').requireNode('buffer').Buffer.from(address) : null;
  },
  getaddrinfo,
  getnameinfo,
  strerror: (code) => DNS_ERRORS[code] ?? 'Unknown error',
});

/** c-ares' numbers. */
const DNS_ERRORS = {
  1: 'DNS server returned answer with no data',
  2: 'DNS server claims query was misformatted',
  3: 'DNS server returned general failure',
  4: 'Domain name not found',
  24: 'DNS query cancelled',
};
