import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'whatsapp-web.js';
import { ControlServer, WebSimulator } from '../../src/web/index';
import { Browsers, next } from './support/browser';

const number = '628111000111';

describe('what lies over a page', () => {
  const simulator = new WebSimulator({
    timings: { bootMs: 20, openMs: 20, syncMs: 800, pairMs: 20 },
    faults: { linking: 'passkey' },
  });
  const control = new ControlServer(simulator);
  const browsers = new Browsers();
  let client: Client;

  beforeAll(async () => {
    await simulator.start();
    await control.start();
    client = await browsers.client(simulator, 'dialogs', {
      // Stands for the person's browser: says what it was asked, and waits.
      evalOnNewDoc: `window.asked = [];
        navigator.credentials.get = (question) => new Promise((_, reject) => {
          window.asked.push(question.publicKey.rpId);
          question.signal.addEventListener('abort', () => reject(new Error('taken back')));
        });`,
    });
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await control.stop();
    await simulator.stop();
  });

  async function call(method: string, path: string, body?: object): Promise<number> {
    const answer = await fetch(`${control.url}/api/accounts/${number}/${path}`, {
      method,
      headers: { authorization: `Bearer ${control.token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return answer.status;
  }
  const inPage = (script: string): Promise<unknown> | undefined => client.pupPage?.evaluate(script);

  it('asks the browser for a passkey before it is linked, until somebody answers', async () => {
    const [[qr]] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
    expect(() => simulator.phone(number).answerPasskey(true)).toThrow('scan its QR');
    const asked = once(simulator, 'passkey');
    const refused = expect(simulator.scan(qr, { number })).rejects.toThrow('not given');
    await asked;
    await expect.poll(() => inPage('window.asked')).toEqual(['whatsapp.com']);
    const renewed = next<[string]>(client, 'qr');
    expect(await call('POST', 'passkey', { given: false })).toBe(200);
    await refused;
    const [second] = await renewed;
    const again = once(simulator, 'passkey');
    const ready = next(client, 'ready');
    const linked = simulator.scan(second, { number });
    await again;
    expect(simulator.phone(number).wantsPasskey).toBe(true);
    expect(await call('POST', 'passkey', { given: true })).toBe(200);
    expect((await linked).linkedDevices).toBe(1);
    expect(simulator.phone(number).wantsPasskey).toBe(false);
    await ready;
  });

  it('shows a dialogue until it is answered in a page, or goes', async () => {
    const buttons = 'document.querySelectorAll("#overlay button").length';
    expect(await call('PUT', 'dialog', { kind: 'terms' })).toBe(200);
    await expect.poll(() => inPage(buttons)).toBe(2);
    const back = next(client, 'ready');
    simulator.reloadPage(number);
    await back;
    await expect.poll(() => inPage(buttons)).toBe(2);
    const answered = once(simulator, 'dialog');
    await inPage('document.querySelector("#overlay button").click()');
    expect(await answered).toEqual([{ number }]);
    expect(simulator.phone(number).dialog).toBeUndefined();
    expect(await inPage(buttons)).toBe(0);

    simulator.phone(number).showDialog('announcement');
    await expect.poll(() => inPage(buttons)).toBe(1);
    expect(await call('DELETE', 'dialog')).toBe(200);
    await expect.poll(() => inPage(buttons)).toBe(0);
    expect(await call('PUT', 'dialog', { kind: 'nothing' })).toBe(400);
  });
});
