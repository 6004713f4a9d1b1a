import type { Attempt, OutgoingMessage, Reconciliation, SendOutcome } from '@blazz/core';
import { withOwnIds } from '../ids';
import type { Member } from '../member/member';

/**
 * Asks the members what became of a send: the one that carried it, where that is known. Any other
 * could only find something that looks like it. After a crash nobody knows, and all are asked.
 */
export function memberReconciliation(members: readonly Member[]): Reconciliation {
  const ask = async (
    message: OutgoingMessage,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<SendOutcome | undefined> => {
    const carrier = members.find(({ name }) => name === attempt.via);
    const asked = carrier === undefined ? members : [carrier];
    let failure: unknown;
    let answered = false;
    for (const { name, state, provider } of asked) {
      if (provider.reconciliation === undefined || state !== 'ready') continue;
      try {
        const own = withOwnIds(message, members);
        const outcome = await provider.reconciliation.reconcile(own, attempt, signal);
        if (outcome !== undefined) return { ...outcome, via: name };
        answered = true;
      } catch (error) {
        failure = error;
      }
    }
    if (!answered && failure !== undefined) throw failure;
    return undefined;
  };
  return { reconcile: ask };
}
