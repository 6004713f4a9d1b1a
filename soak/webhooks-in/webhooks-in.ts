import { setTimeout as sleep } from 'node:timers/promises';
import { type MessageRecord, mergeReceipts, type ReceiptStatus } from '@blazz/core';
import type { Business } from '@blazz/simulator/graph';
import { type Chance, chanceOf } from '../chance';
import { Cloud } from '../cloud/cloud';
import { readLog } from '../cloud/read-log';
import { incoming, lastOf, numberOf, report, reports, type Sent } from './items';
import { forged, genuine, type Item, type Post } from './post';
import { BareRoute, Poster, p99 } from './poster';

/** How hard a run is. */
export interface WebhooksInProfile {
  /** How many things customers send. */
  readonly incoming: number;
  /** How many messages of ours are reported on. */
  readonly sent: number;
  /** How often each item is delivered, each time in other company. */
  readonly copies: number;
  /** From which number chance begins. */
  readonly seed: number;
}

/** What a run found. */
export interface WebhooksInReport {
  /** How many payloads were posted, forged ones too. */
  readonly payloads: number;
  /** How many of them were forged. */
  readonly forged: number;
  /** Answers that were not those that had to come: a forged payload that was taken, or another that was not. */
  readonly wrong: readonly string[];
  /** Numbers of items without an event. */
  readonly missing: readonly number[];
  /** Numbers of items with more than one. */
  readonly doubled: readonly number[];
  /** Events that nothing genuine made. */
  readonly invented: readonly string[];
  /** Messages whose events go down, repeat themselves, or end elsewhere than they have to. */
  readonly regressed: readonly string[];
  /** How many payloads of a tenant about another tenant's number were set aside, and had to be. */
  readonly aside: readonly [were: number, had: number];
  /** 99 of 100 payloads were acknowledged in this time, in milliseconds. */
  readonly ackP99Ms: number;
  /** 99 of 100 posts to a route that does nothing were answered in this time, in the same run. */
  readonly bareP99Ms: number;
  /** How many payloads a second were acknowledged. */
  readonly perSecond: number;
}

/** How many payloads are posted in one go, to us and then to the bare route. */
const BLOCK = 250;
/** One payload in so many is forged, and one in so many is a tenant's about another's number. */
const EVERY_FORGED = 8;
const EVERY_FOREIGN = 50;

/** Delivers everything several times, shuffled, with what is not genuine in between, and looks at what became of it. */
export async function webhooksIn(profile: WebhooksInProfile): Promise<WebhooksInReport> {
  const chance = chanceOf(profile.seed);
  await using cloud = await Cloud.open({
    graph: {
      receipts: 'none',
      limits: { throughput: false, pair: false, window: false },
    },
  });
  const shop = { id: 'shop', secret: 'secret of the shop' };
  const club = { id: 'club', secret: 'secret of the club' };
  const numbers = ['shop_main', 'shop_berlin'].map((session_id) => ({
    session_id,
    business: cloud.business(shop.id, { appSecret: shop.secret }),
  }));
  await cloud.configure({
    workspace_id: shop.id,
    provider_type: 'meta_api',
    sessions: numbers.map(({ session_id, business }) => ({
      session_id,
      settings: cloud.settings(business),
    })),
  });
  await cloud.configure({
    workspace_id: club.id,
    provider_type: 'meta_api',
    settings: cloud.settings(cloud.business(club.id, { appSecret: club.secret })),
  });
  const businesses = numbers.map(({ business }) => business);
  const sent = await send(cloud, numbers, profile.sent);
  const { posts, foreign } = prepare({ profile, chance, businesses, sent, shop, club });
  const bare = new BareRoute();
  const ours = new Poster(cloud.origin, ({ workspaceId }) => `/webhook/whatsapp/${workspaceId}`);
  const idle = new Poster(await bare.start(), () => '/');
  let busyMs = 0;
  try {
    for (let at = 0; at < posts.length; at += BLOCK) {
      const block = posts.slice(at, at + BLOCK);
      const began = performance.now();
      await ours.post(block, true);
      busyMs += performance.now() - began;
      // The bare route has the process to itself: what is still to be read does not slow it down.
      await read(cloud);
      await idle.post(block, false);
    }
  } finally {
    await ours.close();
    await idle.close();
    await bare.stop();
  }
  const { quarantined } = await cloud.gateway.store.intake.depth();
  return {
    payloads: posts.length,
    forged: posts.filter(({ status }) => status === 401).length,
    wrong: ours.wrong,
    ...(await judge(cloud, shop.id, profile, sent)),
    aside: [quarantined, foreign],
    ackP99Ms: p99(ours.tookMs),
    bareP99Ms: p99(idle.tookMs),
    perSecond: Math.round((posts.length / busyMs) * 1_000),
  };
}

