// Checks every package as npm would publish it: publint (is the manifest right?) and
// are-the-types-wrong (do the types resolve?). Needs a build.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

let failed = 0;
for (const name of readdirSync('packages')) {
  const dir = `packages/${name}`;
  const checks = [
    ['publint', dir, '--strict'],
    ['attw', '--pack', dir, '--profile', 'esm-only', '--format', 'ascii'],
  ];
  for (const [tool, ...args] of checks) {
    const run = spawnSync('npx', ['--no-install', tool, ...args], { encoding: 'utf8' });
    const ok = run.status === 0;
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${tool} ${dir}`);
    if (!ok) {
      failed += 1;
      console.log(run.stdout, run.stderr);
    }
  }
}
process.exit(failed === 0 ? 0 : 1);
