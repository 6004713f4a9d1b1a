import type { Clock, Logger, ProviderEvent } from '@blazz/core';
import type { ResolvedOptions } from '../options';

/** What the parts of a session share. */
export interface SessionScope {
  /** The provider's options, with the workspace's settings applied. */
  readonly options: ResolvedOptions;
  /** Time. */
  readonly clock: Clock;
  /** Log lines. */
  readonly logger: Logger;
  /** Reports an event; swallowed once the session ended. */
  readonly emit: (event: ProviderEvent) => void;
}
