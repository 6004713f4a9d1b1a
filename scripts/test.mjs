// `npm test`: builds what the tests run as processes, then runs every project. Further arguments
// go to vitest, such as `npm test -- --project core`.
import { spawnSync } from 'node:child_process';

const run = (command, args, env = {}) => {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.exit(status ?? 1);
};

console.log('building the packages (JavaScript only) …');
run('npm', ['run', 'build', '--silent'], { BLAZZ_FAST_BUILD: '1' });
run('npx', [
  '--no-install',
  'vitest',
  'run',
  '--config',
  'vitest.workspace.ts',
  ...process.argv.slice(2),
]);
