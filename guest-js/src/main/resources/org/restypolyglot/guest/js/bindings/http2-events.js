/** What Java's Http2Session has to tell, told to Node's library. */
'use strict';

const turns = require('turns');
const bytes = require('intrinsics');
const { now } = require('bindings/performance');
const { FastBuffer } = require('fast-buffer');
const { call, callbacks } = require('bindings/http2-state');
const { Http2Stream } = require('bindings/http2-stream');
const { fields: places, constants } = require('node-constants').http2;

/** As in Java's Http2Event; each is a method. */
const EVENTS = [
  undefined,
  'headers',
  'data',
  'close',
  'settings',
  'settingsAck',
  'ping',
  'pingAck',
  'goaway',
  'priority',
  'altsvc',
  'origin',
  'written',
  'error',
  'frameError',
];

const NEVER_INDEXED = '1';
const PROTOCOL_ERROR = -505;
const CALLBACK_FAILURE = -902;

class Events {
  #session;
  #streams;
  #settings;
  #pings;
  #rejected = 0;
  goawayReceived = false;

  /** @param {Http2Session} session the callbacks' `this`; says in `fields` what it wants to hear */
  constructor(session, streams, settings, pings) {
    this.#session = session;
    this.#streams = streams;
    this.#settings = settings;
    this.#pings = pings;
  }

  /** Tells the library what there is; each event is a turn of its own, if this is not within one. */
  dispatch(codec, nested) {
    for (let kind = codec.next(); kind !== 0; kind = codec.next()) {
      const name = EVENTS[kind];
      if (nested || name === 'written') {
        this.#tell(name, codec);
      } else {
        const frame = turns.currentFrame();
        this.#tell(name, codec);
        turns.checkpoint(frame);
      }
    }
  }

  #tell(name, codec) {
    const frame = this.#streams.get(codec.id())?.frame ?? this.#session.frame;
    call(frame, this[name], this, codec);
  }

  #fail(code, text) {
    callbacks.onSessionInternalError.call(this.#session, code, text);
  }

  #isHeard(listeners) {
    return (this.#session.fields[places.kBitfield] & (1 << listeners)) !== 0;
  }

  // ---- of streams ------------------------------------------------------------------------------

  headers(codec) {
    const id = codec.id();
    const flags = codec.number();
    const category = codec.other();
    const text = codec.text();
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      if (category !== 0) {
        return; // of a stream that the library has given up
      }
      if (!this.#streams.hasRoom()) {
        this.#reject(id, codec);
        return;
      }
      this.#rejected = 0;
      const pushed = new Http2Stream(this.#session, id, constants.STREAM_OPTION_EMPTY_PAYLOAD);
      stream = this.#streams.add(pushed);
    }
    stream.firstHeader ||= now();
    const { headers, sensitive } = parseHeaders(text);
    const args = [stream, id, category, flags, headers, sensitive];
    callbacks.onSessionHeaders.apply(this.#session, args);
  }

  #reject(id, codec) {
    const { buffer } = this.#session.fields;
    const [most] = new Uint32Array(buffer, places.kSessionMaxRejectedStreams, 1);
    codec.reset(id, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    if (this.#rejected++ > most) {
      this.#fail(CALLBACK_FAILURE);
    }
  }

  data(codec) {
    const stream = this.#streams.get(codec.id());
    const isLast = codec.number() === 1;
    const data = bytes.copyIn(codec.bytes());
    if (data.byteLength > 0) {
      stream?.receive(data);
    }
    if (isLast && stream?.destroyed === false) {
      stream.receiveEnd();
    }
  }

  close(codec) {
    const stream = this.#streams.get(codec.id());
    if (stream !== undefined) {
      stream.closed = true;
      const isTold = callbacks.onStreamClose.call(stream, codec.number());
      if (isTold === false) {
        stream.destroy();
      }
    }
    this.#session.checkGraceful();
  }

  written(codec) {
    this.#streams.written(codec.id(), codec.number());
  }

  priority(codec) {
    if (this.#session.fields[places.kSessionPriorityListenerCount] > 0) {
      const weight = codec.other();
      const args = [codec.id(), codec.number(), Math.abs(weight), weight < 0];
      callbacks.onPriority.apply(this.#session, args);
    }
  }

  frameError(codec) {
    callbacks.onFrameError.call(this.#session, codec.id(), codec.number(), codec.other());
  }

  // ---- of the session --------------------------------------------------------------------------

  settings(codec) {
    const { fields } = this.#session;
    this.#settings.receive(codec.text());
    fields[places.kBitfield] &= ~(1 << places.kSessionRemoteSettingsIsUpToDate);
    if (this.#isHeard(places.kSessionHasRemoteSettingsListeners)) {
      callbacks.onSettings.call(this.#session);
    }
  }

  settingsAck() {
    if (!this.#settings.acknowledge()) {
      this.#fail(PROTOCOL_ERROR);
    }
  }

  ping(codec) {
    if (this.#isHeard(places.kSessionHasPingListeners)) {
      callbacks.onPing.call(this.#session, bufferOf(codec));
    }
  }

  pingAck(codec) {
    if (!this.#pings.acknowledge(bufferOf(codec))) {
      this.#fail(PROTOCOL_ERROR);
    }
  }

  goaway(codec) {
    this.goawayReceived = true;
    const data = bufferOf(codec);
    callbacks.onGoawayData.call(this.#session, codec.number(), codec.other(), data);
  }

  altsvc(codec) {
    if (this.#isHeard(places.kSessionHasAltsvcListeners)) {
      const [origin, value] = codec.text().split('\0');
      callbacks.onAltSvc.call(this.#session, codec.id(), origin, value);
    }
  }

  origin(codec) {
    const text = codec.text();
    callbacks.onOrigin.call(this.#session, text === '' ? [] : text.split('\0'));
  }

  error(codec) {
    this.#fail(codec.number(), codec.text() ?? undefined);
  }
}

/** Names and values in turn, and the names of those that no table may keep. */
function parseHeaders(text) {
  const parts = text.split('\0');
  const headers = [];
  const sensitive = [];
  // Each part but the first begins with a header's flag: a name cannot.
  for (let i = 0; i + 2 < parts.length; i += 2) {
    const name = i === 0 ? parts[0] : parts[i].slice(1);
    headers.push(name, parts[i + 1]);
    if (parts[i + 2][0] === NEVER_INDEXED) {
      sensitive.push(name);
    }
  }
  return { headers, sensitive };
}

const bufferOf = (codec) => {
  const data = codec.bytes();
  return data === null ? undefined : new FastBuffer(bytes.copyIn(data));
};

exports.Events = Events;
