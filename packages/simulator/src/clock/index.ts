/**
 * Time that a test moves by hand.
 * @packageDocumentation
 */

export { ManualClock, type ManualClockOptions } from './manual-clock';
