/** MessageEvent: what a port tells its listeners. In Node it comes with undici, which is large. */
'use strict';

const library = (id) => require('node').requireNode(id);

const { Event } = library('internal/event_target');
const { codes } = library('internal/errors');
const webidl = library('internal/webidl');

const FIELDS = ['data', 'origin', 'lastEventId', 'source', 'ports'];

/** Says that no check is needed. */
const KNOWN = Symbol('known');

const text = (value, context) => webidl.converters.DOMString(value, { context });

function checkInit(init) {
  if (init === undefined || init === null) {
    return {};
  }
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('eventInitDict', 'object', init);
  }
  const { data = null, origin = '', lastEventId = '', source = null, ports = [] } = init;
  const { MessagePort } = library('internal/worker/io');
  if (source !== null && !(source instanceof MessagePort)) {
    throw new codes.ERR_INVALID_ARG_TYPE('init.source', 'MessagePort', source);
  }
  if (typeof ports?.[Symbol.iterator] !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('init.ports', 'Iterable', ports);
  }
  const list = [...ports];
  list.forEach((port, i) => {
    if (!(port instanceof MessagePort)) {
      throw new codes.ERR_INVALID_ARG_TYPE(`init.ports[${i}]`, 'MessagePort', port);
    }
  });
  return {
    data,
    origin: text(origin, 'init.origin'),
    lastEventId: text(lastEventId, 'init.lastEventId'),
    source,
    ports: list,
  };
}

class MessageEvent extends Event {
  #fields;

  constructor(type, init, known) {
    if (known !== KNOWN && arguments.length === 0) {
      throw new codes.ERR_MISSING_ARGS('type');
    }
    const fields = known === KNOWN ? init : checkInit(init);
    super(type, known === KNOWN ? undefined : (init ?? undefined));
    this.#fields = fields;
  }

  static {
    for (const field of FIELDS) {
      Object.defineProperty(MessageEvent.prototype, field, {
        enumerable: true,
        configurable: true,
        get() {
          if (typeof this !== 'object' || this === null || !(#fields in this)) {
            throw new codes.ERR_INVALID_THIS('MessageEvent');
          }
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
}

exports.MessageEvent = MessageEvent;

/** An event of fields that are known to be right. */
exports.createFastMessageEvent = (type, init) => new MessageEvent(type, init, KNOWN);
