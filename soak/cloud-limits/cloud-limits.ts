import type { MessageRecord } from '@blazz/core';
import type { RequestEvent } from '@blazz/simulator/graph';
import { Cloud } from '../cloud/cloud';
import { PumpedClock } from './pumped-clock';

/** How hard a run is. */
export interface CloudLimitsProfile {
  /** How long more is accepted than may be sent, in seconds. */
  readonly seconds: number;
  /** How many times as much. */
  readonly times: number;
}

/** What a run found. */
export interface CloudLimitsReport {
  /** How many messages were accepted. */
  readonly accepted: number;
  /** How many requests Graph got while the limit stood. */
  readonly requests: number;
  /** How many of them it refused for their pace, by its code. */
  readonly refused: Readonly<Record<string, number>>;
  /** How many messages a second Graph took while the limit stood. */
  readonly perSecond: number;
  /** How many messages went to people who are written to more often than they may be. */
  readonly toRegulars: number;
  /** Messages that were not sent in the end, or without an effect. */
  readonly lost: readonly string[];
  /** Messages with more than one effect. */
  readonly doubled: readonly string[];
}

/** What Meta allows a number in a second. */
export const ALLOWED = 80;
/** The codes of too many messages, of a number and of a pair. */
const paceCodes: ReadonlySet<number> = new Set([130429, 131056]);
/**
 * One message in so many goes to one of a few people, who may get one in six seconds each; after so
 * many others have their turn, or it would take half an hour until the last one may be sent.
 */
const EVERY_REGULAR = 10;
const REGULARS = 20;
const REGULAR_TURN = 600;
/** The first answers come after a while: the pace is taken from then on, in milliseconds. */
const WARM_UP_MS = 1_000;
/** How long Meta takes to answer, in milliseconds. */
const ROUND_TRIP_MS = 100;
/** What is accepted goes into the outbox in steps of this many milliseconds. */
const STEP_MS = 50;

/** Accepts more than may be sent, looks at the pace that Graph sees, then lifts the limit and counts what arrives. */
export async function cloudLimits(profile: CloudLimitsProfile): Promise<CloudLimitsReport> {
  const time = new PumpedClock();
  const { clock } = time;
  time.start();
  try {
    await using cloud = await Cloud.open({
      clock,
      graph: {
        limits: { window: false },
        receipts: 'none',
        timings: { answerMs: ROUND_TRIP_MS },
      },
      // What is left once the limit is lifted goes out before anybody's burst is over.
      meta: { pace: { concurrency: 128 } },
    });
    const business = cloud.business('ws');
    const config = {
      workspace_id: 'ws',
      provider_type: 'meta_api',
      sessions: [{ session_id: 'main' }],
    };
    await cloud.configure({ ...config, settings: cloud.settings(business, ALLOWED) });
    const requests: RequestEvent[] = [];
    cloud.graph.on('request', (event) => {
      if (event.endpoint === 'send_message') requests.push(event);
    });
    const began = clock.now();
    const accepted = await overload(cloud, clock, profile);
    const ended = clock.now();
    const [seen, taken] = [[...requests], [...cloud.graph.effects]];
    const measured = taken.filter(({ time: at }) => at >= began + WARM_UP_MS && at < ended);
    // What is left would take minutes: Meta raises the number's limit, and forgets about pairs.
    cloud.graph.changeNumber(business.phoneNumberId, { tier: 1000 });
    cloud.graph.setLimits({ pair: false });
    await cloud.configure({ ...config, settings: cloud.settings(business, 1000) });
    const records = await Promise.all(
      accepted.map(({ message_id }) =>
        cloud.gateway.workspace('ws').settled(message_id, { timeoutMs: 600_000 }),
      ),
    );
    return {
      accepted: records.length,
      requests: seen.length,
      refused: refusals(seen),
      perSecond: (measured.length * 1_000) / (ended - began - WARM_UP_MS),
      toRegulars: taken.filter(({ to }) => Number(to) < FIRST_STRANGER).length,
      ...judge(cloud, records),
    };
  } finally {
    await time.stop();
  }
}

const FIRST_REGULAR = 4_915_110_000_000;
const FIRST_STRANGER = 4_915_550_000_000;

/** Accepts several times what may be sent, evenly, for as long as the profile says. */
async function overload(
  { gateway }: Cloud,
  clock: PumpedClock['clock'],
  { seconds, times }: CloudLimitsProfile,
): Promise<readonly MessageRecord[]> {
  const workspace = gateway.workspace('ws');
  const accepted: Promise<MessageRecord>[] = [];
  const began = clock.monotonic();
  for (let passedMs = 0; passedMs < seconds * 1_000; passedMs = clock.monotonic() - began) {
    for (const due = (passedMs / 1_000) * ALLOWED * times; accepted.length < due; ) {
      const number = accepted.length;
      const to = recipientOf(number);
      const request = { to: String(to), type: 'text', text: { body: `number ${number}` } };
      accepted.push(workspace.send(request).then(({ message }) => message));
    }
    await new Promise<void>((resolve) => clock.schedule(STEP_MS, resolve));
  }
  return Promise.all(accepted);
}

function recipientOf(number: number): number {
  if (number % EVERY_REGULAR !== 0) return FIRST_STRANGER + number;
  const count = number / EVERY_REGULAR;
  return FIRST_REGULAR + Math.floor(count / REGULAR_TURN) * REGULARS + (count % REGULARS);
}

function refusals(requests: readonly RequestEvent[]): Readonly<Record<string, number>> {
  const refused: Record<string, number> = {};
  for (const { code } of requests) {
    if (code === undefined || !paceCodes.has(code)) continue;
    refused[code] = (refused[code] ?? 0) + 1;
  }
  return refused;
}

function judge(
  { graph }: Cloud,
  records: readonly MessageRecord[],
): Pick<CloudLimitsReport, 'lost' | 'doubled'> {
  const counts = new Map<string, number>();
  for (const { callbackData } of graph.effects) {
    // `b1.{message}.{attempt}`
    const id = callbackData?.split('.')[1] ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return {
    lost: records
      .filter(({ message_id, status }) => status !== 'sent' || !counts.has(message_id))
      .map(({ message_id, status }) => `${message_id} ${status}`),
    doubled: [...counts].filter(([, count]) => count > 1).map(([id]) => id),
  };
}
