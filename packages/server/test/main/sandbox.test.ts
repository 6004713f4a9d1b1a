import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, runProgram } from '../support/program';

const esc = String.fromCharCode(27);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazz-sandbox-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
const env = () => ({ BLAZZ_DATA_DIR: join(folder, 'data'), PORT: '0' });

/** Runs `blazz …` and gives what it printed. */
async function blazz(
  ...args: string[]
): Promise<{ code: number | null; output: string; errors: string }> {
  await using program = runProgram('cli/index.ts', { BLAZZ_DATA_DIR: join(folder, 'data') }, args);
  const code = await program.exited;
  return { code, output: program.output, errors: program.errors };
}

/** Reads the QR off the terminal, as a phone's camera would. */
function scanTerminal(text: string): string | undefined {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith(`${esc}[47m${esc}[30m `))
    .map((line) => line.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), ''));
  const scale = 4;
  const quiet = 4;
  const width = (rows[0]?.length ?? 0) + 2 * quiet;
  const height = rows.length * 2 + 2 * quiet;
  const pixels = new Uint8ClampedArray(width * height * scale * scale * 4).fill(255);
  const black = (x: number, y: number): void => {
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < scale; dx++) {
        const at = (((y + quiet) * scale + dy) * width * scale + (x + quiet) * scale + dx) * 4;
        pixels.fill(0, at, at + 3);
      }
    }
  };
  rows.forEach((row, y) => {
    [...row].forEach((letter, x) => {
      if (letter === '█' || letter === '▀') black(x, 2 * y);
      if (letter === '█' || letter === '▄') black(x, 2 * y + 1);
    });
  });
  return jsQR(pixels, width * scale, height * scale)?.data;
}

/** Calls the simulated phone's control API, at the address that the program printed. */
async function phone(program: Program, path: string, body?: object): Promise<unknown> {
  const page = (await program.seen(/simulated phone: (http:\S+)/))[1] as string;
  const { origin, hash } = new URL(page);
  const response = await fetch(`${origin}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${hash.slice(1)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

it('goes the whole way without a phone: start, scan, send, restart still linked', {
  timeout: 180_000,
}, async () => {
  {
    await using program = runProgram('main.ts', env());
    await program.seen(/Scan this QR/);
    const qr = scanTerminal(program.output);
    expect(qr).toMatch(/^\S+,\S+,\S+/);
    await phone(program, '/api/scan', { qr, number: '4915100000001', name: 'Shop' });
    await program.seen(/linked and ready/);

    const hello = ['send', '4915112345678', 'hello from the sandbox'];
    const sent = await blazz(...hello, '--workspace', 'sandbox', '--json');
    expect(sent.errors).toBe('');
    expect(JSON.parse(sent.output)).toMatchObject({ status: 'sent', workspace_id: 'sandbox' });
    expect(sent.code).toBe(0);
    expect(JSON.stringify(await phone(program, '/api/effects'))).toContain(
      'hello from the sandbox',
    );
    for (const workspace of ['sandbox_cloud', 'sandbox_fallback']) {
      const send = ['send', '4915112345678', `hello from ${workspace}`];
      const cloud = await blazz(...send, '--workspace', workspace, '--json');
      expect(JSON.parse(cloud.output)).toMatchObject({ status: 'sent', provider: 'meta_api' });
      const { message_id } = JSON.parse(cloud.output) as { message_id: string };
      // Its receipts come by webhook.
      const read = async (): Promise<string> =>
        (await blazz('message', message_id, '--workspace', workspace)).output;
      await expect.poll(read, { timeout: 30_000, interval: 500 }).toContain('read');
    }
    program.process.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  }
  await using again = runProgram('main.ts', env());
  await again.seen(/linked and ready/);
  expect(again.output).not.toContain('Scan this QR');
  const status = await blazz('session', 'status', 'sandbox');
  expect(status.output).toContain('session_sandbox  web_js  ready');
});
