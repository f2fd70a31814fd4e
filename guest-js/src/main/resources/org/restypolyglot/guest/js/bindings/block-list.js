/** Node's block_list: addresses, and rules about them. */
'use strict';

const { messaging } = host;
const { parseAddress, formatAddress } = require('bindings/addresses');
const { CLONE, CLONEABLE, DESERIALIZE, MODE, infoOf, register } = require('messages');

const AF_INET = 2;
const AF_INET6 = 10;

/** The address as one number, IPv4 within IPv6. */
function valueOf(address) {
  let value = address.length === 4 ? 0xffffn : 0n;
  for (const byte of address) {
    value = (value << 8n) | BigInt(byte);
  }
  return value;
}

function invalidAddress() {
  return Object.assign(new Error('Invalid socket address'), { code: 'ERR_INVALID_ADDRESS' });
}

class SocketAddress {
  /** Without arguments, one that a message will fill. */
  constructor(...args) {
    this[MODE] = CLONEABLE;
    if (args.length > 0) {
      this.#set(...args);
    }
  }

  #set(text, port, family, flowlabel) {
    const address = parseAddress(text);
    if (address === undefined || address.length !== (family === AF_INET ? 4 : 16)) {
      throw invalidAddress();
    }
    this.bytes = address;
    this.value = valueOf(address);
    this.port = port;
    this.family = family;
    this.label = flowlabel;
  }

  [CLONE]() {
    const { bytes, port, family, label } = this;
    const data = [formatAddress(bytes), port, family, label];
    return { data, deserializeInfo: infoOf('SocketAddress') };
  }

  [DESERIALIZE](data) {
    this.#set(...data);
  }

  detail(out) {
    out.address = formatAddress(this.bytes);
    out.port = this.port;
    out.family = this.family;
    out.flowlabel = this.label >>> 0;
    return out;
  }

  flowlabel() {
    return this.label >>> 0;
  }
}

const familyName = (address) => (address.family === AF_INET ? 'IPv4' : 'IPv6');

/** Each rule is a row of addresses; IPv4 and IPv6 that holds IPv4 are the same. Clones share them. */
class BlockList {
  /** As texts, for all clones, and those of them that were read here. */
  #lines;
  #read = [];

  constructor(lines = messaging.lines()) {
    this[MODE] = CLONEABLE;
    this.#lines = lines;
  }

  [CLONE]() {
    return { data: this.#lines, deserializeInfo: infoOf('BlockList') };
  }

  [DESERIALIZE](lines) {
    this.#lines = lines;
  }

  #add(first, last, text) {
    this.#lines.add(`${first} ${last} ${text}`);
  }

  get #rules() {
    const count = this.#lines.count();
    while (this.#read.length < count) {
      const [, first, last, text] = /^(\d+) (\d+) (.*)$/.exec(this.#lines.get(this.#read.length));
      this.#read.push({ first: BigInt(first), last: BigInt(last), text });
    }
    return this.#read;
  }

  addAddress(address) {
    const shown = formatAddress(address.bytes);
    this.#add(address.value, address.value, `Address: ${familyName(address)} ${shown}`);
  }

  /** Returns false where the end comes before the start. */
  addRange(start, end) {
    if (start.value > end.value) {
      return false;
    }
    const shown = `${formatAddress(start.bytes)}-${formatAddress(end.bytes)}`;
    this.#add(start.value, end.value, `Range: ${familyName(start)} ${shown}`);
    return true;
  }

  addSubnet(network, prefix) {
    const rest = BigInt((network.family === AF_INET ? 32 : 128) - prefix);
    const first = (network.value >> rest) << rest;
    const shown = `${formatAddress(network.bytes)}/${prefix}`;
    this.#add(first, first + (1n << rest) - 1n, `Subnet: ${familyName(network)} ${shown}`);
  }

  check({ value }) {
    return this.#rules.some(({ first, last }) => first <= value && value <= last);
  }

  getRules() {
    return this.#rules.map(({ text }) => text).reverse();
  }
}

register('SocketAddress', () => new SocketAddress());
register('BlockList', () => new BlockList(null));

Object.assign(exports, { AF_INET, AF_INET6, FLOW_LABEL_MASK: 0xfffff, BlockList, SocketAddress });
