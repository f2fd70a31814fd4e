/** MessagePort and MessageChannel as Node's C++ has them; internal/worker/io makes the rest. */
'use strict';

const { messaging } = host;
const { privateSymbol } = require('intrinsics');
const { symbols } = require('bindings/symbols');
const messages = require('messages');
const loop = require('loop');
const turns = require('turns');

const { handle_onclose: ON_CLOSE, oninit: ON_INIT, no_message_symbol: NO_MESSAGE } = symbols;
const { DESERIALIZE, MODE, TRANSFER, TRANSFERABLE } = messages;
const STATE = privateSymbol('state');
const HYBRID_DISPATCH = Symbol.for('nodejs.internal.kHybridDispatch');
const RECEIVING_PORTS = Symbol.for('nodejs.internal.kCurrentlyReceivingPorts');

/** So many messages at least are handed out in one turn of Java's. */
const MIN_LIMIT = 1000;
const CLOSED = 'close';
const NAME = 'MessagePort';

/** The ports that came with the message that is being read. */
let received;

function coded(Type, code, message) {
  return Object.assign(new Type(message), { code });
}

/**
 * end: Java's; undefined when it has moved, or is closed. receiving: messages are wanted. closing:
 * it is closed, or will be in a moment. holds: it keeps a Worker alive.
 */
class State {
  end = undefined;
  receiving = false;
  closing = false;
  closed = false;
  ref = true;
  holds = false;
  deliver = undefined;

  update() {
    const wanted = !this.closed && (this.ref || this.closing);
    if (wanted !== this.holds) {
      this.holds = wanted;
      if (wanted) {
        loop.hold();
      } else {
        loop.release();
      }
    }
  }
}

function MessagePort() {
  throw coded(TypeError, 'ERR_CONSTRUCT_CALL_INVALID', 'Constructor cannot be called');
}

/** What is inherited of Node's HandleWrap. */
class HandleWrap {
  close() {
    close(this);
  }

  ref() {
    setRef(this, true);
  }

  unref() {
    setRef(this, false);
  }

  hasRef() {
    const state = this[STATE];
    return state.closed ? undefined : state.ref && !state.closing;
  }

  getAsyncId() {
    return 0;
  }
}

MessagePort.prototype = Object.create(HandleWrap.prototype, {
  constructor: { value: MessagePort, writable: true, configurable: true },
  postMessage: { value: postMessage, writable: true, configurable: true, enumerable: true },
  start: { value: start, writable: true, configurable: true, enumerable: true },
});

function setRef(port, ref) {
  const state = port[STATE];
  if (state !== undefined && !state.closing) {
    state.ref = ref;
    state.update();
  }
}

/** A port without an end. */
function create() {
  const port = Object.create(MessagePort.prototype);
  port[STATE] = new State();
  port[MODE] = TRANSFERABLE;
  port[STATE].update();
  if (typeof port[ON_INIT] === 'function') {
    port[ON_INIT]();
  }
  return port;
}

function attach(port, end) {
  const state = port[STATE];
  state.end = end;
  state.deliver = loop.callback(() => deliver(port, false));
  messaging.attach(end, state.deliver);
}

/** A port on an end of Java's. */
function createOn(end) {
  const port = create();
  attach(port, end);
  return port;
}

/** Closes the port soon; all that was sent to it and not read is lost. */
function close(port) {
  const state = port[STATE];
  if (state === undefined || state.closing) {
    return;
  }
  state.closing = true;
  port[MODE] = 0;
  state.update();
  require('timers').api.setImmediate(() => {
    const { end } = state;
    state.end = undefined;
    if (end !== undefined) {
      messaging.close(end);
    }
    state.closed = true;
    state.update();
    port[ON_CLOSE]?.();
  });
}

Object.defineProperty(MessagePort.prototype, TRANSFER, {
  value() {
    const state = this[STATE];
    const { end } = state;
    state.end = undefined;
    messaging.detach(end);
    close(this);
    return { data: end, deserializeInfo: messages.infoOf(NAME) };
  },
});

Object.defineProperty(MessagePort.prototype, DESERIALIZE, {
  value(end) {
    attach(this, end);
  },
});

messages.register(NAME, () => {
  const port = create();
  received?.push(port);
  return port;
});

/** Takes an array, an iterable or `{ transfer }`; returns an array or undefined. */
function transferList(value) {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'object' && typeof value !== 'function') {
    throw coded(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      'Optional transferList argument must be an iterable',
    );
  }
  const list = readIterable(value);
  if (list !== undefined) {
    return list;
  }
  const { transfer } = value;
  if (transfer === undefined) {
    return undefined;
  }
  const found =
    typeof transfer === 'object' && transfer !== null ? readIterable(transfer) : undefined;
  if (found === undefined) {
    throw coded(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      'Optional options.transfer argument must be an iterable',
    );
  }
  return found;
}

