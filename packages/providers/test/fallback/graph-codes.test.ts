import { type Provider, type ProviderFactory, parseRecipient, silentLogger } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { graphCodes } from '@blazz/providers/meta';
import type { GraphFault } from '@blazz/simulator/graph';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphLab } from '../meta/support/graph-lab';

/** What the design names: refusals that close the way, whatever the message. */
const closing = new Set([0, 10, 190, 200, 131_042, 131_045, 131_057, 133_010]);
/** Nothing left, and Meta itself is what ails. */
const passing = new Set([1, 2, 131_000, 131_016, 133_004, 2_494_100]);
/** Meta shut the account out: nothing goes another way until a person has cleared that up. */
const barring = new Set([368, 131_031]);
const codes = [...new Set(Object.keys(graphCodes).map((name) => Number(name.split('/')[0])))];
const settings = { members: [{ provider: 'meta_api' }, { provider: 'scripted' }] };

/** A fallback session over the Cloud API's provider, on a simulated Graph, and a scripted one. */
class Pair {
  readonly #world = new ScriptedWhatsApp({ receipts: {}, idPrefix: 'S' });
  readonly #name: string;
  readonly #lab: GraphLab;
  readonly factory: ProviderFactory;
  readonly provider: Provider;
  #sends = 0;

  constructor(lab: GraphLab, name: string) {
    this.#lab = lab;
    this.#name = name;
    const world = this.#world;
    world.account('ws', name).link();
    const second = scriptedProvider({ world });
    this.factory = fallbackProvider({
      members: [lab.factory as ProviderFactory, second],
    }) as ProviderFactory;
    this.provider = this.factory.create({
      workspaceId: 'ws',
      sessionId: name,
      settings: this.factory.parse(settings),
      emit: () => undefined,
      clock: { now: Date.now, monotonic: () => performance.now(), schedule },
      random: Math.random,
      logger: silentLogger,
    });
  }

  async run(fault?: GraphFault) {
    await this.start(['ready', 'ready']);
    const active = fault && this.breaks(fault, 1);
    const outcome = await this.send();
    active?.remove();
    return outcome;
  }

  /** Brings the session up, until its members stand so. */
  async start(states: readonly string[]) {
    const { phoneNumberId } = this.#lab.business(this.#name);
    this.#lab.simulator.addContact({ number: '628222000001', wroteTo: [phoneNumberId] });
    await this.provider.start(AbortSignal.timeout(10_000));
    await expect.poll(() => this.provider.members?.().map(({ state }) => state)).toEqual(states);
  }

  /** Has Graph fail at an endpoint. */
  breaks(fault: GraphFault, times?: number, endpoint = 'send_message') {
    const { phoneNumberId } = this.#lab.business(this.#name);
    const match = { endpoint, phoneNumberId };
    const rule = times === undefined ? { fault, match } : { fault, match, times };
    return this.#lab.simulator.faults.add(fault.kind === 'refuse' ? { fault } : rule);
  }

  send() {
    const message = {
      message_id: `msg_${this.#name}_${++this.#sends}`,
      recipient: parseRecipient('628222000001'),
      content: { type: 'text', text: { body: 'hello' } },
    } as const;
    const attempt = { number: 1, epoch: 1, startedAt: Date.now() };
    return this.provider.send(message, attempt, AbortSignal.timeout(700));
  }

