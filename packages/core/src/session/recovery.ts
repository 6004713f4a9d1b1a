import type { SessionContext } from './session-context';
import type { SessionJournal } from './session-journal';

/** Settles what an earlier owner left in flight, once for each epoch, before anything new is sent. */
export class Recovery {
  readonly #context: SessionContext;
  readonly #journal: SessionJournal;
  #epoch: number | undefined;

  /**
   * @param context what the session was given
   * @param journal where the session stands
   */
  constructor(context: SessionContext, journal: SessionJournal) {
    this.#context = context;
    this.#journal = journal;
  }

  /** Settles what was left, unless that was done under this epoch. */
  async run(epoch: number): Promise<void> {
    if (this.#epoch === epoch) return;
    const { store, clock, onMessage } = this.#context;
    const changed = await store.outbox.recover(this.#journal.fence, clock.now());
    this.#epoch = epoch;
    for (const message of changed) onMessage(message);
  }
}
