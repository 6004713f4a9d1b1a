import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageRecord, ReceiptStatus, Workspace } from '@blazz/core';
import type { Business, GraphEffect } from '@blazz/simulator/graph';
import { Cloud } from '../cloud/cloud';
import { readLog } from '../cloud/read-log';
import { CountingConnector } from './counting-connector';
import { type Spans, sweeps } from './sweep';

/** How hard a run is. */
export interface CloudFaultsProfile {
  /** How many messages are sent. */
  readonly messages: number;
}

/** What a run found. */
export interface CloudFaultsReport {
  /** How many messages ended how. */
  readonly ended: Readonly<Record<string, number>>;
  /** How many bytes were swept over. */
  readonly spans: Spans;
  /** Messages with more than one effect. */
  readonly doubled: readonly string[];
  /** Messages whose end and whose effect do not fit together, or that have no end. */
  readonly untrue: readonly string[];
  /** How many messages were `unknown` for a while although Meta had taken them. */
  readonly unknown: number;
  /** How many of them a report settled within the time that reports take. */
  readonly resolvedInTime: number;
  /** How many were `unknown` and had never reached Meta, which then has nothing to report. */
  readonly neverArrived: number;
}

/** How long a send may take, in milliseconds. */
const DEADLINE_MS = 500;
/** When Meta tells that it has sent a message: sometimes before the deadline of a send, mostly after. */
const SENT_MS = 300;
const LATE_MS = 600;
/** What a report may take from Meta to its place in the log, in milliseconds, however busy the machine is. */
const MARGIN_MS = 2_000;
/** Numbers that send side by side, each one message after the other. */
const NUMBERS = 16;

/** Sends each message into another fault, and looks at what the gateway makes of it. */
export async function cloudFaults(profile: CloudFaultsProfile): Promise<CloudFaultsReport> {
  const connector = new CountingConnector();
  await using cloud = await Cloud.open({
    graph: { limits: { window: false }, timings: { sentMs: SENT_MS }, receipts: 'delivered' },
    meta: { deadlines: { sendMs: DEADLINE_MS }, connect: connector.connect },
  });
  const seats = Array.from({ length: NUMBERS }, (_, index) => ({
    session_id: `number_${index}`,
    business: cloud.business('ws'),
  }));
  await cloud.configure({
    workspace_id: 'ws',
    provider_type: 'meta_api',
    sessions: seats.map(({ session_id, business }) => ({
      session_id,
      settings: cloud.settings(business),
    })),
  });
  const workspace = cloud.gateway.workspace('ws');
  const spans = await measure(cloud, workspace, connector);
  cloud.graph.faults.add({ fault: { kind: 'status_delayed', ms: LATE_MS }, chance: 0.5 });
  const faults = plan(profile.messages, spans);
  const messages: string[] = [];
  const next = faults.entries();
  await Promise.all(
    seats.map(async (seat) => {
      for (const [index, fault] of next) {
        const match = { endpoint: 'send_message', phoneNumberId: seat.business.phoneNumberId };
        if (fault?.kind === 'refuse') cloud.graph.faults.add({ fault, times: 1 });
        else if (fault !== undefined) cloud.graph.faults.add({ fault, match, times: 1 });
        messages.push(await send(workspace, seat, index));
      }
    }),
  );
  await sleep(SENT_MS + LATE_MS + MARGIN_MS);
  return { spans, ...(await judge(cloud, workspace, messages)) };
}

/** What every message meets: each way in turn, and each way's bytes evenly from the first to the last. */
function plan(count: number, spans: Spans) {
  const ways = sweeps(DEADLINE_MS);
  const rounds = Math.ceil(count / ways.length);
  return Array.from({ length: count }, (_, index) => {
    const way = ways[index % ways.length] as (typeof ways)[number];
    const round = Math.floor(index / ways.length);
    const span = way.span(spans);
    return way.fault(span <= rounds ? round % span : Math.floor((round * span) / rounds));
  });
}

