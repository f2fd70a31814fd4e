/** Writes expected.txt: what Node, the one that this runs on, makes of cases.txt. See ModuleCasesTest. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cases-')));
for (const part of readFileSync(join(import.meta.dirname, 'cases.txt'), 'utf8').split(/^=== /m).slice(1)) {
  const [head, ...body] = part.split('\n');
  const [name, target] = head.split(' -> ');
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  if (target === undefined) {
    writeFileSync(join(folder, name), body.join('\n'));
  } else {
    symlinkSync(target, join(folder, name));
  }
}
try {
  const text = await createRequire(import.meta.url)(join(folder, 'cases.js')).run();
  writeFileSync(join(import.meta.dirname, 'expected.txt'), text);
} finally {
  rmSync(folder, { recursive: true });
}
