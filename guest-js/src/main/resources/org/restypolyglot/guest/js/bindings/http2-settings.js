/** The settings of a session of HTTP/2: ours, which the other side acknowledges, and its own. */
'use strict';

const { now } = require('bindings/performance');
const state = require('bindings/http2-state');

const MAX_CONCURRENT_STREAMS = 3;
const NO_LIMIT = 0xffffffff;

class Settings {
  #customIds = state.takeCustomIds();
  #maxOutstanding;
  #outstanding = [];
  #local = state.initialSettings(NO_LIMIT);
  #localCustomIds = [];
  #remote;
  #hasRemote = false;

  constructor({ peerMaxConcurrentStreams, maxOutstandingSettings }) {
    this.#remote = state.initialSettings(peerMaxConcurrentStreams);
    this.#maxOutstanding = maxOutstandingSettings;
  }

  // ---- ours ------------------------------------------------------------------------------------

  /** Whether the other side has to acknowledge some before more are sent. */
  get isFull() {
    return this.#outstanding.length >= this.#maxOutstanding;
  }

  /**
   * Takes those that the library has put into the buffer.
   *
   * @param callback is called when they are acknowledged
   * @returns {string} as Java's Http2SettingsText
   */
  take(callback) {
    const entries = state.takeSettings();
    this.#outstanding.push({ callback, entries, started: now() });
    for (const [id] of entries) {
      if (!state.isKnownSetting(id) && !this.#localCustomIds.includes(id)) {
        this.#localCustomIds.push(id);
      }
    }
    return entries.map(([id, value]) => `${id}=${value}`).join(',');
  }

  /** The other side has agreed to the oldest ones; false: to none that it was sent. */
  acknowledge() {
    const sent = this.#outstanding.shift();
    if (sent === undefined) {
      return false;
    }
    for (const [id, value] of sent.entries) {
      this.#local.set(id, value);
    }
    sent.callback(true, now() - sent.started);
    return true;
  }

  showLocal() {
    state.showSettings(this.#local, this.#localCustomIds);
  }

  // ---- the other side's ------------------------------------------------------------------------

  /** @param {string} text as Java's Http2SettingsText */
  receive(text) {
    if (!this.#hasRemote) {
      this.#hasRemote = true;
      this.#remote.set(MAX_CONCURRENT_STREAMS, NO_LIMIT);
    }
    for (const entry of text === '' ? [] : text.split(',')) {
      const [id, value] = entry.split('=').map(Number);
      this.#remote.set(id, value);
    }
  }

  showRemote() {
    state.showSettings(this.#remote, this.#customIds);
  }
}

exports.Settings = Settings;
