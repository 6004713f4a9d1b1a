import type { BackoffOptions, MemberState, ProviderContext, ProviderEvent } from '@blazz/core';
import type { FallbackSettings } from '../settings';
import type { Bars } from './bars';
import type { Member } from './member';

/** How long things may take with a member, in milliseconds. */
export interface MemberTimings {
  /** From a start to the first QR or `ready`. */
  readonly startMs: number;
  /** For a stop. */
  readonly stopMs: number;
  /** How long a QR is shown beside a session that goes on without it. */
  readonly pairingMs: number;
  /** How long `ready` must last before earlier failures are forgotten. */
  readonly steadyMs: number;
  /** Waits between restarts. */
  readonly restart: BackoffOptions;
}

/** Start 110 s, stop 25 s (each a little less than a session allows for all), pairing 5 min, restarts 1 s to 5 min apart. */
export const defaultMemberTimings: MemberTimings = {
  startMs: 110_000,
  stopMs: 25_000,
  pairingMs: 300_000,
  steadyMs: 60_000,
  restart: { baseMs: 1_000, maxMs: 300_000 },
};

/** A QR or a code to link a member by. */
export type PairingReport = Extract<ProviderEvent, { type: 'qr' | 'pairing_code' }>;

/** What is passed on as it is: everything but the connection's state. */
type MemberReport = Extract<ProviderEvent, { type: `${string}.${string}` }>;

/** What a member is given by the session that it is part of. */
export interface MemberContext extends Omit<ProviderContext<FallbackSettings>, 'emit'> {
  /** How long things may take. */
  readonly timings: MemberTimings;
  /** Who is barred. */
  readonly bars: Bars;
  /** Runs a start when its turn comes: a machine can only bring up so many browsers at once. */
  readonly takeTurn: (start: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  /** Told whenever the member's state changed. */
  readonly onMoved: (member: Member, from: MemberState) => void;
  /** Told of each QR and code. */
  readonly onPairing: (member: Member, report: PairingReport) => void;
  /** Told of everything else. */
  readonly onReport: (member: Member, report: MemberReport) => void;
}

/** States in which a member has something to tell. */
export const flowingStates: ReadonlySet<MemberState> = new Set<MemberState>([
  'pairing',
  'syncing',
  'ready',
  'interrupted',
]);

/** States in which a member's provider lives. */
export const aliveStates: ReadonlySet<MemberState> = new Set<MemberState>([
  'starting',
  'pairing',
  'syncing',
  'ready',
  'interrupted',
]);
