/**
 * The handle of a client's session of HTTP/2: bytes from its socket go to Java's Http2Session, the
 * events that come of them to Node's library, and what is to be sent to the socket, in one write
 * for all that a turn has asked for.
 */
'use strict';

const { http2 } = host;
const turns = require('turns');
const bytes = require('intrinsics');
const { now } = require('bindings/performance');
const { FastBuffer } = require('fast-buffer');
const { AsyncWrap } = require('bindings/streams');
const state = require('bindings/http2-state');
const statistics = require('bindings/http2-statistics');
const { notSupported } = require('failures');
const { Events } = require('bindings/http2-events');
const { Http2Stream } = require('bindings/http2-stream');
const { OpenStreams } = require('bindings/http2-open-streams');
const { Pings } = require('bindings/http2-pings');
const { Settings } = require('bindings/http2-settings');
const { Transport } = require('bindings/http2-transport');
const { fields: places, constants } = require('node-constants').http2;

/** What the library lets a user set in `fields`. */
const MAX_INVALID_FRAMES = 1000;
const MAX_REJECTED_STREAMS = 100;

class Http2Session extends AsyncWrap {
  #options = state.takeOptions();
  #settings = new Settings(this.#options);
  #pings = new Pings(this.#options);
  #streams = new OpenStreams(this.#options);
  #events = new Events(this, this.#streams, this.#settings, this.#pings);
  #codec;
  #transport;
  #started = now();
  #bytesReceived = 0;
  #receiving = false;
  #flushScheduled = false;
  #flushWanted = false;
  #isGraceful = false;
  #isSaidComplete = false;
  #goawaySent = false;
  #closing = false;
  #destroyed = false;
  /** AsyncLocalStorage's, of the one who made the session. */
  frame = turns.currentFrame();
  fields = new Uint8Array(places.kSessionUint8FieldCount);

  constructor(type) {
    super();
    if (type !== constants.NGHTTP2_SESSION_CLIENT) {
      throw notSupported('an HTTP/2 server (nginx is the server)');
    }
    new Uint32Array(this.fields.buffer, places.kSessionMaxInvalidFrames, 1)[0] = MAX_INVALID_FRAMES;
    new Uint32Array(this.fields.buffer, places.kSessionMaxRejectedStreams, 1)[0] =
      MAX_REJECTED_STREAMS;
  }

  // ---- what comes ------------------------------------------------------------------------------

