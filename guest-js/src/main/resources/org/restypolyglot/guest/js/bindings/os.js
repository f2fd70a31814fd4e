/** What node:os asks of the system; Linux's /proc has most of it. */
'use strict';

const { process: facts, system } = host;
const { attempt } = require('failures');

const lines = (file) => system.read(file).split('\n');
const KIB = 1024;

/** What uname says, where Java has another word. */
const MACHINES = { amd64: 'x86_64' };
const architecture = facts.architecture();

function memory(name) {
  const line = lines('/proc/meminfo').find((entry) => entry.startsWith(`${name}:`));
  return Number(/\d+/.exec(line)?.[0] ?? 0) * KIB;
}

/** For each processor: model, MHz, and its times in milliseconds. */
function cpus() {
  const info = lines('/proc/cpuinfo');
  const values = (key) =>
    info.filter((line) => line.startsWith(key)).map((line) => line.slice(line.indexOf(':') + 2));
  const models = values('model name');
  const speeds = values('cpu MHz');
  return lines('/proc/stat')
    .filter((line) => /^cpu\d/.test(line))
    .flatMap((line, i) => {
      const [user, nice, sys, idle, , irq] = line
        .split(' ')
        .slice(1)
        .map((ticks) => Number(ticks) * 10);
      return [
        models[i] ?? 'unknown',
        Math.trunc(Number(speeds[i] ?? 0)),
        user,
        nice,
        sys,
        idle,
        irq,
      ];
    });
}

exports.os = {
  getAvailableParallelism: () => system.processors(),
  getCPUs: cpus,
  getFreeMem: () => memory('MemAvailable'),
  getTotalMem: () => memory('MemTotal'),
  getHomeDirectory: () => system.home(),
  getHostname: () => system.read('/proc/sys/kernel/hostname').trim(),
  getInterfaceAddresses: () => Array.from(system.interfaces()),
  getLoadAvg(values) {
    values.set(system.read('/proc/loadavg').split(' ').slice(0, 3).map(Number));
  },
  getUptime: () => Number(system.read('/proc/uptime').split(' ')[0]),
  getOSInformation: () => [
    'Linux',
    system.read('/proc/sys/kernel/version').trim(),
    system.read('/proc/sys/kernel/osrelease').trim(),
    MACHINES[architecture] ?? architecture,
  ],
  getPriority(pid, context) {
    const stat = attempt(() => system.read(`/proc/${pid === 0 ? 'self' : pid}/stat`), undefined);
    if (stat === undefined) {
      const { UV_ESRCH, getErrorMessage } = require('bindings/uv');
      Object.assign(context, {
        errno: UV_ESRCH,
        code: 'ESRCH',
        message: getErrorMessage(UV_ESRCH),
        syscall: 'uv_os_getpriority',
      });
      return undefined;
    }
    return Number(stat.replace(/^.*\) /s, '').split(' ')[16]);
  },
  setPriority() {
    throw Object.assign(
      new Error("ERR_NOT_SUPPORTED: os.setPriority is not supported here: the process is nginx's"),
      { code: 'ERR_NOT_SUPPORTED' },
    );
  },
  getUserInfo(options) {
    const status = lines('/proc/self/status');
    const id = (key) => Number(status.find((line) => line.startsWith(key)).split('\t')[2]);
    const info = {
      uid: id('Uid'),
      gid: id('Gid'),
      username: system.user(),
      homedir: system.home(),
      shell: null,
    };
    if (options?.encoding === 'buffer') {
      const { Buffer } = require('bindings').requireNode('buffer');
      info.username = Buffer.from(info.username);
      info.homedir = Buffer.from(info.homedir);
    }
    return info;
  },
  isBigEndian: false,
};

exports.credentials = {
  getTempDir: () => {
    const { env } = require('process').process;
    const folder = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
    return folder.length > 1 ? folder.replace(/\/$/, '') : folder;
  },
  safeGetenv: (name) => require('process').process.env[name],
  implementsPosixCredentials: true,
};
