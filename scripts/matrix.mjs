// `npm run test:matrix [22|24 …]`: core, router, and the main path with the built server and a real
// Chromium, on the other supported versions of Node. Needs a build. The binaries come inside npm packages.
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
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const vitest = [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    'vitest.workspace.ts',
  ];
  const runs = [
    ['--project', 'core', '--project', 'router'],
    ['--project', 'server', 'test/e2e/main-path'],
  ];
  for (const args of runs) {
    const options = { stdio: 'inherit', env };
    const { status } = spawnSync(join(bin, 'node'), [...vitest, ...args], options);
    if (status !== 0) process.exit(status ?? 1);
  }
}