async function send(
  workspace: Workspace,
  { session_id: sessionId }: { readonly session_id: string; readonly business: Business },
  index: number,
): Promise<string> {
  const request = {
    to: String(4_915_550_000_000 + index),
    type: 'text',
    text: { body: `message ${String(index).padStart(6, '0')}` },
  };
  const { message } = await workspace.send(request, { sessionId });
  await workspace.settled(message.message_id, { timeoutMs: 60_000 });
  return message.message_id;
}

/** Sends a message that nothing happens to, and counts its bytes. */
async function measure(
  { graph }: Cloud,
  workspace: Workspace,
  connector: CountingConnector,
): Promise<Spans> {
  const seat = { session_id: 'number_0', business: {} as Business };
  // The first one may have to connect, and count what came before.
  await send(workspace, seat, 999_998);
  const before = connector.passed;
  await send(workspace, seat, 999_999);
  const after = connector.passed;
  const effect = graph.effects.at(-1) as GraphEffect;
  const contacts = [{ input: effect.to, wa_id: effect.to }];
  const body = { messaging_product: 'whatsapp', contacts, messages: [{ id: effect.id }] };
  return {
    request: after.out - before.out,
    answer: after.in - before.in,
    body: JSON.stringify(body).length,
  };
}

/** Compares how messages stand with what reached Meta, and how long the unknown ones stayed so. */
async function judge(
  { gateway, graph }: Cloud,
  workspace: Workspace,
  messages: readonly string[],
): Promise<Omit<CloudFaultsReport, 'spans'>> {
  const effects = new Map<string, GraphEffect[]>();
  for (const effect of graph.effects) {
    // `b1.{message}.{attempt}`
    const id = effect.callbackData?.split('.')[1] ?? '';
    effects.set(id, [...(effects.get(id) ?? []), effect]);
  }
  const { unknown, settledAt } = await told(gateway);
  const ended: Record<string, number> = {};
  const untrue: string[] = [];
  for (const id of messages) {
    const record: MessageRecord = await workspace.message(id);
    ended[record.status] = (ended[record.status] ?? 0) + 1;
    const has = effects.has(id);
    const isTrue = arrived.has(record.status) ? has : record.status === 'unknown' || !has;
    const isOver = arrived.has(record.status) || record.status === 'unknown';
    if (!isTrue || !isOver) untrue.push(`${id} ${record.status} ${effects.get(id)?.length ?? 0}`);
  }
  const arrivedUnknown = [...unknown].filter((id) => effects.has(id));
  const inTime = arrivedUnknown.filter((id) => {
    const tookMs = (settledAt.get(id) ?? Number.NaN) - (effects.get(id)?.[0]?.time ?? 0);
    return tookMs <= SENT_MS + LATE_MS + MARGIN_MS;
  });
  return {
    ended,
    doubled: [...effects].filter(([, { length }]) => length > 1).map(([id]) => id),
    untrue,
    unknown: arrivedUnknown.length,
    resolvedInTime: inTime.length,
    neverArrived: unknown.size - arrivedUnknown.length,
  };
}

const arrived: ReadonlySet<ReceiptStatus> = new Set(['sent', 'delivered', 'read']);

/** Which messages were ever unknown, and when each was first known to be sent after all. */
async function told(gateway: Cloud['gateway']): Promise<{
  readonly unknown: ReadonlySet<string>;
  readonly settledAt: ReadonlyMap<string, number>;
}> {
  const unknown = new Set<string>();
  const settledAt = new Map<string, number>();
  for await (const { type, time, data } of readLog(gateway, 'ws')) {
    if (type === 'message.unknown') unknown.add(data.message_id);
    if (type !== 'message.status' || !arrived.has(data.status)) continue;
    if (unknown.has(data.message_id) && !settledAt.has(data.message_id)) {
      settledAt.set(data.message_id, Date.parse(time));
    }
  }
  return { unknown, settledAt };
}
