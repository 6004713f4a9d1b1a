import type { GraphFault } from '@blazz/simulator/graph';

/** How many bytes a send and its answer have on the wire. */
export interface Spans {
  /** The request, headers included. */
  readonly request: number;
  /** The answer, headers included. */
  readonly answer: number;
  /** The answer's body. */
  readonly body: number;
}

/** A way to go wrong, at any byte of what it cuts. */
export interface Sweep {
  /** How many bytes it can be cut at; 1 where there is nothing to cut. */
  readonly span: (spans: Spans) => number;
  /** The fault at a byte; `undefined` is none. */
  readonly fault: (byte: number) => GraphFault | undefined;
}

const once = (): number => 1;

/** Everything that happens to sends in turn. A delay is shorter than the deadline, or longer. */
export function sweeps(deadlineMs: number): readonly Sweep[] {
  const cut = (bytes: number, ending: 'reset' | 'close'): GraphFault => ({
    kind: 'cut_response',
    bytes,
    ending,
  });
  const delay = (ms: number, when: 'before' | 'after'): GraphFault => ({ kind: 'delay', ms, when });
  return [
    { span: ({ request }) => request, fault: (bytes) => ({ kind: 'cut_request', bytes }) },
    { span: ({ answer }) => answer, fault: (bytes) => cut(bytes, 'reset') },
    { span: ({ answer }) => answer, fault: (bytes) => cut(bytes, 'close') },
    { span: ({ body }) => body, fault: (bytes) => ({ kind: 'truncate', bytes }) },
    { span: once, fault: () => undefined },
    { span: once, fault: () => ({ kind: 'garbage' }) },
    { span: once, fault: () => ({ kind: 'hang', effect: true }) },
    { span: once, fault: () => ({ kind: 'hang', effect: false }) },
    { span: () => deadlineMs * 2, fault: (ms) => delay(ms, 'after') },
    { span: () => deadlineMs * 2, fault: (ms) => delay(ms, 'before') },
    { span: once, fault: () => ({ kind: 'refuse' }) },
  ];
}
