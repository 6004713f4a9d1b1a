import type { Lane } from '../outbox/lane';
import type { LaneRoute } from '../outbox/lane-route';
import type { Inbox } from './inbox';
import type { LeaseKeeper } from './lease-keeper';
import type { Report } from './provider-reports';
import type { SessionJournal } from './session-journal';

/** What a runner works with. */
export interface RunnerParts {
  /** Where the session stands. */
  readonly journal: SessionJournal;
  /** Writes in order. */
  readonly inbox: Inbox;
  /** Ownership. */
  readonly keeper: LeaseKeeper;
  /** The session's sends. */
  readonly lane: Lane;
  /** Writes down what is reported about messages. */
  readonly record: (report: Report) => void;
  /** Told each time that sends may go out. */
  readonly onOpen: (route: LaneRoute) => void;
}