  /** How often each WhatsApp got the message. */
  get effects(): readonly [meta: number, scripted: number] {
    const { phoneNumberId } = this.#lab.business(this.#name);
    const meta = this.#lab.simulator.effects.filter((one) => one.phoneNumberId === phoneNumberId);
    return [meta.length, this.#world.effects.length];
  }

  /** Meta tells later that a message failed. */
  failed(id: string, code: number) {
    const { phoneNumberId, wabaId } = this.#lab.business(this.#name);
    const errors = [{ code, title: 'as Meta calls it' }];
    const statuses = [{ id, status: 'failed', timestamp: '1767225600', recipient_id: '1', errors }];
    const metadata = { phone_number_id: phoneNumberId, display_phone_number: '1' };
    const value = { messaging_product: 'whatsapp', metadata, statuses };
    const entry = [{ id: wabaId, changes: [{ field: 'messages', value }] }];
    const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
    const parts = this.factory.webhook?.split(body) ?? [];
    const events = parts.flatMap((part) => {
      return this.factory.webhook?.decode(this.factory.parse(settings), part.body) ?? [];
    });
    for (const event of events) this.provider.heard?.(event);
    return events;
  }
}

function schedule(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

describe('a message that Graph does not take', { timeout: 60_000 }, () => {
  let lab: GraphLab;
  beforeAll(async () => {
    lab = await GraphLab.open({ receipts: 'sent' });
  });
  afterAll(async () => lab[Symbol.asyncDispose]());

  it.each(codes)(
    '%d, as the answer: hops only when the channel is closed, or nothing left',
    async (code) => {
      const pair = new Pair(lab, `during_${code}`);
      const outcome = await pair.run({ kind: 'error', code });
      const hops = closing.has(code) || passing.has(code) ? 1 : 0;
      expect(outcome.hops ?? []).toHaveLength(hops);
      expect(outcome).toMatchObject(
        hops === 1
          ? { status: 'sent', via: 'scripted', hops: [{ from: 'meta_api', to: 'scripted' }] }
          : { via: 'meta_api', error: { details: { graph_code: code } } },
      );
      expect(pair.effects).toEqual([0, hops]);
      await pair.provider.stop();
    },
  );

  it.each(codes)('%d, again and again: each message takes the way of the first', async (code) => {
    const pair = new Pair(lab, `often_${code}`);
    await pair.start(['ready', 'ready']);
    const fault = pair.breaks({ kind: 'error', code });
    const ways: unknown[] = [];
    for (let n = 0; n < 3; n++) ways.push((await pair.send()).via);
    fault.remove();
    const hops = closing.has(code) || passing.has(code);
    expect(ways).toEqual(Array(3).fill(hops ? 'scripted' : 'meta_api'));
    expect(pair.effects).toEqual([0, hops ? 3 : 0]);
    await pair.provider.stop();
  });

  it.each([...barring])('%d bars the member: what comes next waits, and says why', async (code) => {
    const pair = new Pair(lab, `barred_${code}`);
    expect(await pair.run({ kind: 'error', code })).toMatchObject({ status: 'rejected' });
    const barred = { member: 'meta_api', state: 'failed', barred: true };
    expect(pair.provider.members?.()).toMatchObject([barred, { state: 'ready' }]);
    const details = { class: 'policy_block', graph_code: code };
    const error = { code: 'not_ready', details, message: expect.stringContaining('Next: ') };
    const waits = { status: 'not_sent', scope: 'pace', via: 'meta_api', error };
    expect(await pair.send()).toMatchObject(waits);
    expect(pair.effects).toEqual([0, 0]);
    await pair.provider.stop();
  });

  it.each([...barring])('%d at the start bars the member too', async (code) => {
    const pair = new Pair(lab, `start_${code}`);
    const fault = pair.breaks({ kind: 'error', code }, 1, 'get_number');
    await pair.start(['failed', 'ready']);
    fault.remove();
    expect(await pair.send()).toMatchObject({ status: 'not_sent', scope: 'pace', via: 'meta_api' });
    expect(pair.effects).toEqual([0, 0]);
    await pair.provider.stop();
  });

  it.each(codes)('%d, told after it was sent: nothing is sent again', async (code) => {
    const pair = new Pair(lab, `after_${code}`);
    const outcome = await pair.run();
    expect(outcome).toMatchObject({ status: 'sent', via: 'meta_api' });
    expect(outcome.hops).toBeUndefined();
    const id = outcome.status === 'sent' ? outcome.provider_message_id : '';
    expect(pair.failed(id, code)).toMatchObject([
      { type: 'message.receipt', provider_message_id: id, status: 'failed' },
    ]);
    expect(pair.effects).toEqual([1, 0]);
    await pair.provider.stop();
  });

  it('hops before anything left: the connection is refused', async () => {
    const pair = new Pair(lab, 'refused');
    lab.simulator.faults.clear();
    const outcome = await pair.run({ kind: 'refuse' });
    expect(outcome).toMatchObject({ status: 'sent', via: 'scripted' });
    expect(pair.effects).toEqual([0, 1]);
    await pair.provider.stop();
  });

  it.each<readonly [string, GraphFault, number]>([
    ['the request is cut', { kind: 'cut_request', bytes: 20 }, 0],
    ['the answer is cut before it begins', { kind: 'cut_response', bytes: 0 }, 1],
    ['the answer is cut in its head', { kind: 'cut_response', bytes: 30 }, 1],
    ['the answer is cut in its body', { kind: 'cut_response', bytes: 250, ending: 'close' }, 1],
    ['no answer comes, and it was not taken', { kind: 'hang' }, 0],
    ['no answer comes, and it was taken', { kind: 'hang', effect: true }, 1],
    ['the answer ends in the middle', { kind: 'truncate', bytes: 10 }, 1],
    ['the answer is no JSON', { kind: 'garbage' }, 1],
  ])('never hops when nobody can tell: %s', async (name, fault, taken) => {
    const pair = new Pair(lab, name.replaceAll(/[^a-z]/g, '_'));
    const outcome = await pair.run(fault);
    expect(outcome).toMatchObject({ status: 'unknown', via: 'meta_api' });
    expect(outcome.hops).toBeUndefined();
    expect(pair.effects).toEqual([taken, 0]);
    await pair.provider.stop();
  });
});
