import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/graph/index';
import { errorOf, Stage } from '../support/stage';

/** What a raw client saw of one request. */
interface Seen {
  readonly bytes: Buffer;
  readonly error: string | undefined;
}

describe('faults', () => {
  let stage: Stage;
  const to = '628111000111';

  beforeAll(async () => {
    stage = await Stage.open({ limits: { pair: false, throughput: false }, receipts: 'none' });
    stage.customer(to);
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  /** The bytes of a request, as any client would send them. */
  function requestBytes(callbackData: string): Buffer {
    const { phoneNumberId, accessToken } = stage.business;
    const body = JSON.stringify({
      messaging_product: 'whatsapp',
      to,
      type: 'text',
      text: { body: 'Halo' },
      biz_opaque_callback_data: callbackData,
    });
    return Buffer.from(
      `POST /v25.0/${phoneNumberId}/messages HTTP/1.1\r\nHost: graph\r\nAuthorization: Bearer ${accessToken}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  /** Sends bytes over a socket of its own and reads until the connection ends or an answer is whole. */
  function exchange(bytes: Buffer): Promise<Seen> {
    const port = Number(new URL(stage.simulator.url).port);
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let error: string | undefined;
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        const text = Buffer.concat(chunks).toString('latin1');
        const length = /content-length: (\d+)/i.exec(text)?.[1];
        const head = text.indexOf('\r\n\r\n');
        if (head >= 0 && text.length >= head + 4 + Number(length)) socket.end();
      });
      socket.on('error', (thrown: NodeJS.ErrnoException) => {
        error = thrown.code;
      });
      socket.on('close', () => resolve({ bytes: Buffer.concat(chunks), error }));
    });
  }

  const effectsOf = (callbackData: string): number =>
    stage.simulator.effects.filter((one) => one.callbackData === callbackData).length;

  it('cut a request at each of its bytes: never an effect, never an answer', async () => {
    const { length } = requestBytes('r000');
    for (let cut = 0; cut <= length; cut += 1) {
      const name = `r${String(cut).padStart(3, '0')}`;
      const fault = stage.simulator.faults.add({
        fault: { kind: 'cut_request', bytes: cut },
        times: 1,
      });
      const seen = await exchange(requestBytes(name));
      expect([cut, seen.bytes.length, effectsOf(name), fault.hits]).toEqual([cut, 0, 0, 1]);
    }
    stage.simulator.faults.add({ fault: { kind: 'cut_request', bytes: length + 1 }, times: 1 });
    expect((await exchange(requestBytes('r999'))).bytes.length).toBeGreaterThan(0);
    expect(effectsOf('r999')).toBe(1);
  });

  it.each(['reset', 'close'] as const)(
    'cut an answer at each of its bytes with a %s: one effect, so many bytes',
    async (ending) => {
      const whole = 400;
      let cut = 0;
      for (; cut <= whole; cut += 1) {
        const name = `${ending}${cut}`;
        const fault = { kind: 'cut_response', bytes: cut, ending } as const;
        stage.simulator.faults.add({ fault, times: 1 });
        const seen = await exchange(requestBytes(name));
        expect([cut, effectsOf(name)]).toEqual([cut, 1]);
        if (seen.bytes.length < cut) {
          expect(seen.bytes.toString()).toMatch(/}$/);
          break;
        }
        expect(seen.bytes.length).toBe(cut);
      }
      expect(cut).toBeGreaterThan(250);
    },
    30_000,
  );

  it.each<[string, FaultRule['fault'], number]>([
    ['refuses a connection', { kind: 'refuse' }, 0],
    [
      'cuts an answer without doing what it says',
      { kind: 'cut_response', bytes: 20, effect: false },
      0,
    ],
  ])('%s', async (name, fault, effects) => {
    stage.simulator.faults.add({ fault, times: 1 });
    const seen = await exchange(requestBytes(name));
    expect([seen.bytes.length, effectsOf(name)]).toEqual([
      fault.kind === 'refuse' ? 0 : 20,
      effects,
    ]);
  });

  it('answer with any Graph error and its headers, done or not', async () => {
    const { faults } = stage.simulator;
    faults.add({
      fault: { kind: 'error', code: 4, status: 429, retryAfter: 7, regainAccessMinutes: 3 },
      times: 1,
    });
    const refused = await stage.text(to, 'x', { biz_opaque_callback_data: 'e1' });
    expect([refused.status, errorOf(refused).code, effectsOf('e1')]).toEqual([429, 4, 0]);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(JSON.parse(refused.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
      '0': [{ estimated_time_to_regain_access: 3 }],
    });
    faults.add({ fault: { kind: 'error', code: 131000, effect: true }, times: 1 });
    const lied = await stage.text(to, 'x', { biz_opaque_callback_data: 'e2' });
    expect(errorOf(lied)).toMatchObject({ code: 131000, is_transient: true });
    expect(effectsOf('e2')).toBe(1);
  });

  it('answer with half a JSON, or none', async () => {
    const { faults } = stage.simulator;
    faults.add({ fault: { kind: 'truncate', bytes: 12 }, times: 1 });
    const half = await exchange(requestBytes('t1'));
    expect(half.bytes.toString().split('\r\n\r\n')[1]).toHaveLength(12);
    faults.add({ fault: { kind: 'garbage', status: 502 }, times: 1 });
    const html = await exchange(requestBytes('t2'));
    expect(html.bytes.toString()).toMatch(/^HTTP\/1\.1 502 .*<!doctype html>/s);
    expect([effectsOf('t1'), effectsOf('t2')]).toEqual([1, 1]);
  });

  it('hang, or answer late', async () => {
    const { faults } = stage.simulator;
    faults.add({ fault: { kind: 'hang', effect: true }, times: 1 });
    const hung = new AbortController();
    const met = new Promise<void>((resolve) => stage.simulator.once('request', () => resolve()));
    const call = fetch(`${stage.simulator.url}/v25.0/${stage.business.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.business.accessToken}` },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        to,
        text: { body: 'x' },
        biz_opaque_callback_data: 'h1',
      }),
      signal: hung.signal,
    });
    await met;
    hung.abort();
    await expect(call).rejects.toThrow();
    expect(effectsOf('h1')).toBe(1);
    faults.add({ fault: { kind: 'delay', ms: 30 }, times: 1 });
    expect((await stage.text(to)).status).toBe(200);
  });

  it('meet what they match, after so many, so often', async () => {
    const { faults } = stage.simulator;
    const rule = faults.add({
      fault: { kind: 'error', code: 2 },
      match: { endpoint: 'send_message', to, callbackData: 'm1' },
      skip: 1,
      times: 2,
    });
    const codes: unknown[] = [];
    for (const data of ['m0', 'm1', 'm1', 'm0', 'm1', 'm1']) {
      const sent = await stage.text(to, 'x', { biz_opaque_callback_data: data });
      codes.push(sent.status === 200 ? 200 : errorOf(sent).code);
    }
    expect([codes, rule.hits, faults.all]).toEqual([[200, 200, 2, 200, 2, 200], 2, []]);
  });

  it('close the port and open it again', async () => {
    const { simulator } = stage;
    const { url } = simulator;
    await simulator.goOffline();
    const refused = await exchange(requestBytes('o1'));
    expect(refused.error).toBe('ECONNREFUSED');
    await simulator.goOnline();
    expect(simulator.url).toBe(url);
    expect((await stage.text(to)).status).toBe(200);
  });

  it('lose and delay status webhooks', async () => {
    await using own = await Stage.open();
    own.customer(to);
    own.simulator.faults.add({ fault: { kind: 'status_lost', statuses: ['sent'] } });
    own.simulator.faults.add({
      fault: { kind: 'status_delayed', statuses: ['delivered'], ms: 300 },
    });
    await own.text(to);
    await own.callback.until(() => own.callback.statusesReported.length === 2);
    expect(own.callback.statusesReported.map(({ status }) => status)).toEqual([
      'read',
      'delivered',
    ]);
  });
});
