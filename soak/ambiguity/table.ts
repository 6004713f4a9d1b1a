/** Where in a send the fault strikes, in the order of a send. */
export const moments = [
  'before_connect',
  'after_connect',
  'mid_request',
  'after_request',
  'mid_response',
  'after_answer',
] as const;
/** Where in a send the fault strikes. */
export type Moment = (typeof moments)[number];

/** What strikes: the connection is reset, nothing comes any more, nonsense comes, or the gateway dies. */
export const faults = ['reset', 'timeout', 'garbage', 'crash'] as const;
/** What strikes. */
export type Fault = (typeof faults)[number];

/**
 * What the gateway must make of it. Before a connection stands nothing can have left; once the
 * whole answer was read, it is known; in between nobody can tell. A gateway that died does not know
 * how far it had come.
 */
export const outcomes: Readonly<
  Record<Moment, Readonly<Record<Fault, 'not_sent' | 'sent' | 'unknown'>>>
> = {
  before_connect: { reset: 'not_sent', timeout: 'not_sent', garbage: 'not_sent', crash: 'unknown' },
  after_connect: { reset: 'unknown', timeout: 'unknown', garbage: 'unknown', crash: 'unknown' },
  mid_request: { reset: 'unknown', timeout: 'unknown', garbage: 'unknown', crash: 'unknown' },
  after_request: { reset: 'unknown', timeout: 'unknown', garbage: 'unknown', crash: 'unknown' },
  mid_response: { reset: 'unknown', timeout: 'unknown', garbage: 'unknown', crash: 'unknown' },
  after_answer: { reset: 'sent', timeout: 'sent', garbage: 'sent', crash: 'unknown' },
};
