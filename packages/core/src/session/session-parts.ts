import { Lane } from '../outbox/lane';
import { reconcile } from '../outbox/reconcile';
import { sessionResource } from '../store/lease-store';
import type { SessionRecord } from '../store/session-store';
import { Inbox } from './inbox';
import { IntakeReader } from './intake-reader';
import { LeaseKeeper } from './lease-keeper';
import { record as recordReport } from './provider-reports';
import { Runner } from './runner';
import { initialRecord, type SessionContext } from './session-context';
import { SessionJournal } from './session-journal';

/** What a session is made of. */
export interface SessionParts {
  /** Where it stands. */
  readonly journal: SessionJournal;
  /** Its sends. */
  readonly lane: Lane;
  /** Keeps its provider running. */
  readonly runner: Runner;
  /** Reads what came in for it from outside. */
  readonly reader: IntakeReader;
}

/**
 * Makes the parts of a session and joins them.
 * @param context what the session is given
 * @param ended aborted when the session is over for this process
 * @param known what the store knows of it, if anything
 */
export function sessionParts(
  context: SessionContext,
  ended: AbortSignal,
  known: SessionRecord | undefined,
): SessionParts {
  const { store, clock, random, logger, observer, timings, onMessage } = context;
  const { outbox } = store;
  const patience = { clock, logger, ended };
  const inbox = new Inbox({ ...patience, events: store.events });
  let epoch = 0;
  const journal = new SessionJournal({
    record: initialRecord(context, known),
    sessions: store.sessions,
    inbox,
    epoch: () => {
      epoch = keeper.epoch ?? epoch;
      return epoch;
    },
    clock,
    logger,
    observer,
  });
  const keeper = new LeaseKeeper({
    leases: store.leases,
    resource: sessionResource(context.workspaceId, context.sessionId),
    holder: context.instanceId,
    clock,
    timings: timings.lease,
    onLost: (error) => runner.down(error),
  });
  const lane = new Lane({
    ...patience,
    outbox,
    policy: timings.attempts,
    deadlines: context.deadlines,
    random,
    observer,
    onChange: onMessage,
    onFenced: (error) => runner.down(error),
  });
  const sendsInFlight = (): Promise<void> => lane.current();
  const now = (): number => clock.now();
  const reports = { journal, inbox, outbox, sendsInFlight, now, onMessage };
  const looks = { outbox, clock, logger, onChange: onMessage };
  const runner = new Runner(context, {
    journal,
    inbox,
    keeper,
    lane,
    record: (report) => recordReport(report, reports),
    onOpen: (route) => {
      lane.open(route);
      void reconcile(route, { ...looks, isCurrent: () => lane.isThrough(route) });
    },
  });
  const reader = new IntakeReader({
    ...patience,
    workspaceId: context.workspaceId,
    sessionId: context.sessionId,
    intake: store.intake,
    inbox,
    reading: context.reading,
    tell: (event) => runner.tell(event),
    record: (report, onLost) => recordReport(report, { ...reports, onLost }),
    owned: (work) => runner.owned(work),
    random,
    observer,
  });
  return { journal, lane, runner, reader };
}
