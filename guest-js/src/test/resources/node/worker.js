// Workers, ports, and what they send: lines in an order that does not depend on threads.
const { Worker, MessageChannel, isMainThread, receiveMessageOnPort, threadId } = require('worker_threads');
const { transferableAbortController, transferableAbortSignal } = require('util');
const { once } = require('events');

const CODE = `
const { parentPort, workerData, isMainThread, getEnvironmentData, resourceLimits } = require('worker_threads');
parentPort.on('message', async ({ what, value }) => {
  if (what === 'about') parentPort.postMessage([isMainThread, workerData, getEnvironmentData('k'), process.argv.slice(2), typeof resourceLimits.stackSizeMb]);
  else if (what === 'stream') { let all = ''; for await (const part of value) all += part; parentPort.postMessage(all); }
  else if (what === 'signal') { parentPort.postMessage('waiting'); value.addEventListener('abort', () => parentPort.postMessage(String(value.reason))); }
  else if (what === 'end') parentPort.close();
  else parentPort.postMessage(value);
});
`;

(async () => {
  require('worker_threads').setEnvironmentData('k', { deep: [1] });
  console.log('main', isMainThread, threadId);
  const worker = new Worker(CODE, { eval: true, workerData: new Set(['data']), argv: [1, 'two'] });
  const ask = async (what, value, transfer) => {
    worker.postMessage({ what, value }, transfer);
    return (await once(worker, 'message'))[0];
  };
  console.log('about', await ask('about'));
  const values = [
    1, -0, 5n, 'text', null, undefined, [1, , 3], { a: { b: new Map([[1, new Set([2])]]) } }, new Date(1e12),
    /x/gi, new RangeError('bad', { cause: 'why' }).message, new Uint16Array([1, 2]), Buffer.from('b'), Object(1),
    new Blob(['blob']),
  ];
  for (const value of values) {
    console.log('back', await ask('echo', value));
  }
  const stream = new ReadableStream({
    start(controller) { controller.enqueue('one '); controller.enqueue('two'); controller.close(); },
  });
  console.log('stream', await ask('stream', stream, [stream]));
  const controller = transferableAbortController();
  console.log('signal', await ask('signal', controller.signal, [controller.signal]));
  controller.abort('because');
  console.log('abort', (await once(worker, 'message'))[0]);
  worker.postMessage({ what: 'end' });
  console.log('exit', await once(worker, 'exit'), worker.threadId);

  const { port1, port2 } = new MessageChannel();
  for (const bad of [() => {}, Symbol('s'), new WeakSet(), { deep: [Promise.resolve()] }]) {
    try { port1.postMessage(bad); } catch (error) { console.log(error.name, error.code, error.message); }
  }
  port1.postMessage('first');
  port1.postMessage('second');
  console.log(receiveMessageOnPort(port2), receiveMessageOnPort(port2), receiveMessageOnPort(port2));
  port2.on('message', (message) => {
    console.log('heard', message);
    Promise.resolve().then(() => console.log('micro', message));
    process.nextTick(() => console.log('tick', message));
  });
  port1.postMessage(1);
  port1.postMessage(2);
  port1.close();
  await once(port2, 'close');
  console.log(port1, structuredClone({ a: [new Error('e').message] }));

  for (const code of ['process.exit(3)', 'process.exitCode = 4', 'throw new SyntaxError("s")', 'null.x', 'throw { a: 1 }', 'await 1; export {}']) {
    const end = new Worker(code, { eval: true });
    end.on('error', (error) => console.log('error', error instanceof Error, error.name ?? error));
    console.log('exit', await new Promise((resolve) => end.on('exit', resolve)));
  }
  for (const args of [['./none.js', { execArgv: ['--nope'] }], ['relative'], [5], ['', { eval: 1, env: 1 }], ['x', { argv: 1 }]]) {
    try { new Worker(...args); } catch (error) { console.log(error.code, error.message.split('\n')[0]); }
  }
  // A text runs in the global scope: it may declare what a module has, and has `this`.
  for (const code of [
    'const require = 1; const { exports } = { exports: 2 }; globalThis.process.exitCode = require + exports',
    'const { parentPort } = require("worker_threads"); const __filename = 7; parentPort.postMessage([__filename, __dirname, typeof module.exports, this === globalThis])',
    'var made = 1; require("worker_threads").parentPort.postMessage([globalThis.made, __filename, require === globalThis.require])',
    'return 5',
  ]) {
    const script = new Worker(code, { eval: true });
    script.on('message', (message) => console.log(message)).on('error', (error) => console.log(error.name));
    console.log('exit', await new Promise((resolve) => script.on('exit', resolve)));
  }
  // What is on its way to a stream of JavaScript's gets there before the Worker ends.
  const session = new Worker(
    `require('http2').connect('http://localhost', { createConnection: () => new (require('stream').Duplex)({
      write(chunk, encoding, callback) { require('worker_threads').parentPort.postMessage('written'); callback(); },
      read() {},
    }) })`,
    { eval: true },
  );
  const heard = new Set();
  session.on('message', (message) => heard.add(message));
  console.log('exit', await new Promise((resolve) => session.on('exit', resolve)), heard);
  console.log('done');
})();
