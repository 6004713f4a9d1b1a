import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../src/webjs/browser/find-browser';

describe('findBrowser', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'blazz-find-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function executable(name: string): Promise<string> {
    const path = join(dir, name);
    await writeFile(path, '\x7fELF');
    await chmod(path, 0o755);
    return path;
  }
  const nothing = { env: {}, system: [], packaged: [] };

  it('takes the configured path before everything else', async () => {
    const path = await executable('my-chromium');
    const env = { CHROME_PATH: await executable('other') };
    expect(await findBrowser({ ...nothing, configured: path, env })).toEqual({
      path,
      shell: false,
    });
  });

  it('does not look elsewhere when the configured path is wrong', async () => {
    const system = [await executable('chromium')];
    await expect(
      findBrowser({ ...nothing, configured: join(dir, 'none'), system }),
    ).rejects.toMatchObject({ code: 'browser_not_found', retryable: false });
  });

  it.each(['CHROME_PATH', 'PUPPETEER_EXECUTABLE_PATH'])('takes %s', async (name) => {
    const path = await executable('chrome-headless-shell');
    expect(await findBrowser({ ...nothing, env: { [name]: path } })).toEqual({ path, shell: true });
  });

  it('does not take a folder for a browser, and an empty variable for none at all', async () => {
    await expect(findBrowser({ ...nothing, env: { CHROME_PATH: dir } })).rejects.toMatchObject({
      code: 'browser_not_found',
    });
    const path = await executable('chromium');
    const env = { CHROME_PATH: '', PUPPETEER_EXECUTABLE_PATH: path };
    expect((await findBrowser({ ...nothing, configured: '', env })).path).toBe(path);
  });

  it('takes the first of the system that is executable', async () => {
    const plain = join(dir, 'not-executable');
    await writeFile(plain, '');
    const path = await executable('chromium');
    const system = [join(dir, 'none'), plain, path];
    expect(await findBrowser({ ...nothing, system })).toEqual({ path, shell: false });
  });

  it('asks npm packages last, and knows theirs for headless shells', async () => {
    const path = await executable('chromium');
    const packaged = [async () => undefined, async () => path];
    expect(await findBrowser({ ...nothing, packaged })).toEqual({ path, shell: true });
  });

  it('names the fixes when there is none', async () => {
    await expect(findBrowser(nothing)).rejects.toThrow(
      /apt-get install .*npm install .*CHROME_PATH/,
    );
  });

  it('finds one on this machine', async () => {
    const { path } = await findBrowser();
    expect(path).toMatch(/chrom/);
  });
});
