/** The second argument of a handler. */
'use strict';

const { tasks } = host;

class Task {
  #call;
  #body;
  #signal;

  constructor(method, call, body) {
    this.method = method;
    this.#call = call;
    this.#body = body;
  }

  /** The request's bytes, a Buffer; null for a nil request. */
  get body() {
    if (this.#body === undefined) {
      this.#body = require('bytes').fromHost(tasks.body(this.#call));
    }
    return this.#body;
  }

  /** An AbortSignal that tells when nobody waits for the reply any more; made when asked for. */
  get signal() {
    if (this.#signal === undefined) {
      this.#signal = makeSignal(this.#call);
    }
    return this.#signal;
  }
}

function makeSignal(call) {
  const { AbortController, DOMException } = globalThis;
  const controller = new AbortController();
  const abort = (reason) => {
    const name = reason === 'timeout' ? 'TimeoutError' : 'AbortError';
    controller.abort(new DOMException(`the call was cancelled: ${reason}`, name));
  };
  const reason = tasks.onCancel(call, (text) => require('turns').run(() => abort(text)));
  if (reason !== null) {
    abort(reason);
  }
  return controller.signal;
}

exports.Task = Task;
