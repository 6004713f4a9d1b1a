import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyRing } from '@blazz/core/signing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeyFile, readOrCreateKeyFile } from '../../src/keys/key-file';

describe('the key file', () => {
  let folder = '';
  let path = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blazz-keys-'));
    path = join(folder, 'data', 'keys.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made at the first start, for its owner only, and kept', async () => {
    const first = await readOrCreateKeyFile(path);
    expect(first.created).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
    expect(new KeyRing(first.keys).size).toBe(1);
    const second = await readOrCreateKeyFile(path);
    expect(second).toEqual({ ...first, created: false });
  });

  it('is the same for two servers that start at once', async () => {
    const files = await Promise.all([1, 2, 3, 4].map(() => readOrCreateKeyFile(path)));
    expect(new Set(files.map((file) => file.keys[0]?.secret)).size).toBe(1);
  });

  it('is refused when a key has a scope that does not exist, which would allow nothing', async () => {
    const { instanceId, keys } = await readOrCreateKeyFile(path);
    const [key] = keys;
    const content = { instance_id: instanceId, keys: [{ ...key, scopes: ['send', 'sesions'] }] };
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
    await expect(readOrCreateKeyFile(path)).rejects.toThrow(/unknown scope; choose from send, /);
  });

  it('is refused when others can read it', async () => {
    await readOrCreateKeyFile(path);
    await chmod(path, 0o644);
    await expect(readOrCreateKeyFile(path)).rejects.toThrow(`chmod 600 ${path}`);
  });

  it.each([
    ['no JSON', '{'],
    ['no keys', '{"instance_id": "a", "keys": []}'],
    ['no instance id', '{"keys": [{"id": "a", "secret": "b", "scopes": [], "workspaces": "*"}]}'],
    ['a key without scopes', '{"instance_id": "a", "keys": [{"id": "a", "secret": "b"}]}'],
  ])('is refused with %s, and left as it is', async (_what, content) => {
    await readOrCreateKeyFile(path);
    await writeFile(path, content);
    await expect(readOrCreateKeyFile(path)).rejects.toMatchObject({ code: 'invalid_config' });
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('is not made by whoever only reads', async () => {
    expect(await readKeyFile(path)).toBeUndefined();
  });

  it('tells when it cannot be made', async () => {
    await writeFile(join(folder, 'data'), 'a file, not a folder');
    await expect(readOrCreateKeyFile(path)).rejects.toThrow('cannot be');
  });
});
