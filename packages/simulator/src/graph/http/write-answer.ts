import type { ServerResponse } from 'node:http';
import type { GraphServices } from '../endpoints/route';
import { GraphError } from '../errors/graph-error';
import type { ErrorFault, RequestFault } from '../faults/fault';
import { bytesOf, jsonAnswer, type RawAnswer } from './raw-answer';

/** Writes an answer. @returns the answer */
export function writeAnswer(response: ServerResponse, answer: RawAnswer): RawAnswer {
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': answer.contentType,
    'content-length': answer.body.byteLength,
  });
  response.end(answer.body);
  return answer;
}

type MetFault = Exclude<RequestFault, { kind: 'cut_request' }>;

/** Whether what was asked is done when a fault does not say so itself. */
const doneByDefault: Readonly<Record<MetFault['kind'], boolean>> = {
  cut_response: true,
  truncate: true,
  garbage: true,
  delay: true,
  hang: false,
  error: false,
};

/**
 * Lets a fault meet a request.
 * @param work does what was asked
 * @returns the answer that was written whole; undefined when there was none
 */
export async function answerWithFault(
  fault: MetFault,
  response: ServerResponse,
  work: () => Promise<RawAnswer>,
  services: GraphServices,
): Promise<RawAnswer | undefined> {
  const { timers, ids } = services.context;
  if (fault.kind === 'delay') {
    if (fault.when === 'before') await timers.wait(fault.ms);
    const answer = await work();
    if (fault.when !== 'before') await timers.wait(fault.ms);
    return response.socket?.destroyed ? undefined : writeAnswer(response, answer);
  }
  const done = fault.effect ?? doneByDefault[fault.kind];
  const answer = done ? await work() : undefined;
  const stub = answer ?? jsonAnswer(200, { messaging_product: 'whatsapp' });
  switch (fault.kind) {
    case 'hang':
      return undefined;
    case 'error':
      return writeAnswer(response, errorAnswer(fault, ids.trace()));
    case 'truncate':
      return writeAnswer(response, { ...stub, body: stub.body.subarray(0, fault.bytes) });
    case 'garbage':
      return writeAnswer(response, {
        status: fault.status ?? 200,
        headers: {},
        contentType: fault.contentType ?? 'text/html; charset=utf-8',
        body: Buffer.from(fault.body ?? '<!doctype html><title>Error</title><p>Please try again.'),
      });
    case 'cut_response':
      cutResponse(response, bytesOf(stub).subarray(0, fault.bytes), fault.ending ?? 'reset');
      return undefined;
  }
}

function errorAnswer(fault: ErrorFault, trace: string): RawAnswer {
  const { retryAfter, regainAccessMinutes } = fault;
  const error = new GraphError(fault.code, fault);
  const usage = { estimated_time_to_regain_access: regainAccessMinutes, type: 'messages' };
  return jsonAnswer(error.status, error.body(trace), {
    code: fault.code,
    headers: {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(regainAccessMinutes === undefined
        ? {}
        : { 'x-business-use-case-usage': JSON.stringify({ '0': [usage] }) }),
    },
  });
}

/** Writes the first bytes of an answer past Node's own writer, then ends the connection. */
function cutResponse(response: ServerResponse, bytes: Buffer, ending: 'reset' | 'close'): void {
  const { socket } = response;
  if (!socket || socket.destroyed) return;
  const end = (): void => {
    if (ending === 'close') socket.end();
    else socket.resetAndDestroy();
  };
  if (bytes.byteLength === 0) end();
  // The bytes must have left before the reset, which throws away what still waits to be sent.
  else socket.write(bytes, () => setImmediate(end));
}
