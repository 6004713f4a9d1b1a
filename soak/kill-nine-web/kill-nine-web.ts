import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGatewayError, isSettled } from '@blazz/core';
import { generateSecret } from '@blazz/core/signing';
import { GatewayClient, type Message } from '@blazz/router';
import { WebSimulator } from '@blazz/simulator/web';
import { type Chance, chanceOf } from '../chance';
import { InstanceUnderKill } from '../kill-nine/instance';

/** How hard a run is. */
export interface KillNineWebProfile {
  /** How often the instance is killed. */
  readonly kills: number;
  /** How many messages are accepted. */
  readonly messages: number;
  /** From which number chance begins. */
  readonly seed: number;
  /** Told how far the run is. */
  readonly onProgress?: (line: string) => void;
}

/** What a run found. */
export interface KillNineWebReport {
  /** How many messages were accepted. */
  readonly accepted: number;
  /** How many ended how. */
  readonly ended: Readonly<Record<string, number>>;
  /** Accepted, and not settled in the end, or gone. */
  readonly lost: readonly string[];
  /** Messages that WhatsApp took more than once. */
  readonly doubled: readonly string[];
  /** Messages whose end and whose effect do not fit together. */
  readonly untrue: readonly string[];
  /** How many sends may have been in flight at the kills, together. */
  readonly inFlightAtKills: number;
  /** How many QR codes were shown after the sessions were linked. */
  readonly laterQrs: number;
  /** The longest time from a kill until every session was ready again, in milliseconds. */
  readonly slowestReturnMs: number;
  /** Command lines of browser processes that were left when the instance had stopped. */
  readonly orphans: readonly string[];
}

const workspace_id = 'shop';
const numbers = { shop_a: '628111000001', shop_b: '628111000002' } as const;
const sessions = Object.keys(numbers) as (keyof typeof numbers)[];
/** How many messages are accepted ahead of WhatsApp, at most. */
const MOST_AHEAD = 20;

/** A session, the message that it was asked to send, and the gateway's id for it. */
interface Sent {
  readonly message_id: string;
  readonly text: string;
}

/** Sends through real browsers of an instance that is killed again and again, and looks at what became of it all. */
export async function killNineWeb(profile: KillNineWebProfile): Promise<KillNineWebReport> {
  const chance = chanceOf(profile.seed);
  const folder = await mkdtemp(join(tmpdir(), 'blazz-kill-nine-web-'));
  const simulator = new WebSimulator({
    timings: { bootMs: 20, pairMs: 50, syncMs: 600, sendMs: 20, deliverMs: 20, readMs: 40 },
  });
  await simulator.start();
  const secret = generateSecret();
  const instance = new InstanceUnderKill(new URL('./instance-process.mjs', import.meta.url), {
    folder,
    browserArgs: simulator.chromiumArgs(),
    secret,
    sessions,
  });
  await instance.start();
  const client = new GatewayClient({
    baseUrl: instance.url,
    key: { id: 'soak', secret },
    timeoutMs: 5_000,
    tryTimeoutMs: 3_000,
  });
  try {
    await link(client, simulator);
    const linkedAt = (await client.events({ workspace_id, limit: 1 })).head_seq;
    const sent: Sent[] = [];
    const sending = accept(profile, client, simulator, sent, chance);
    const slowestReturnMs = await kills(profile, instance, client, simulator, chance);
    await sending;
    const messages = await settled(client, sent);
    const qrs = await client.events({ workspace_id, after: linkedAt, types: ['session.qr'] });
    await instance.stop();
    return {
      ...judge(sent, messages, simulator),
      inFlightAtKills: profile.kills * sessions.length,
      laterQrs: qrs.events.length,
      slowestReturnMs,
      orphans: await processesIn(folder),
    };
  } finally {
    await instance.kill();
    await client.close();
    await simulator.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function link(client: GatewayClient, simulator: WebSimulator): Promise<void> {
  for (const session of sessions) {
    const { qr } = await client.qr(session);
    await simulator.scan(qr, { number: numbers[session] });
    await ready(client, session);
  }
}

async function ready(client: GatewayClient, session: string): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    const state = await client.sessionStatus(session).then(
      (status) => status.state,
      () => 'away',
    );
    if (state === 'ready') return;
    if (performance.now() > until) throw new Error(`${session} is ${state} instead of ready.`);
    await sleep(50);
  }
}