function readIterable(value) {
  if (Array.isArray(value)) {
    return [...value];
  }
  const method = value[Symbol.iterator];
  if (typeof method !== 'function') {
    return undefined;
  }
  const iterator = Reflect.apply(method, value, []);
  const next = iterator?.next;
  if (typeof iterator !== 'object' || typeof next !== 'function') {
    return undefined;
  }
  const list = [];
  for (;;) {
    const result = Reflect.apply(next, iterator, []);
    if (typeof result !== 'object' || result === null) {
      return undefined;
    }
    if (result.done) {
      return list;
    }
    list.push(result.value);
  }
}

function postMessage(value, transfer) {
  if (arguments.length === 0) {
    throw coded(
      TypeError,
      'ERR_MISSING_ARGS',
      'Not enough arguments to MessagePort.postMessage',
    );
  }
  const state = this[STATE];
  const message = messages.write(value, transferList(transfer), this);
  if (state === undefined || state.closing || state.end === undefined) {
    messaging.discard(message);
    return undefined;
  }
  switch (messaging.send(state.end, message)) {
    case 'DELIVERED':
      return true;
    case 'LOST':
      require('process').process.emitWarning(
        'The target port was posted to itself, and the communication channel was lost',
      );
      return true;
    case 'TOO_MANY':
      require('process').process.emitWarning(
        'Transferables cannot be used with multiple destinations.',
      );
      return undefined;
    default:
      return false;
  }
}

function start() {
  const state = this[STATE];
  if (state?.end !== undefined) {
    state.receiving = true;
    messaging.trigger(state.end);
  }
}

/** The next message, read; NO_MESSAGE without one. Sets `received`. */
function take(port, wanted) {
  const state = port[STATE];
  const message = messaging.next(state.end, wanted);
  if (message === null) {
    return NO_MESSAGE;
  }
  if (message === CLOSED) {
    close(port);
    return NO_MESSAGE;
  }
  received = [];
  return messages.read(message);
}

function deliver(port, force) {
  const state = port[STATE];
  if (state.end === undefined) {
    return; // closed, or moved, since it was woken
  }
  let left = force ? Infinity : Math.max(messaging.look(state.end), MIN_LIMIT);
  while (state.end !== undefined) {
    if (left-- === 0) {
      messaging.trigger(state.end);
      return;
    }
    let payload;
    let type = 'message';
    received = undefined;
    try {
      payload = take(port, force || state.receiving);
    } catch (error) {
      payload = error;
      type = 'messageerror';
      received = undefined;
    }
    if (payload === NO_MESSAGE) {
      return;
    }
    emit(port, payload, received, type);
  }
}

class PlainEvent {
  constructor(data, target, type, ports) {
    Object.assign(this, { data, target, type, ports: ports ?? [] });
  }
}

/** Tells of a message, as if it were a turn of its own. */
function emit(port, data, ports, type) {
  try {
    if (typeof port[HYBRID_DISPATCH] === 'function') {
      port[RECEIVING_PORTS] = ports;
      try {
        port[HYBRID_DISPATCH](data, type, undefined);
      } finally {
        port[RECEIVING_PORTS] = undefined;
      }
    } else {
      const listener = type === 'message' ? port.onmessage : port.onmessageerror;
      if (typeof listener === 'function') {
        Reflect.apply(listener, port, [new PlainEvent(data, port, type, ports)]);
      }
    }
  } catch (error) {
    require('rejections').uncaught(error);
  }
  turns.between();
}

function requirePort(port) {
  if (port?.[STATE] === undefined) {
    throw coded(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      'The "port" argument must be a MessagePort instance',
    );
  }
  return port[STATE];
}

function MessageChannel() {
  if (new.target === undefined) {
    throw coded(
      TypeError,
      'ERR_CONSTRUCT_CALL_REQUIRED',
      'Class constructor MessageChannel cannot be invoked without `new`',
    );
  }
  const [end1, end2] = Array.from(messaging.channel());
  this.port1 = createOn(end1);
  this.port2 = createOn(end2);
}

Object.assign(exports, {
  MessagePort,
  MessageChannel,
  createOn,
  transferList,

  broadcastChannel: (name) => createOn(messaging.broadcast(name)),

  stopMessagePort(port) {
    const state = port[STATE];
    if (state !== undefined) {
      state.receiving = false;
    }
  },

  checkMessagePort: (port) => port?.[STATE] !== undefined,

  drainMessagePort(port) {
    if (port?.[STATE]?.end !== undefined) {
      deliver(port, true);
    }
  },

  receiveMessageOnPort(port) {
    const state = requirePort(port);
    return state.end === undefined ? NO_MESSAGE : take(port, true);
  },

  moveMessagePortToContext(port) {
    if (requirePort(port).closing) {
      throw coded(Error, 'ERR_CLOSED_MESSAGE_PORT', 'Cannot send data on closed MessagePort');
    }
    throw require('failures').notSupported(
      'worker_threads.moveMessagePortToContext, which needs contexts of node:vm,',
    );
  },
});
