/** MessageEvent: what a port tells its listeners. In Node it comes with undici, which is large. */
'use strict';

const library = (id) => require('node').requireNode(id);

const { Event } = library('internal/event_target');
const { inspect } = library('internal/util/inspect');

const FIELDS = ['data', 'origin', 'lastEventId', 'source', 'ports'];
const PREFIX = 'MessageEvent constructor';

/** Says that no check is needed. */
const KNOWN = Symbol('known');

function text(value, name) {
  if (typeof value === 'symbol') {
    throw new TypeError(`${PREFIX}: ${name} is a symbol, which cannot be converted to a DOMString.`);
  }
  return `${value}`;
}

function checkPort(value, name) {
  const { MessagePort } = library('internal/worker/io');
  if (!(value instanceof MessagePort)) {
    throw new TypeError(
      `${PREFIX}: Expected ${name} ("${inspect(value)}") to be an instance of MessagePort.`,
    );
  }
}

function checkInit(init) {
  if (init === undefined || init === null) {
    return {};
  }
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new TypeError(`${PREFIX}: Expected ${inspect(init)} to be one of: Null, Undefined, Object.`);
  }
  const { data = null, origin = '', lastEventId = '', source = null, ports = [] } = init;
  if (source !== null) {
    checkPort(source, 'eventInitDict.source');
  }
  if (typeof ports?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`${PREFIX}: eventInitDict.ports (${inspect(ports)}) is not iterable.`);
  }
  const list = [...ports];
  list.forEach((port, i) => checkPort(port, `eventInitDict.ports[${i}]`));
  return {
    data,
    origin: text(origin, 'eventInitDict.origin'),
    lastEventId: text(lastEventId, 'eventInitDict.lastEventId'),
    source,
    ports: list,
  };
}

class MessageEvent extends Event {
  #fields;

  constructor(type, eventInitDict = {}) {
    if (arguments.length === 0) {
      throw new TypeError(`${PREFIX}: 1 argument required, but 0 found.`);
    }
    const known = arguments[2] === KNOWN;
    const fields = known ? eventInitDict : checkInit(eventInitDict);
    super(type, known ? undefined : (eventInitDict ?? undefined));
    this.#fields = fields;
    library('internal/worker/io').markAsUncloneable(this);
  }

  static {
    for (const field of FIELDS) {
      Object.defineProperty(MessageEvent.prototype, field, {
        enumerable: true,
        configurable: true,
        get() {
          checkBrand(this, #fields in Object(this));
          return this.#field(field);
        },
      });
    }
  }

  #field(name) {
    const value = this.#fields[name];
    if (name === 'ports') {
      this.#fields.ports = Object.freeze(value ?? []);
      return this.#fields.ports;
    }
    if (value === undefined) {
      return name === 'data' || name === 'source' ? null : '';
    }
    return value;
  }

  initMessageEvent(
    type,
    bubbles = false,
    cancelable = false,
    data = null,
    origin = '',
    lastEventId = '',
    source = null,
    ports = [],
  ) {
    checkBrand(this, #fields in this);
    return new MessageEvent(type, {
      bubbles,
      cancelable,
      data,
      origin,
      lastEventId,
      source,
      ports,
    });
  }
}

function checkBrand(value, isOne) {
  if (!isOne) {
    throw Object.assign(new TypeError('Illegal invocation'), { code: 'ERR_INVALID_THIS' });
  }
}

exports.MessageEvent = MessageEvent;

/** An event of fields that are known to be right. */
exports.createFastMessageEvent = (type, init) => new MessageEvent(type, init, KNOWN);
