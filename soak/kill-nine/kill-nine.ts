import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGatewayError, isSettled } from '@blazz/core';
import { generateSecret } from '@blazz/core/signing';
import { GatewayClient, type Message } from '@blazz/router';
import { chanceOf } from '../chance';
import { InstanceUnderKill } from './instance';
import { CountingWhatsApp } from './whatsapp';

/** How hard a run is. */
export interface KillNineProfile {
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
export interface KillNineReport {
  /** How many messages were accepted. */
  readonly accepted: number;
  /** How many ended how. */
  readonly ended: Readonly<Record<string, number>>;
  /** Accepted, and not settled in the end, or gone. */
  readonly lost: readonly string[];
  /** Messages that asked for at most once, and reached WhatsApp more than once. */
  readonly doubled: readonly string[];
  /** Messages whose end and whose effect do not fit together. */
  readonly untrue: readonly string[];
  /** Keys that were answered with two different messages. */
  readonly forgottenKeys: readonly string[];
  /** How many sends may have been in flight at the kills, together. */
  readonly inFlightAtKills: number;
  /** The longest time from a restart to the first message that reached WhatsApp, in milliseconds. */
  readonly slowestFirstSendMs: number;
  /** Events that no webhook told of. */
  readonly undelivered: readonly string[];
  /** Workspaces whose event log has a gap, or lacks the last event of a message. */
  readonly brokenLogs: readonly string[];
}

const workspaces = ['shop', 'club'];
/** Two sessions in each of two workspaces, eight recipients at once in each. */
const MOST_IN_FLIGHT = 32;
const CALLERS = 16;

/** What one caller wants to be sent, and what it was told. */
interface Wish {
  readonly key: string;
  readonly workspace: string;
  readonly atLeastOnce: boolean;
  readonly answers: Set<string>;
}

/** Sends through an instance that is killed again and again, and looks at what became of it all. */
export async function killNine(profile: KillNineProfile): Promise<KillNineReport> {
  const chance = chanceOf(profile.seed);
  const folder = await mkdtemp(join(tmpdir(), 'blazz-kill-nine-'));
  const whatsApp = new CountingWhatsApp(chanceOf(profile.seed + 1));
  const secret = generateSecret();
  const instance = new InstanceUnderKill(new URL('./instance-process.mjs', import.meta.url), {
    dataPath: join(folder, 'blazz.db'),
    whatsApp: await whatsApp.start(),
    secret,
    workspaces,
  });
  await instance.start();
  const client = new GatewayClient({
    baseUrl: instance.url,
    key: { id: 'soak', secret },
    timeoutMs: 3_000,
    tryTimeoutMs: 2_000,
  });
  try {
    const wishes: Wish[] = [];
    const sending = callers(profile, client, wishes, chance);
    const { slowestFirstSendMs } = await kills(profile, instance, whatsApp, wishes, chance);
    await sending;
    const messages = await settled(client, wishes);
    return {
      ...judge(wishes, messages, whatsApp.effects),
      inFlightAtKills: profile.kills * MOST_IN_FLIGHT,
      slowestFirstSendMs,
      undelivered: await undelivered(client, whatsApp),
      brokenLogs: await brokenLogs(client, messages),
    };
  } finally {
    await instance.kill();
    await client.close();
    await whatsApp.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each caller sends one after the other, and repeats each under its key until it is accepted. */
async function callers(
  { messages }: KillNineProfile,
  client: GatewayClient,
  wishes: Wish[],
  chance: () => number,
): Promise<void> {
  let left = messages;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const at = wishes.length;
      const workspace = workspaces[at % workspaces.length] as string;
      const kind = chance();
      const text = kind < 0.05 ? 'refuse' : kind < 0.1 ? 'busy' : 'hello';
      const wish: Wish = {
        key: `wish-${String(at).padStart(16, '0')}`,
        workspace,
        atLeastOnce: chance() < 0.05,
        answers: new Set(),
      };
      wishes.push(wish);
      const request = {
        workspace_id: workspace,
        session_id: `${workspace}_${chance() < 0.5 ? 'a' : 'b'}`,
        to: `49155${String(1_000_000 + Math.floor(chance() * 300))}`,
        type: 'text',
        text: { body: `${text} ${at}` },
        lane: chance() < 0.5 ? 'bulk' : 'interactive',
        ...(wish.atLeastOnce ? { on_ambiguous: 'retry' as const } : {}),
        ...(chance() < 0.05 ? { send_at: new Date(Date.now() + 1_500).toISOString() } : {}),
      } as const;
      const repeats = chance() < 0.05 ? 2 : 1;
      for (let i = 0; i < repeats; i++) {
        const { message_id } = await accepted(client, request, wish.key);
        wish.answers.add(message_id);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function accepted(
  client: GatewayClient,
  request: Parameters<GatewayClient['send']>[0],
  idempotencyKey: string,
): ReturnType<GatewayClient['send']> {
  for (;;) {
    try {
      return await client.send(request, { idempotencyKey, wait: 0 });
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      // The answer of a message that was accepted, told by a repeat of its key.
      const id = error.details?.message_id;
      if (typeof id === 'string' && !error.retryable) return { message_id: id } as never;
      if (error.code !== 'timeout' && !error.retryable) throw error;
      await sleep(20);
    }
  }
}

async function kills(
  { kills: count, messages, onProgress }: KillNineProfile,
  instance: InstanceUnderKill,
  whatsApp: CountingWhatsApp,
  wishes: readonly Wish[],
  chance: () => number,
): Promise<{ readonly slowestFirstSendMs: number }> {
  let slowestFirstSendMs = 0;
  for (let kill = 1; kill <= count; kill++) {
    // Spread over the run by work done, not by time, so that every kill meets sends in flight.
    const due = Math.min(messages - 1, ((kill - chance()) * messages) / (count + 1));
    while (wishes.length < due) await whatsApp.nextEffect();
    await sleep(chance() * 30);
    await instance.kill();
    await instance.start();
    const startedAt = performance.now();
    await whatsApp.nextEffect();
    slowestFirstSendMs = Math.max(slowestFirstSendMs, performance.now() - startedAt);
    onProgress?.(`kill ${kill} of ${count}, ${wishes.length} of ${messages} messages`);
  }
  return { slowestFirstSendMs };
}

/** Every message of the wishes, once nothing moves any more. */
async function settled(
  client: GatewayClient,
  wishes: readonly Wish[],
): Promise<ReadonlyMap<string, Message>> {
  const found = new Map<string, Message>();
  const deadline = performance.now() + 60_000;
  for (const workspace_id of workspaces) {
    const open = async (): Promise<number> => {
      const queued = await client.messages({ workspace_id, status: 'queued', limit: 1 });
      const sending = await client.messages({ workspace_id, status: 'sending', limit: 1 });
      return queued.messages.length + sending.messages.length;
    };
    while ((await open()) > 0 && performance.now() < deadline) await sleep(100);
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await client.messages({
        workspace_id,
        limit: 200,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const message of page.messages) found.set(message.message_id, message);
      cursor = page.next_cursor;
      more = cursor !== undefined && found.size < 4 * wishes.length;
    }
  }
  return found;
}

function judge(
  wishes: readonly Wish[],
  messages: ReadonlyMap<string, Message>,
  effects: ReadonlyMap<string, number>,
): Pick<KillNineReport, 'accepted' | 'ended' | 'lost' | 'doubled' | 'untrue' | 'forgottenKeys'> {
  const ended: Record<string, number> = {};
  const lost: string[] = [];
  const doubled: string[] = [];
  const untrue: string[] = [];
  for (const wish of wishes) {
    for (const id of wish.answers) {
      const message = messages.get(id);
      const status = message?.status ?? 'gone';
      ended[status] = (ended[status] ?? 0) + 1;
      if (message === undefined || !isSettled(message.status)) lost.push(`${id} ${status}`);
      const count = effects.get(id) ?? 0;
      if (count > 1 && !wish.atLeastOnce) doubled.push(`${id} ${count}`);
      const mustHave = status === 'sent';
      const mayHave = mustHave || status === 'unknown' || (wish.atLeastOnce && count > 0);
      if ((mustHave && count === 0) || (!mayHave && count > 0))
        untrue.push(`${id} ${status} ${count}`);
    }
  }
  const forgottenKeys = wishes.filter(({ answers }) => answers.size !== 1).map(({ key }) => key);
  return { accepted: wishes.length, ended, lost, doubled, untrue, forgottenKeys };
}

/** What the webhooks have not told of when nothing more has come for a while. */
async function undelivered(client: GatewayClient, whatsApp: CountingWhatsApp): Promise<string[]> {
  const missing: string[] = [];
  for (const workspace_id of workspaces) {
    const { head_seq } = await client.events({ workspace_id, limit: 1 });
    const first = Math.min(...(whatsApp.delivered.get(workspace_id) ?? [1]));
    const owed = Array.from({ length: head_seq - first + 1 }, (_, i) => first + i);
    const isMissing = (seq: number): boolean => !whatsApp.delivered.get(workspace_id)?.has(seq);
    let left = owed.filter(isMissing);
    for (let since = performance.now(); left.length > 0 && performance.now() - since < 60_000; ) {
      await sleep(100);
      const count = left.length;
      left = left.filter(isMissing);
      if (left.length < count) since = performance.now();
    }
    missing.push(...left.map((seq) => `${workspace_id} ${seq}`));
  }
  return missing;
}

/** Reads every log from its beginning: dense, and with the last word on every message. */
async function brokenLogs(
  client: GatewayClient,
  messages: ReadonlyMap<string, Message>,
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const workspace_id of workspaces) {
    const last = new Map<string, string>();
    let after = 0;
    for (let more = true; more; ) {
      const page = await client.events({ workspace_id, after, limit: 1000 });
      for (const event of page.events) {
        if (event.seq !== ++after) broken.push(`${workspace_id}: ${event.seq} instead of ${after}`);
        if (event.type === 'message.status' || event.type === 'message.unknown') {
          last.set(event.data.message_id, event.data.status);
        }
      }
      more = page.events.length > 0;
    }
    for (const { message_id: id, workspace_id: of, status } of messages.values()) {
      if (of === workspace_id && last.get(id) !== status)
        broken.push(`${id}: ${last.get(id)} told, is ${status}`);
    }
  }
  return broken;
}
