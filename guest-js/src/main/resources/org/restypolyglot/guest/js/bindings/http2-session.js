/**
 * The handle of a client's session of HTTP/2: bytes from its socket go to Java's Http2Session, the
 * events that come of them to Node's library, and what is to be sent to the socket, in one write
 * for all that a turn has asked for.
 */
'use strict';

const { http2 } = host;
const turns = require('turns');
const bytes = require('intrinsics');
const uv = require('bindings/uv');
const { now } = require('bindings/performance');
const { FastBuffer } = require('fast-buffer');
const { AsyncWrap, stream_wrap } = require('bindings/streams');
const state = require('bindings/http2-state');
const { notSupported } = require('failures');
const { Http2Stream } = require('bindings/http2-stream');
const { fields: places, constants } = require('node-constants').http2;

const { callbacks } = state;
const { WriteWrap, streamBaseState } = stream_wrap;
const { kReadBytesOrError, kArrayBufferOffset, kLastWriteWasAsync } = stream_wrap;

/** What the library lets a user set in `fields`. */
const MAX_INVALID_FRAMES = 1000;
const MAX_REJECTED_STREAMS = 100;

const MEGABYTE = 1e6;

/** A guess of what a stream takes of the memory that a session may have. */
const STREAM_BYTES = 1000;

/** As in Java's Http2Event. */
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

/** What to do with each event; it is given access to a session's own fields below. */
let TELL;

class Http2Session extends AsyncWrap {
  #options = state.takeOptions();
  #customIds = state.takeCustomIds();
  #frame = turns.currentFrame();
  #codec;
  #socket;
  #previous;
  #streams = new Map();
  #ending = new Set();
  #pings = [];
  #sentSettings = [];
  #localSettings = state.initialSettings(0xffffffff);
  #localCustomIds = [];
  #remoteSettings;
  #hasRemoteSettings = false;
  #rejected = 0;
  #receiving = false;
  #flushScheduled = false;
  #flushWanted = false;
  #writing = false;
  #readingStopped = false;
  #completed = [];
  #isGraceful = false;
  #isSaidComplete = false;
  #goawaySent = false;
  #goawayReceived = false;
  #closing = false;
  #destroyed = false;
  #chunksSent = 0;
  #statistics = { started: now(), streams: 0, most: 0, average: 0, rtt: 0, sent: 0, received: 0 };
  fields = new Uint8Array(places.kSessionUint8FieldCount);

  constructor(type) {
    super();
    if (type !== constants.NGHTTP2_SESSION_CLIENT) {
      throw notSupported('an HTTP/2 server (nginx is the server)');
    }
    this.#remoteSettings = state.initialSettings(this.#options.peerMaxConcurrentStreams);
    new Uint32Array(this.fields.buffer, places.kSessionMaxInvalidFrames, 1)[0] = MAX_INVALID_FRAMES;
    new Uint32Array(this.fields.buffer, places.kSessionMaxRejectedStreams, 1)[0] =
      MAX_REJECTED_STREAMS;
  }

  // ---- the socket ------------------------------------------------------------------------------

  /** What `socket` reads comes here from now on; its end and its errors go where they went. */
  consume(socket) {
    this.#socket = socket;
    this.#previous = socket.onread;
    socket.onread = (buffer) => {
      const count = streamBaseState[kReadBytesOrError];
      if (count < 0) {
        return this.#previous.call(socket, buffer);
      }
      if (count > 0) {
        this.#receive(buffer, streamBaseState[kArrayBufferOffset], count, false);
      }
      return undefined;
    };
  }

  /** Bytes that the socket's reader had already. */
  receive(view) {
    this.#receive(view.buffer, view.byteOffset, view.byteLength, true);
  }