/** Sends messages of ours, for Meta to report on. */
async function send(
  { gateway }: Cloud,
  numbers: readonly { readonly session_id: string; readonly business: Business }[],
  count: number,
): Promise<readonly Sent[]> {
  const workspace = gateway.workspace('shop');
  const accepted = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { session_id, business } = numbers[index % numbers.length] as (typeof numbers)[number];
      const request = { to: String(4_915_110_000_000 + index), type: 'text', text: { body: 'hi' } };
      const { message } = await workspace.send(request, { sessionId: session_id });
      return { messageId: message.message_id, business };
    }),
  );
  return Promise.all(
    accepted.map(async ({ messageId, business }) => {
      const settled = await workspace.settled(messageId, { timeoutMs: 120_000 });
      return { messageId, business, wamid: settled.provider_message_id ?? '' };
    }),
  );
}

/** Everything that is posted, in a random order. */
function prepare(given: {
  readonly profile: WebhooksInProfile;
  readonly chance: Chance;
  readonly businesses: readonly Business[];
  readonly sent: readonly Sent[];
  readonly shop: { readonly id: string; readonly secret: string };
  readonly club: { readonly id: string; readonly secret: string };
}): { readonly posts: readonly Post[]; readonly foreign: number } {
  const { profile, chance, businesses, sent, shop, club } = given;
  const items: Item[] = [];
  for (let index = 0; index < profile.incoming; index++) {
    items.push(incoming(businesses[index % businesses.length] as Business, index));
  }
  for (const [index, each] of sent.entries()) items.push(...reports(each, index));
  const posts: Post[] = [];
  let foreign = 0;
  for (let copy = 0; copy < profile.copies; copy++) {
    const mixed = shuffled(items, chance);
    for (let at = 0; at < mixed.length; ) {
      // Mostly one item, as Meta does; sometimes many.
      const size = chance() < 0.7 ? 1 : 1 + Math.floor(chance() * 12);
      posts.push(genuine(shop.id, mixed.slice(at, at + size), shop.secret));
      at += size;
      if (posts.length % EVERY_FORGED === 0) {
        const post = genuine(shop.id, lies(businesses, sent, chance), shop.secret);
        posts.push(forged(post, club, chance));
      }
      if (posts.length % EVERY_FOREIGN === 0) {
        // A tenant that signs with its own secret, about a number that is not its own.
        posts.push(genuine(club.id, lies(businesses, sent, chance).slice(0, 1), club.secret));
        foreign++;
      }
    }
  }
  return { posts: shuffled(posts, chance), foreign };
}

/** What a forger would like to be believed: a message that nobody wrote, and a failure that never was. */
function lies(
  businesses: readonly Business[],
  sent: readonly Sent[],
  chance: Chance,
): readonly Item[] {
  const business = businesses[Math.floor(chance() * businesses.length)] as Business;
  const victim = sent[Math.floor(chance() * sent.length)] as Sent;
  const text = { type: 'text', text: { body: 'forged' } };
  const message = { from: '4915559999999', id: 'wamid.forged', timestamp: '1780000000', ...text };
  return [
    { business, field: 'messages', value: { messages: [message] } },
    report(victim, 'played', 0),
  ];
}

/** Resolves when everything that came in was read. */
async function read({ gateway }: Cloud): Promise<void> {
  while ((await gateway.store.intake.depth()).waiting > 0) await sleep(20);
}

/** Reads the log of a workspace, and compares it with what was delivered. */
async function judge(
  { gateway }: Cloud,
  workspaceId: string,
  profile: WebhooksInProfile,
  sent: readonly Sent[],
): Promise<Pick<WebhooksInReport, 'missing' | 'doubled' | 'invented' | 'regressed'>> {
  const counts = new Uint8Array(profile.incoming);
  const standing = new Map<string, ReceiptStatus>();
  const invented: string[] = [];
  const regressed: string[] = [];
  for await (const event of readLog(gateway, workspaceId)) {
    if (event.type === 'session.state') continue;
    if (event.type === 'message.status' || event.type === 'message.unknown') {
      const { message_id: id, status } = event.data;
      const before = standing.get(id);
      if (before !== undefined && (before === status || mergeReceipts(before, status) === before)) {
        regressed.push(`${id}: ${status} after ${before}`);
      }
      standing.set(id, status);
      continue;
    }
    const number = numberOf(event);
    if (counts[number] === undefined) invented.push(`${event.type} ${number}`);
    else counts[number]++;
  }
  for (const [index, { messageId }] of sent.entries()) {
    const record: MessageRecord = await gateway.workspace(workspaceId).message(messageId);
    const told = standing.get(messageId);
    if (record.status !== lastOf(index) || told !== record.status) {
      regressed.push(`${messageId}: is ${record.status}, told ${told}, not ${lastOf(index)}`);
    }
  }
  const numbers = [...counts.keys()];
  return {
    missing: numbers.filter((number) => counts[number] === 0),
    doubled: numbers.filter((number) => (counts[number] ?? 0) > 1),
    invented,
    regressed,
  };
}

function shuffled<T>(values: readonly T[], chance: Chance): readonly T[] {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(chance() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
