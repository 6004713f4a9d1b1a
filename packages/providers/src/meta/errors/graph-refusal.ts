import type { GraphReply } from '../graph/graph-reply';

/** Carries Graph's refusal, or a call that did not leave, out of what had to be done before a send. */
export class GraphRefusal extends Error {
  /** Always `GraphRefusal`. */
  override readonly name = 'GraphRefusal';
  /** What came of the call. */
  readonly reply: GraphReply;

  /** @param reply what came of the call */
  constructor(reply: GraphReply) {
    super('Graph refused what a message needs.');
    this.reply = reply;
  }
}
