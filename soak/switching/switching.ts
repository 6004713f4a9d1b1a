import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageRecord } from '@blazz/core';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { type Chance, chanceOf } from '../chance';
import { Cloud } from '../cloud/cloud';

/** How hard a run is. */
export interface SwitchingProfile {
  /** How often the workspace is put on the other provider. */
  readonly switches: number;
  /** How many messages a second are accepted meanwhile. */
  readonly perSecond: number;
  /** From which number chance begins. */
  readonly seed: number;
}

/** What a run found. */
export interface SwitchingReport {
  /** How many messages were accepted. */
  readonly accepted: number;
  /** How many of them each provider carried. */
  readonly carried: Readonly<Record<string, number>>;
  /** How many messages were accepted while a switch went on. */
  readonly duringSwitches: number;
  /** Messages that are not sent, or have not exactly the effect that they name. */
  readonly lost: readonly string[];
  /** Messages with more than one effect. */
  readonly doubled: readonly string[];
  /** Recipients who got messages in another order than they were accepted. */
  readonly disordered: readonly string[];
  /** The longest switch, in milliseconds. */
  readonly slowestSwitchMs: number;
}

/** A message that somebody got, in the order of both worlds together. */
interface Effect {
  readonly text: string;
  readonly to: string;
  readonly id: string;
  readonly by: string;
}

/** How long each provider keeps the workspace, in milliseconds. */
const STAY_MS = 1_200;
/** So many messages one after the other go to a few people, then others have their turn: a lane of each fills up. */
const PEOPLE = 12;
const PER_PERSON = 5;

/** Switches a workspace back and forth while messages are accepted, and compares what was accepted with what arrived. */
export async function switching(profile: SwitchingProfile): Promise<SwitchingReport> {
  const chance = chanceOf(profile.seed);
  const effects: Effect[] = [];
  const world = new ScriptedWhatsApp({
    script: () => ({ outcome: 'sent', afterMs: chance() * 60 }),
    receipts: {},
    onEffect: ({ content, to, provider_message_id: id }) => {
      const text = content.type === 'text' ? content.text.body : '';
      effects.push({ text, to, id, by: 'scripted' });
    },
  });
  world.account('ws', 'main').link();
  await using cloud = await Cloud.open({
    graph: { limits: { window: false }, timings: { answerMs: 30 } },
    others: [scriptedProvider({ world, pace: { concurrency: 32 } })],
  });
  cloud.graph.on('effect', ({ id, to, message }) => {
    const { body } = message.text as { body: string };
    effects.push({ text: body, to, id, by: 'meta_api' });
  });
  await cloud.configure({
    workspace_id: 'ws',
    provider_type: 'scripted',
    providers: { meta_api: cloud.settings(cloud.business('ws')) },
    sessions: [{ session_id: 'main' }],
  });
  const load = new Load(cloud, profile.perSecond, chance);
  const sending = load.run();
  let slowestSwitchMs = 0;
  let duringSwitches = 0;
  for (let count = 0; count < profile.switches; count++) {
    await sleep(STAY_MS);
    const to = count % 2 === 0 ? 'meta_api' : 'scripted';
    const [began, before] = [performance.now(), load.accepted.length];
    await cloud.gateway.switchProvider('ws', { to, by: 'soak' });
    slowestSwitchMs = Math.max(slowestSwitchMs, performance.now() - began);
    duringSwitches += load.accepted.length - before;
  }
  await sleep(STAY_MS);
  load.end();
  await sending;
  const records = await Promise.all(
    load.accepted.map(({ message_id }) =>
      cloud.gateway.workspace('ws').settled(message_id, { timeoutMs: 120_000 }),
    ),
  );
  return {
    accepted: records.length,
    ...judge(records, effects),
    duringSwitches,
    slowestSwitchMs: Math.round(slowestSwitchMs),
  };
}

/** Messages that are accepted at an even pace, each with its number. */
class Load {
  /** What was accepted, in order. */
  readonly accepted: MessageRecord[] = [];
  readonly #cloud: Cloud;
  readonly #perSecond: number;
  readonly #chance: Chance;
  #isOver = false;

  constructor(cloud: Cloud, perSecond: number, chance: Chance) {
    this.#cloud = cloud;
    this.#perSecond = perSecond;
    this.#chance = chance;
  }

  end(): void {
    this.#isOver = true;
  }

  async run(): Promise<void> {
    const workspace = this.#cloud.gateway.workspace('ws');
    const began = performance.now();
    for (let number = 0; !this.#isOver; number++) {
      const dueMs = (number / this.#perSecond) * 1_000 - (performance.now() - began);
      if (dueMs > 0) await sleep(dueMs);
      const turn = Math.floor(number / (PEOPLE * PER_PERSON));
      const person = turn * PEOPLE + Math.floor(this.#chance() * PEOPLE);
      const request = {
        to: String(4_915_550_000_000 + person),
        type: 'text',
        text: { body: `number ${number}` },
      };
      this.accepted.push((await workspace.send(request)).message);
    }
  }
}

/** Compares what was accepted with what arrived, message by message and recipient by recipient. */
function judge(
  records: readonly MessageRecord[],
  effects: readonly Effect[],
): Pick<SwitchingReport, 'carried' | 'lost' | 'doubled' | 'disordered'> {
  const carried: Record<string, number> = {};
  const byText = new Map<string, Effect[]>();
  const lastOf = new Map<string, number>();
  const disordered = new Set<string>();
  for (const effect of effects) {
    byText.set(effect.text, [...(byText.get(effect.text) ?? []), effect]);
    carried[effect.by] = (carried[effect.by] ?? 0) + 1;
    const number = Number(effect.text.replace('number ', ''));
    if (number < (lastOf.get(effect.to) ?? -1)) disordered.add(effect.to);
    lastOf.set(effect.to, number);
  }
  const isThere = (record: MessageRecord): boolean => {
    const text = record.content.type === 'text' ? record.content.text.body : '';
    const effect = byText.get(text)?.[0];
    const { status, provider_message_id: id, provider } = record;
    const isSent = status === 'sent' || status === 'delivered' || status === 'read';
    return isSent && effect?.id === id && effect?.by === provider;
  };
  return {
    carried,
    lost: records.filter((record) => !isThere(record)).map(describe),
    doubled: [...byText].filter(([, { length }]) => length > 1).map(([text]) => text),
    disordered: [...disordered],
  };
}

function describe({ message_id, status, provider, attempts }: MessageRecord): string {
  return `${message_id} ${status} by ${provider} after ${attempts.length} attempts`;
}