/** Has messages accepted, one after the other, each under its key until it is, and not too far ahead of WhatsApp. */
async function accept(
  { messages }: KillNineWebProfile,
  client: GatewayClient,
  simulator: WebSimulator,
  sent: Sent[],
  chance: Chance,
): Promise<void> {
  for (let at = 0; at < messages; at++) {
    if (at - simulator.effects.length >= MOST_AHEAD) await once(simulator, 'effect');
    const text = `message ${at}`;
    const request = {
      workspace_id,
      session_id: sessions[at % sessions.length] ?? sessions[0] ?? '',
      to: `62822${String(1_000_000 + Math.floor(chance() * 20))}`,
      type: 'text',
      text: { body: text },
    } as const;
    const idempotencyKey = `wish-${String(at).padStart(16, '0')}`;
    for (;;) {
      try {
        const { message_id } = await client.send(request, { idempotencyKey, wait: 0 });
        sent.push({ message_id, text });
        break;
      } catch (error) {
        if (!isGatewayError(error) || (error.code !== 'timeout' && !error.retryable)) throw error;
        await sleep(50);
      }
    }
  }
}

async function kills(
  { kills: count, messages, onProgress }: KillNineWebProfile,
  instance: InstanceUnderKill,
  client: GatewayClient,
  simulator: WebSimulator,
  chance: Chance,
): Promise<number> {
  let slowest = 0;
  for (let kill = 1; kill <= count; kill++) {
    // Spread over the run by work done, not by time, so that every kill meets sends in flight.
    const due = ((kill - chance()) * messages) / (count + 1);
    while (simulator.effects.length < due) await once(simulator, 'effect');
    await sleep(chance() * 60);
    const killedAt = performance.now();
    await instance.kill();
    await instance.start();
    for (const session of sessions) await ready(client, session);
    slowest = Math.max(slowest, performance.now() - killedAt);
    onProgress?.(`kill ${kill} of ${count}, ${simulator.effects.length} of ${messages} messages`);
  }
  return slowest;
}

/** Every message that was accepted, once nothing moves any more. */
async function settled(
  client: GatewayClient,
  sent: readonly Sent[],
): Promise<ReadonlyMap<string, Message>> {
  const found = new Map<string, Message>();
  const deadline = performance.now() + 120_000;
  for (const { message_id } of sent) {
    for (;;) {
      const message = await client.message(message_id, workspace_id);
      found.set(message_id, message);
      if (isSettled(message.status) || performance.now() > deadline) break;
      await sleep(50);
    }
  }
  return found;
}

function judge(
  sent: readonly Sent[],
  messages: ReadonlyMap<string, Message>,
  simulator: WebSimulator,
): Pick<KillNineWebReport, 'accepted' | 'ended' | 'lost' | 'doubled' | 'untrue'> {
  const ended: Record<string, number> = {};
  const [lost, doubled, untrue]: string[][] = [[], [], []];
  for (const { message_id: id, text } of sent) {
    const status = messages.get(id)?.status ?? 'gone';
    const count = simulator.effects.filter((effect) => effect.text === text).length;
    ended[status] = (ended[status] ?? 0) + 1;
    if (status === 'gone' || !isSettled(status)) lost?.push(`${id} ${status}`);
    if (count > 1) doubled?.push(`${id} ${count}`);
    if (count === 0 && status !== 'unknown') untrue?.push(`${id} ${status} without an effect`);
  }
  return {
    accepted: sent.length,
    ended,
    lost: lost ?? [],
    doubled: doubled ?? [],
    untrue: untrue ?? [],
  };
}

/** The command lines of processes that name a folder. */
async function processesIn(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(`--user-data-dir=${folder}`));
}
