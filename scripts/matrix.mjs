// `npm run test:matrix`: runs the tests that need no browser, and one that does, on the other
// supported versions of Node. The binaries come inside npm packages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const versions = { 22: '22.23.3', 24: '24.21.0' };
const platform = `${process.platform}-${process.arch}`;
const wanted = process.argv.slice(2);

for (const [major, version] of Object.entries(versions)) {
  if (wanted.length > 0 && !wanted.includes(major)) continue;
  const folder = join(homedir(), '.cache', 'blazz-node', version);
  const bin = join(folder, 'node_modules', `node-${platform}`, 'bin');
  if (!existsSync(join(bin, 'node'))) {
    console.log(`fetching Node ${version} …`);
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-save', `node-${platform}@${version}`];
    const { status } = spawnSync('npm', args, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  console.log(`\n== Node ${version} ==`);
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    join(bin, 'node'),
    [vitest, 'run', '--config', 'vitest.workspace.ts', '--project', 'core', '--project', 'router'],
    { stdio: 'inherit', env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } },
  );
  if (status !== 0) process.exit(status ?? 1);
}
