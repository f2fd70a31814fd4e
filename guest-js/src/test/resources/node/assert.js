const assert = require('assert');
const t = (name, f) => { try { f(); console.log(name, 'ok'); } catch (e) { console.log(name, e.name, e.code, e.generatedMessage, e.operator, '\n' + e.message); } };
t('ok', () => assert.ok(0, 'zero')); t('ok2', () => assert(false, 'no')); t('eq', () => assert.equal(1, 2)); t('eq2', () => assert.equal(1, '1')); t('ne', () => assert.notEqual(1, 1));
t('se', () => assert.strictEqual(1, 2)); t('se2', () => assert.strictEqual('a'.repeat(10), 'b')); t('se3', () => assert.strictEqual([1], [1])); t('nse', () => assert.notStrictEqual(1, 1)); t('se4', () => assert.strictEqual('a\nb\nc', 'a\nB\nc'));
t('de', () => assert.deepEqual({ a: 1 }, { a: '1' })); t('dse', () => assert.deepStrictEqual({ a: 1, b: [1, 2] }, { a: 1, b: [1, 3] })); t('dse2', () => assert.deepStrictEqual(new Map([[1, 2]]), new Map([[1, 3]]))); t('dse3', () => assert.deepStrictEqual([1, 2, 3], [1, 2, 3, 4])); t('nde', () => assert.notDeepStrictEqual({ a: 1 }, { a: 1 }));
t('dse4', () => assert.deepStrictEqual(new Date(0), new Date(0))); t('dse5', () => assert.deepStrictEqual(Object.create(null), {})); t('dse6', () => assert.deepStrictEqual(new Set([1, 2]), new Set([2, 1])));
t('thr', () => assert.throws(() => {})); t('thr2', () => assert.throws(() => { throw new TypeError('x'); }, TypeError)); t('thr3', () => assert.throws(() => { throw new Error('abc'); }, /abd/)); t('thr4', () => assert.throws(() => { throw new Error('abc'); }, { message: 'abd' })); t('thr5', () => assert.throws(() => { throw new Error('abc'); }, (e) => e.message === 'abc'));
t('dnt', () => assert.doesNotThrow(() => { throw new Error('abc'); }, 'msg')); t('if', () => assert.ifError(null)); t('if2', () => assert.ifError(new Error('iferr'))); t('m', () => assert.match('abc', /x/)); t('dm', () => assert.doesNotMatch('abc', /b/)); t('f', () => assert.fail()); t('f2', () => assert.fail('boom')); t('own', () => assert.equal(1, 2, new RangeError('own')));
t('strict', () => assert.strict.equal(1, '1')); t('args', () => assert.throws('x')); t('pde', () => assert.partialDeepStrictEqual ? assert.partialDeepStrictEqual({ a: 1, b: 2 }, { a: 1 }) : 0);
console.log(require('assert/strict') === assert.strict, assert.strict.strict === assert.strict, assert.AssertionError.name);
(async () => {
  for (const f of [() => assert.rejects(async () => {}), () => assert.rejects(Promise.reject(new Error('r')), /r/), () => assert.doesNotReject(async () => { throw new Error('d'); }), () => assert.rejects(() => 1)]) try { await f(); console.log('fine'); } catch (e) { console.log(e.code, e.message); }
})();
for (const f of [() => assert(0), () => assert.ok(0), () => assert(NaN === 5), () => assert(), () => assert.ok()]) try { f(); } catch (e) { console.log(e.name, e.code, e.actual, e.expected, e.operator, e.generatedMessage); }

// Where it was.
function caller(code) {
  try {
    code();
  } catch (error) {
    console.log(/\n +at code |\n +at caller /.test(error.stack), /AssertionError|TypeError/.test(error.stack));
  }
}
caller(function code() {
  require('assert').strictEqual(1, 2);
});
caller(function code() {
  require('assert').fail('x');
});
caller(function code() {
  Buffer.alloc('a');
});
caller(function code() {
  require('path').join(1);
});

// The expression that was false.
const quoting = require('assert');
for (const code of [
  () => quoting(0),
  () => quoting.ok(null, undefined),
  () => { quoting.strict(typeof 123 === 'string'); quoting(1); },
  () => quoting['ok']((() => 'a)' && false)()),
  () => quoting.equal(quoting.ok(false), 1),
  () => quoting(),
  () => quoting(false, 'said'),
  () => (0, eval)('require = null'),
]) {
  try {
    code();
    console.log('passed');
  } catch (error) {
    console.log(error.generatedMessage, error.message);
  }
}
