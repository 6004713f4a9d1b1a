/*
 * `npm start`: builds what is out of date (JavaScript only, a few seconds), then runs the server in
 * this terminal. Signals and the exit code pass through.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { workspaces } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

for (const folder of workspaces) {
  const home = join(root, folder);
  if (existsSync(join(home, 'src')) && (await isStale(home))) await build(home, folder);
}
run(process.execPath, [join(root, 'packages/server/dist/main.js'), ...process.argv.slice(2)]);

/** Whether something in the package is newer than what was built of it. */
async function isStale(home) {
  const built = await times(join(home, 'dist'), (name) => name.endsWith('.js'));
  const sources = await times(join(home, 'src'), () => true);
  for (const file of ['package.json', 'tsup.config.ts']) {
    sources.push((await stat(join(home, file))).mtimeMs);
  }
  // Newest against newest: a build writes every file anew.
  return built.length === 0 || Math.max(...sources) > Math.max(...built);
}

async function times(folder, wanted) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && wanted(entry.name));
  return Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath ?? file.path, file.name))).mtimeMs),
  );
}

function build(home, folder) {
  process.stdout.write(`Building ${folder} … `);
  const startedAt = Date.now();
  const tsup = join(root, 'node_modules/tsup/dist/cli-default.js');
  if (!existsSync(tsup)) {
    process.stdout.write('\n');
    fail(`${folder} is not built, and tsup is not installed. Run: npm ci`);
  }
  const child = spawn(process.execPath, [tsup], {
    cwd: home,
    env: { ...process.env, BLAZZ_FAST_BUILD: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      if (code !== 0) {
        process.stdout.write(`failed\n${output}`);
        fail(`${folder} could not be built.`);
      }
      process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
      resolve();
    });
  });
}

function run(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  let told = false;
  // A terminal sends its Ctrl-C to both; a supervisor signals this process only.
  const forward = (signal) => {
    told = true;
    if (!process.stdin.isTTY || signal !== 'SIGINT') child.kill(signal);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => forward(signal));
  if (process.env.npm_lifecycle_event !== undefined) {
    // npm hands a signal to its shell, which dies of it and leaves this process behind.
    const parent = process.ppid;
    setInterval(() => {
      if (!told && process.ppid !== parent) forward('SIGTERM');
    }, 250).unref();
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
