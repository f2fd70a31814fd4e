const show = (name, code) => {
  try {
    console.log(name, code());
  } catch (error) {
    console.log(name, error.name, error.code, error.message);
  }
};

for (const time of [1, [], [1], [1, 2, 3]]) show('hrtime', () => process.hrtime(time));
show('hrtime', () => process.hrtime([0, 1e9 - 1])[1] >= 0);
for (const usage of [1, 'a', {}, { user: 'a' }, { user: -1, system: 2 }, { user: 3, system: NaN }]) {
  show('cpuUsage', () => process.cpuUsage(usage));
}
show('cpuUsage', () => Object.keys(process.cpuUsage(process.cpuUsage())));
show('resourceUsage', () => Object.entries(process.resourceUsage()).every(([, v]) => v >= 0));
show('memoryUsage', () => process.memoryUsage.rss() > 0);
for (const code of ['a', {}, true, 1.5, '1', 2, null, undefined]) {
  show('exitCode', () => {
    process.exitCode = code;
    return process.exitCode;
  });
}
show('kill', () => process.kill(process.pid, 0));
show('kill', () => process.kill('a'));
show('kill', () => process.kill(2 ** 22 + 1, 0));
show('kill', () => process.kill(process.pid, 'SIGNONE'));
show('umask', () => typeof process.umask());
show('umask', () => process.umask('999'));
show('setSourceMapsEnabled', () => process.setSourceMapsEnabled(1));
show('ref', () => [process.ref(null), process.unref({ unref: () => console.log('unref') })]);
show('getgroups', () => process.getgroups().every(Number.isInteger));
show('capture', () => process.setUncaughtExceptionCaptureCallback(1));
show('flags', () => [process.allowedNodeEnvironmentFlags instanceof Set, process.allowedNodeEnvironmentFlags.has('--none')]);
show('prototype', () => [process instanceof process.constructor, process.constructor.name]);
show('modules', () => process.versions.modules);
show('loadEnvFile', () => process.loadEnvFile('/no/such/file'));
show('resources', () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout'));
show('getBuiltinModule', () => process.getBuiltinModule(1));
show('config', () => Object.isFrozen(process.config.variables));
show('assert', () => process.assert(1));
show('assert', () => process.assert(0, 'said'));

process.once('multipleResolves', (type, promise, value) => console.log('again', type, value));
new Promise((resolve, reject) => {
  resolve(1);
  reject('a reason');
});

process.setUncaughtExceptionCaptureCallback((error) => {
  console.log('captured', error.message);
  process.setUncaughtExceptionCaptureCallback(null);
  console.log(process.hasUncaughtExceptionCaptureCallback());
});
show('capture', () => process.setUncaughtExceptionCaptureCallback(() => {}));
setTimeout(() => {
  throw new Error('in a timer');
}, 5);
process.exitCode = 0;
