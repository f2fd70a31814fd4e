const path = require('node:path');
for (const p of [path.posix, path.win32]) {
  console.log(p.sep, p.delimiter);
  for (const args of [['/a', '..', 'b'], ['a', '', './c'], ['C:\\x', '..\\y'], ['//server/share', 'x'], ['']]) {
    console.log(JSON.stringify(args), p.join(...args), p.normalize(args[0]), p.isAbsolute(args[0]));
  }
  for (const f of ['/home/user/file.tar.gz', 'C:\\dir\\base.ext', '.bashrc', 'a/', '', 'x.', '\\\\unc\\share\\f.txt']) {
    console.log(f, p.basename(f), p.basename(f, '.gz'), p.extname(f), p.dirname(f), p.parse(f));
    console.log(p.format(p.parse(f)));
  }
  console.log(p.relative('/data/orandea/test/aaa', '/data/orandea/impl/bbb'), p.relative('C:\\a\\b', 'C:\\a\\c\\d'));
}
console.log(path.posix.resolve('/foo/bar', './baz', '../x'), path === path.posix, require('path/win32') === path.win32);
console.log(path.matchesGlob ? typeof path.matchesGlob : 'none', path.toNamespacedPath('/a'));
try { path.join(1); } catch (e) { console.log(e.code, e.name, e.message); }
try { path.basename('a', 3); } catch (e) { console.log(String(e)); }