  consume(socket) {
    this.#transport = new Transport(
      socket,
      (buffer, offset, count) => this.#receive(buffer, offset, count, false),
      () => this.#sent(),
    );
  }

  /** Bytes that the socket's reader had already. */
  receive(view) {
    this.#receive(view.buffer, view.byteOffset, view.byteLength, true);
  }

  #receive(buffer, offset, count, nested) {
    if (this.#destroyed || this.#codec === undefined) {
      return;
    }
    this.#bytesReceived += count;
    const [mostInvalid] = new Uint32Array(this.fields.buffer, places.kSessionMaxInvalidFrames, 1);
    this.#codec.receive(buffer, offset, count, mostInvalid);
    const outer = this.#receiving;
    this.#receiving = true;
    try {
      this.#events.dispatch(this.#codec, nested);
    } finally {
      this.#receiving = outer;
    }
    this.#flush();
  }

  // ---- what goes -------------------------------------------------------------------------------

  /** Sends what there is when the code of the turn has run. */
  flushSoon() {
    if (this.#receiving) {
      this.#flushWanted = true;
      return;
    }
    if (this.#flushScheduled || this.#transport?.isWriting || this.#destroyed) {
      return;
    }
    this.#flushScheduled = true;
    turns.queueReaction(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush() {
    if (this.#receiving || this.#destroyed) {
      return;
    }
    if (this.#transport === undefined || this.#transport.isWriting) {
      return;
    }
    this.#receiving = true;
    this.#flushWanted = false;
    let output;
    try {
      this.#streams.endThoseDone();
      output = this.#codec.output();
      this.#events.dispatch(this.#codec, true);
    } finally {
      this.#receiving = false;
    }
    if (output !== null) {
      this.#send(output);
      this.checkGraceful();
      return;
    }
    this.#streams.completeWrites();
    this.checkGraceful();
    if (this.#flushWanted) {
      this.flushSoon();
    }
  }

  #send(output) {
    this.#transport.send(new FastBuffer(bytes.copyIn(output)));
  }

  #sent() {
    this.checkGraceful();
    this.#streams.completeWrites();
    if (this.#destroyed) {
      const rest = this.#transport.isReleased ? null : this.#codec.output();
      if (rest === null) {
        this.#done();
      } else {
        this.#send(rest);
      }
      return;
    }
    this.#transport.resume();
    this.#flush();
  }

  // ---- what the library asks for ---------------------------------------------------------------

  settings(callback) {
    if (this.#settings.isFull) {
      callback(false, 0);
      return false;
    }
    const text = this.#settings.take(callback);
    if (this.#codec === undefined) {
      this.#codec = http2.open(text, state.limits(this.#options));
    } else {
      this.#codec.settings(text);
    }
    this.flushSoon();
    return true;
  }

  /** Node's nghttp2 does not send priorities any more (RFC 9113), so they are not looked at. */
  request([headers], options) {
    const endStream = (options & constants.STREAM_OPTION_EMPTY_PAYLOAD) !== 0;
    const id = this.#codec.request(headers, endStream);
    if (id < 0) {
      return id;
    }
    const stream = this.#streams.add(new Http2Stream(this, id, options));
    this.flushSoon();
    return stream;
  }

  ping(payload, callback) {
    if (this.#pings.isFull) {
      callback(false, 0);
      return false;
    }
    this.#pings.send(this.#codec, payload, callback);
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
    const isOver = this.#goawaySent || this.#events.goawayReceived;
    return this.#codec.hasOutput() || !isOver || this.#codec.streams() > 0;
  }

  updateChunksSent() {
    this.chunksSentSinceLastWrite = this.#transport?.chunksSent ?? 0;
    return this.chunksSentSinceLastWrite;
  }

  localSettings() {
    this.#settings.showLocal();
  }

  remoteSettings() {
    this.#settings.showRemote();
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
    this.#streams.endSoon(stream);
    this.flushSoon();
  }

  trailers(id, headers) {
    this.#codec.trailers(id, headers);
    this.flushSoon();
  }

  reset(id, code) {
    if (!this.#destroyed) {
      this.#streams.endThoseDone();
      this.#codec.reset(id, code);
      this.flushSoon();
    }
  }

  remove(stream) {
    this.#streams.remove(stream);
  }

  streamState(id) {
    return this.#codec.streamState(id).split(' ').map(Number);
  }

  // ---- the end ---------------------------------------------------------------------------------

  /** Tells the library, once, that nothing is pending any more, if it has asked for that. */
  checkGraceful() {
    if (this.#isGraceful && !this.#isSaidComplete && !this.hasPendingData()) {
      this.#isSaidComplete = true;
      state.call(this.frame, this.ongracefulclosecomplete, this);
    }
  }

  destroy(code, isSocketClosed) {
    if (this.#closing) {
      return;
    }
    this.#closing = true;
    this.#transport.end();
    if (isSocketClosed || this.#codec === undefined) {
      this.#transport.release();
    } else {
      this.#codec.goaway(code >>> 0, 0, null, 0, 0);
      this.#receiving = false;
      this.#flush();
    }
    this.#destroyed = true;
    if (!this.#transport.isWriting) {
      this.#done();
    }
    this.#pings.cancel(this.frame);
    statistics.sessionEnded({
      started: this.#started,
      streams: this.#streams.count,
      most: this.#streams.most,
      average: this.#streams.average,
      rtt: this.#pings.roundTrip,
      sent: this.#transport.bytesSent,
      received: this.#bytesReceived,
      framesReceived: this.#codec?.framesReceived() ?? 0,
      framesSent: this.#codec?.framesSent() ?? 0,
    });
  }

  #done() {
    state.call(this.frame, this.ondone ?? (() => {}), this);
    this.#transport.awaitEnd();
  }
}

exports.Http2Session = Http2Session;