  #receive(buffer, offset, count, nested) {
    if (this.#destroyed || this.#codec === undefined) {
      return;
    }
    this.#statistics.received += count;
    const [mostInvalid] = new Uint32Array(this.fields.buffer, places.kSessionMaxInvalidFrames, 1);
    this.#codec.receive(buffer, offset, count, mostInvalid);
    const outer = this.#receiving;
    this.#receiving = true;
    try {
      this.#dispatch(nested);
    } finally {
      this.#receiving = outer;
    }
    this.#flush();
  }

  /** Tells the library what there is; each event is a turn of its own, if this is not within one. */
  #dispatch(nested) {
    const codec = this.#codec;
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
    try {
      const frame = this.#streams.get(codec.id())?.frame ?? this.#frame;
      turns.runInFrame(frame, () => TELL[name](this, codec));
    } catch (error) {
      require('rejections').uncaught(error);
    }
  }

  /** Sends what there is when the code of the turn has run. */
  flushSoon() {
    if (this.#receiving) {
      this.#flushWanted = true;
      return;
    }
    if (this.#flushScheduled || this.#writing || this.#destroyed) {
      return;
    }
    this.#flushScheduled = true;
    turns.queueReaction(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush() {
    if (this.#writing || this.#receiving || this.#socket === undefined || this.#destroyed) {
      return;
    }
    this.#receiving = true;
    this.#flushWanted = false;
    let output;
    try {
      this.#endStreams();
      output = this.#codec.output();
      this.#dispatch(true);
    } finally {
      this.#receiving = false;
    }
    if (output !== null) {
      this.#send(new FastBuffer(bytes.copyIn(output)));
      this.#checkGraceful();
      return;
    }
    this.#completeWrites();
    this.#checkGraceful();
    if (this.#flushWanted) {
      this.flushSoon();
    }
  }

  #endStreams() {
    for (const stream of this.#ending) {
      const ready = stream.endIfDone();
      if (stream.isEnded) {
        this.#ending.delete(stream);
      }
      if (ready) {
        this.#call(stream.frame, callbacks.onStreamTrailers, stream);
      }
    }
  }

  #call(frame, callback, target, ...args) {
    try {
      turns.runInFrame(frame, () => callback.apply(target, args));
    } catch (error) {
      require('rejections').uncaught(error);
    }
  }

  #send(buffer) {
    this.#writing = true;
    this.#chunksSent++;
    this.#statistics.sent += buffer.length;
    const req = new WriteWrap();
    req.oncomplete = () => this.#sent();
    const status = this.#socket.writeBuffer(req, buffer);
    if (status !== 0 || !streamBaseState[kLastWriteWasAsync]) {
      this.#sent();
    } else if (!this.#closing && !this.#readingStopped) {
      // Who does not take our answers does not get to ask more.
      this.#readingStopped = true;
      this.#socket.readStop();
    }
  }

  #sent() {
    this.#writing = false;
    this.#checkGraceful();
    this.#completeWrites();
    if (this.#destroyed) {
      const rest = this.#socket.onread === this.#previous ? null : this.#codec.output();
      if (rest === null) {
        this.#done();
      } else {
        this.#send(new FastBuffer(bytes.copyIn(rest)));
      }
      return;
    }
    if (this.#readingStopped && !this.#closing) {
      this.#readingStopped = false;
      this.#socket.readStart();
    }
    this.#flush();
  }

  #completeWrites() {
    while (this.#completed.length > 0) {
      const { req, frame } = this.#completed.shift();
      this.#call(frame, req.oncomplete, req, 0);
    }
  }

  // ---- what the library asks for ---------------------------------------------------------------

  settings(callback) {
    if (this.#sentSettings.length >= this.#options.maxOutstandingSettings) {
      callback(false, 0);
      return false;
    }
    const entries = state.takeSettings();
    const text = entries.map(([id, value]) => `${id}=${value}`).join(',');
    this.#sentSettings.push({ callback, entries, started: now() });
    if (this.#codec === undefined) {
      this.#codec = http2.open(text, this.#limits());
    } else {
      this.#codec.settings(text);
    }
    for (const [id] of entries) {
      if (!state.isKnownSetting(id) && !this.#localCustomIds.includes(id)) {
        this.#localCustomIds.push(id);
      }
    }
    this.flushSoon();
    return true;
  }

  /** In the order of Java's Http2Limits. */
  #limits() {
    const options = this.#options;
    return [
      options.peerMaxConcurrentStreams,
      options.maxReservedRemoteStreams,
      options.maxHeaderListPairs,
      options.maxSendHeaderBlockLength,
      options.maxDeflateDynamicTableSize,
      options.maxSettings,
      options.maxSessionMemory * MEGABYTE,
      options.paddingStrategy,
    ].join(',');
  }

  /** Node's nghttp2 does not send priorities any more (RFC 9113), so they are not looked at. */
  request([headers], options) {
    const endStream = (options & constants.STREAM_OPTION_EMPTY_PAYLOAD) !== 0;
    const id = this.#codec.request(headers, endStream);
    if (id < 0) {
      return id;
    }
    const stream = this.#add(new Http2Stream(this, id, options));
    this.flushSoon();
    return stream;
  }

  #add(stream) {
    this.#streams.set(stream.id(), stream);
    const statistics = this.#statistics;
    statistics.streams++;
    statistics.most = Math.max(statistics.most, this.#streams.size);
    return stream;
  }

  ping(payload, callback) {
    if (this.#pings.length >= this.#options.maxOutstandingPings) {
      callback(false, 0);
      return false;
    }
    const started = now();
    const data = payload ?? new Float64Array([started]);
    this.#codec.ping(data.buffer, data.byteOffset, data.byteLength);
    this.#pings.push({ callback, started });
    this.flushSoon();
    return true;
  }

  goaway(code, lastStreamId, data) {
    if (this.#destroyed) {
      return;
    }
    this.#goawaySent = true;
    this.#codec.goaway(
      code >>> 0,
      lastStreamId,
      data?.buffer ?? null,
      data?.byteOffset ?? 0,
      data?.byteLength ?? 0,
    );
    this.flushSoon();
  }

  setNextStreamID(id) {
    return this.#codec.nextStreamId(id);
  }

  setLocalWindowSize(size) {
    this.#codec.localWindow(size);
    this.flushSoon();
    return 0;
  }

  setGracefulClose() {
    this.#isGraceful = true;
  }

  /** Whether the session has to live on: there is something to send, or streams are open. */
  hasPendingData() {
    if (this.#codec === undefined || this.#destroyed) {
      return false;
    }
    const isOver = this.#goawaySent || this.#goawayReceived;
    return this.#codec.hasOutput() || !isOver || this.#codec.streams() > 0;
  }

  #checkGraceful() {
    if (this.#isGraceful && !this.#isSaidComplete && !this.hasPendingData()) {
      this.#isSaidComplete = true;
      this.#call(this.#frame, this.ongracefulclosecomplete, this);
    }
  }

  updateChunksSent() {
    this.chunksSentSinceLastWrite = this.#chunksSent;
    return this.#chunksSent;
  }

  localSettings() {
    state.showSettings(this.#localSettings, this.#localCustomIds);
  }

  remoteSettings() {
    state.showSettings(this.#remoteSettings, this.#customIds);
  }

  refreshState() {
    // The sizes of the two tables of HPACK come last: Netty does not tell them.
    state.sessionState.set(this.#codec.state().split(' ').map(Number));
  }

  altsvc() {
    throw notSupported('http2: altsvc of a client');
  }

  origin() {
    throw notSupported('http2: origin of a client');
  }

  // ---- what streams ask for --------------------------------------------------------------------

  consumeData(id, count) {
    if (!this.#destroyed && this.#codec.consume(id, count)) {
      this.flushSoon();
    }
  }

  write(id, number, view) {
    this.#codec.write(id, number, view.buffer, view.byteOffset, view.byteLength);
    this.flushSoon();
  }

  end(id) {
    this.#codec.end(id);
  }

  endSoon(stream) {
    this.#ending.add(stream);
    this.flushSoon();
  }

  trailers(id, headers) {
    this.#codec.trailers(id, headers);
    this.flushSoon();
  }

  reset(id, code) {
    if (!this.#destroyed) {
      this.#endStreams();
      this.#codec.reset(id, code);
      this.flushSoon();
    }
  }

  remove(stream) {
    this.#ending.delete(stream);
    if (this.#streams.delete(stream.id())) {
      const { started } = stream;
      this.#statistics.average = (now() - started) / this.#statistics.streams;
      require('bindings/http2-statistics').streamEnded(stream);
    }
  }

  streamState(id) {
    return this.#codec.streamState(id).split(' ').map(Number);
  }

  // ---- the end ---------------------------------------------------------------------------------

  destroy(code, isSocketClosed) {
    if (this.#closing) {
      return;
    }
    this.#closing = true;
    this.#socket.readStop();
    if (isSocketClosed) {
      this.#socket.onread = this.#previous;
    } else {
      this.#codec.goaway(code >>> 0, 0, null, 0, 0);
      this.#receiving = false;
      this.#flush();
    }
    this.#destroyed = true;
    if (!this.#writing) {
      this.#done();
    }
    if (this.#pings.length > 0) {
      const pings = this.#pings.splice(0);
      require('timers').api.setImmediate(() => {
        for (const { callback, started } of pings) {
          this.#call(this.#frame, callback, undefined, false, now() - started);
        }
      });
    }
    require('bindings/http2-statistics').sessionEnded({
      ...this.#statistics,
      framesReceived: this.#codec.framesReceived(),
      framesSent: this.#codec.framesSent(),
    });
  }

  #done() {
    this.#call(this.#frame, this.ondone ?? (() => {}), this);
    // The end of the other side is to be noticed.
    this.#socket.readStart();
  }

  // ---- events ----------------------------------------------------------------------------------

  static {
    TELL = {
      headers: (session, codec) => session.#headers(codec),
      data(session, codec) {
        const stream = session.#streams.get(codec.id());
        const isLast = codec.number() === 1;
        const data = bytes.copyIn(codec.bytes());
        if (data.byteLength > 0) {
          stream?.receive(data);
        }
        if (isLast && stream?.destroyed === false) {
          stream.receiveEnd();
        }
      },
      close(session, codec) {
        const stream = session.#streams.get(codec.id());
        if (stream !== undefined) {
          stream.closed = true;
          const isTold = callbacks.onStreamClose.call(stream, codec.number());
          if (isTold === false) {
            stream.destroy();
          }
        }
        session.#checkGraceful();
      },
      settings: (session, codec) => session.#settingsCame(codec.text()),
      settingsAck: (session) => session.#settingsAcknowledged(),
      ping(session, codec) {
        if (session.#has(places.kSessionHasPingListeners)) {
          callbacks.onPing.call(session, bufferOf(codec));
        }
      },
      pingAck: (session, codec) => session.#pingAcknowledged(bufferOf(codec)),
      goaway(session, codec) {
        session.#goawayReceived = true;
        const data = bufferOf(codec);
        callbacks.onGoawayData.call(session, codec.number(), codec.other(), data);
      },
      priority(session, codec) {
        if (session.fields[places.kSessionPriorityListenerCount] > 0) {
          const weight = codec.other();
          const args = [codec.id(), codec.number(), Math.abs(weight), weight < 0];
          callbacks.onPriority.apply(session, args);
        }
      },
      altsvc(session, codec) {
        if (session.#has(places.kSessionHasAltsvcListeners)) {
          const [origin, value] = codec.text().split('\0');
          callbacks.onAltSvc.call(session, codec.id(), origin, value);
        }
      },
      origin(session, codec) {
        const text = codec.text();
        callbacks.onOrigin.call(session, text === '' ? [] : text.split('\0'));
      },
      written(session, codec) {
        const stream = session.#streams.get(codec.id());
        const req = stream?.written(codec.number());
        if (req !== undefined) {
          session.#completed.push({ req, frame: stream.frame });
        }
      },
      error(session, codec) {
        callbacks.onSessionInternalError.call(session, codec.number(), codec.text() ?? undefined);
      },
      frameError(session, codec) {
        callbacks.onFrameError.call(session, codec.id(), codec.number(), codec.other());
      },
    };
  }

  #has(listeners) {
    return (this.fields[places.kBitfield] & (1 << listeners)) !== 0;
  }

  #headers(codec) {
    const id = codec.id();
    const flags = codec.number();
    const category = codec.other();
    const text = codec.text();
    let stream = this.#streams.get(id);
    if (stream === undefined) {
      if (category !== 0) {
        return; // of a stream that the library has given up
      }
      if (!this.#hasMemory()) {
        this.#reject(id);
        return;
      }
      this.#rejected = 0;
      stream = this.#add(new Http2Stream(this, id, constants.STREAM_OPTION_EMPTY_PAYLOAD));
    }
    stream.firstHeader ||= now();
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
    callbacks.onSessionHeaders.call(this, stream, id, category, flags, headers, sensitive);
  }

  #hasMemory() {
    let used = this.#streams.size * STREAM_BYTES;
    for (const stream of this.#streams.values()) {
      used += stream.unsentBytes;
    }
    return used + STREAM_BYTES <= this.#options.maxSessionMemory * MEGABYTE;
  }

  #reject(id) {
    const [most] = new Uint32Array(this.fields.buffer, places.kSessionMaxRejectedStreams, 1);
    this.#codec.reset(id, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    if (this.#rejected++ > most) {
      callbacks.onSessionInternalError.call(this, CALLBACK_FAILURE);
    }
  }

  #settingsCame(text) {
    if (!this.#hasRemoteSettings) {
      this.#hasRemoteSettings = true;
      this.#remoteSettings.set(3, 0xffffffff);
    }
    for (const entry of text === '' ? [] : text.split(',')) {
      const [id, value] = entry.split('=').map(Number);
      this.#remoteSettings.set(id, value);
    }
    this.fields[places.kBitfield] &= ~(1 << places.kSessionRemoteSettingsIsUpToDate);
    if (this.#has(places.kSessionHasRemoteSettingsListeners)) {
      callbacks.onSettings.call(this);
    }
  }

  #settingsAcknowledged() {
    const sent = this.#sentSettings.shift();
    if (sent === undefined) {
      callbacks.onSessionInternalError.call(this, PROTOCOL_ERROR);
      return;
    }
    for (const [id, value] of sent.entries) {
      this.#localSettings.set(id, value);
    }
    sent.callback(true, now() - sent.started);
  }

  #pingAcknowledged(payload) {
    const ping = this.#pings.shift();
    if (ping === undefined) {
      callbacks.onSessionInternalError.call(this, PROTOCOL_ERROR);
      return;
    }
    const duration = now() - ping.started;
    this.#statistics.rtt = duration;
    ping.callback(true, duration, payload);
  }
}

const NEVER_INDEXED = '1';
const PROTOCOL_ERROR = -505;
const CALLBACK_FAILURE = -902;

const bufferOf = (codec) => {
  const data = codec.bytes();
  return data === null ? undefined : new FastBuffer(bytes.copyIn(data));
};

exports.Http2Session = Http2Session;
