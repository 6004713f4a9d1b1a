import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSimulator } from '../../src/web/index';
import { pageScript } from '../../src/web/page/page-script';
import { Browsers, next } from './support/browser';
import { surface } from './surface';

const library = dirname(createRequire(import.meta.url).resolve('whatsapp-web.js/package.json'));
const absent = Object.values(surface.absent).flat();

/** Every module that the installed whatsapp-web.js names. */
function namedModules(): string[] {
  const files = readdirSync(join(library, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const names = files.flatMap((text) =>
    [...text.matchAll(/(?:\.require\(|module:)\s*['"](WA\w+)['"]/g)].map(
      (match) => match[1] as string,
    ),
  );
  return [...new Set(names)].sort();
}

describe('the surface of WhatsApp Web', () => {
  it('is the one that the installed whatsapp-web.js touches', () => {
    const listed = [...surface.simulated, ...absent].sort();
    expect(new Set(listed).size).toBe(listed.length);
    expect(namedModules()).toEqual(listed);
  });

  it('hands out what is simulated, the same object each time, and throws for the rest', async () => {
    await using simulator = new WebSimulator({ timings: { bootMs: 0 } });
    await using browsers = new Browsers();
    await simulator.start();
    const client = await browsers.client(simulator, 'surface');
    await Promise.all([next(client, 'qr'), client.initialize()]);
    const resolved = await client.pupPage?.evaluate(
      `(${JSON.stringify([...surface.simulated, ...absent])}).filter((name) => {
        try { return window.require(name) === window.require(name); } catch { return false; }
      })`,
    );
    expect(resolved).toEqual([...surface.simulated]);
    const thrown = await client.pupPage?.evaluate(
      "try { window.require('WAWebNobody') } catch (error) { error.message }",
    );
    expect(thrown).toContain('WAWebNobody');
  });

  it('is served as source that stands alone', () => {
    const script = pageScript({
      version: '2.3000.1',
      bootMs: 0,
      socketTimeoutMs: 1,
      reconnectMs: 1,
      credentialStorage: 'indexeddb',
    });
    // Names that bundlers and test runners put in place of an import.
    expect(script).not.toMatch(/__vi_import|__vite|import_\w+\.|\brequire_/);
    expect(() => new Function(script)).not.toThrow();
  });
});
