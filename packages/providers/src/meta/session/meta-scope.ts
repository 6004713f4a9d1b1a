import type { Clock, Logger, ProviderEvent } from '@blazz/core';
import type { GraphReply } from '../graph/graph-reply';
import type { GraphRequest } from '../graph/graph-request';
import type { ResolvedOptions } from '../options';
import type { MetaSettings } from '../settings';

/** One call to Graph, as the parts of a session make it: the session knows the rest. */
export type GraphCall = Omit<GraphRequest, 'deadlineMs'> & {
  /** How long it may take, in milliseconds. Default: `callMs` of the options. */
  readonly deadlineMs?: number;
};

/** What the parts of a session share. */
export interface MetaScope {
  /** The factory's options. */
  readonly options: ResolvedOptions;
  /** The workspace's settings. */
  readonly settings: MetaSettings;
  /** Time. */
  readonly clock: Clock;
  /** Chance: a number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Log lines. */
  readonly logger: Logger;
  /** Reports an event. */
  readonly emit: (event: ProviderEvent) => void;
  /** Calls Graph. Never throws. */
  readonly call: (call: GraphCall) => Promise<GraphReply>;
}
