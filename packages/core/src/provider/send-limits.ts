/**
 * Limits that WhatsApp sets on a sender, kept by the provider that knows them. The lane asks before
 * it begins an attempt, so that whoever has to wait holds no place in flight and uses up no try.
 */
export interface SendLimits {
  /** How long until any message may leave, in milliseconds; 0 means now. */
  waitMs(): number;
  /**
   * How long until a recipient may be sent to, in milliseconds; 0 means now.
   * @param recipientKey the recipient's `key`
   */
  recipientWaitMs(recipientKey: string): number;
  /**
   * A send begins: takes its share of every limit.
   * @param recipientKey the recipient's `key`
   */
  took(recipientKey: string): void;
}
