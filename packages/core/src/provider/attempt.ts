/** One try to send one message, written to the store before the provider is called. */
export interface Attempt {
  /** Which try this is, from 1. */
  readonly number: number;
  /** The lease epoch under which it is made. */
  readonly epoch: number;
  /** When it began, milliseconds since 1970. */
  readonly startedAt: number;
  /** WhatsApp's id of what it sent, if it learnt that much: told to whoever looks into it. */
  readonly providerMessageId?: string;
  /** The member that carried it, as far as is known: told to a provider made of several that looks into it. */
  readonly via?: string;
}
