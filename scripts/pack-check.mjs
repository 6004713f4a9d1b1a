// Checks every package as npm would publish it: publint (is the manifest right?) and
// are-the-types-wrong (do the types resolve?). Needs a build. Two packages at a time.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

let failed = 0;
const waiting = readdirSync('packages');

async function run(tool, args) {
  const child = spawn('npx', ['--no-install', tool, ...args]);
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => output.push(part));
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { ok: status === 0, output: Buffer.concat(output).toString() };
}

async function checkWaiting() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const dir = `packages/${name}`;
    const checks = [
      ['publint', dir, '--strict'],
      ['attw', '--pack', dir, '--profile', 'esm-only', '--format', 'ascii'],
    ];
    for (const [tool, ...args] of checks) {
      const { ok, output } = await run(tool, args);
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${tool} ${dir}`);
      if (ok) continue;
      failed += 1;
      console.log(output);
    }
  }
}

await Promise.all([checkWaiting(), checkWaiting()]);
process.exit(failed === 0 ? 0 : 1);
