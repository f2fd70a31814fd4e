/** undici's Agent as fetch finds it: takes a request, and tells a handler what comes of it. */
'use strict';

const { Exchange } = require('bindings/fetch/exchange');

/**
 * @param {object} undici its modules: Dispatcher, Request, errors, util, extractBody
 * @returns {Function} the class
 */
exports.agentOf = (undici) => {
  const { Dispatcher, Request, errors } = undici;

  return class Agent extends Dispatcher {
    #exchanges = new Set();
    #closed = false;
    #destroyed = false;
    #idle = [];

    get closed() {
      return this.#closed;
    }

    get destroyed() {
      return this.#destroyed;
    }

    dispatch(options, handler) {
      if (!handler || typeof handler !== 'object') {
        throw new errors.InvalidArgumentError('handler must be an object');
      }
      try {
        if (!options || typeof options !== 'object') {
          throw new errors.InvalidArgumentError('opts must be an object.');
        }
        if (this.#destroyed) {
          throw new errors.ClientDestroyedError();
        }
        if (this.#closed) {
          throw new errors.ClientClosedError();
        }
        const origin = originOf(options.origin, errors);
        this.#send(origin, new Request(origin, options, handler));
      } catch (error) {
        if (typeof handler.onError !== 'function') {
          throw new errors.InvalidArgumentError('invalid onError method');
        }
        handler.onError(error);
        return false;
      }
      return true;
    }

    #send(origin, request) {
      const exchange = new Exchange(undici, origin, request, () => {
        this.#exchanges.delete(exchange);
        this.#tellIdle();
      });
      this.#exchanges.add(exchange);
      exchange.start();
    }

    #tellIdle() {
      if (this.#exchanges.size === 0) {
        this.#idle.splice(0).forEach((told) => told());
      }
    }

    /** No new request; the promise is for the end of those that go on. */
    close(callback) {
      this.#closed = true;
      return this.#whenIdle(callback);
    }

    /** Ends all that goes on. */
    destroy(error, callback) {
      const told = typeof error === 'function' ? error : callback;
      const reason =
        error && typeof error !== 'function' ? error : new errors.ClientDestroyedError();
      this.#closed = true;
      this.#destroyed = true;
      for (const exchange of [...this.#exchanges]) {
        exchange.abort(reason);
      }
      return this.#whenIdle(told);
    }

    #whenIdle(callback) {
      const done = new Promise((resolve) => this.#idle.push(resolve));
      queueMicrotask(() => this.#tellIdle());
      if (callback === undefined) {
        return done;
      }
      void done.then(() => callback(null, null));
      return undefined;
    }
  };
};

/** "https://host:port" of a text or URL. */
function originOf(value, errors) {
  if (!value || (typeof value !== 'string' && !(value instanceof globalThis.URL))) {
    throw new errors.InvalidArgumentError('opts.origin must be a non-empty string or URL.');
  }
  const { protocol, origin } = new globalThis.URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new errors.InvalidArgumentError('Invalid URL protocol: the URL must start with `http:` or `https:`.');
  }
  return origin;
}
