import { describe, expect, it } from 'vitest';
import { run } from '../support/run';

const rejection = (name: string, ...flags: string[]) =>
  run('rejection.ts', [name], { flags, timeoutMs: 30_000 });

describe('RejectionGuard', () => {
  it.each([
    ['own TargetCloseError', 1],
    ['own destroyed context', 1],
    ['own detached frame', 1],
    ['own string', 1],
    ['two guards', 2],
    ['latecomer', 1],
  ])('keeps the process alive: %s', async (name, contained) => {
    expect(await rejection(name)).toMatchObject({
      code: 0,
      stdout: `alive, ${contained} contained\n`,
    });
  });

  it.each([
    ['own bug', 'TypeError: undefined is not a function'],
    ['own other string', 'ERR_UNHANDLED_REJECTION'],
    ['foreign TargetCloseError', 'Target closed'],
    ['foreign string', 'ERR_UNHANDLED_REJECTION'],
    ['foreign error', 'Error: not ours'],
    ['two guards, foreign', 'Error: not ours'],
  ])("leaves it to Node's default, which ends the process: %s", async (name, message) => {
    const { code, stdout, stderr } = await rejection(name);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });

  it('leaves it to the application when that listens', async () => {
    expect(await rejection('application listens')).toMatchObject({ code: 0 });
  });

  it('leaves it to Node when that was told to warn only', async () => {
    const { code } = await rejection('foreign error', '--unhandled-rejections=warn');
    expect(code).toBe(0);
  });
});
