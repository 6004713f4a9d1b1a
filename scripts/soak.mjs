// `npm run test:soak [name …]`: the same proofs as in the tests, in their full profile. Needs a build.
// Each prints the seed that it began from; `BLAZZ_SEED=…` plays it again.
import { spawnSync } from 'node:child_process';

const soaks = {
  'power-cut': ['--project', 'storage', 'test/sqlite/power-cut'],
  'kill-nine': ['--project', 'soak', 'kill-nine/'],
  'kill-nine-web': ['--project', 'soak', 'kill-nine-web/'],
  'webhooks-in': ['--project', 'soak', 'webhooks-in/'],
  'cloud-faults': ['--project', 'soak', 'cloud-faults/'],
  switching: ['--project', 'soak', 'switching/'],
  'cloud-limits': ['--project', 'soak', 'cloud-limits/'],
  stream: ['--project', 'soak', 'stream'],
  containment: ['--project', 'providers', 'test/webjs/containment/soak'],
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in soaks));
if (unknown.length > 0) {
  console.error(
    `There is no soak called ${unknown.join(', ')}; there are ${Object.keys(soaks).join(', ')}.`,
  );
  process.exit(2);
}

const failed = [];
for (const [name, args] of Object.entries(soaks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name} ==`);
  const { status } = spawnSync(
    'npx',
    ['--no-install', 'vitest', 'run', '--config', 'vitest.workspace.ts', ...args],
    { stdio: 'inherit', env: { ...process.env, BLAZZ_SOAK: '1' } },
  );
  if (status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nevery soak passed' : `\nfailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
