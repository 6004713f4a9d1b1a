import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { GraphServices } from '../endpoints/route';
import { GraphError } from '../errors/graph-error';
import type { FaultSubject } from '../faults/fault-board';
import { Dispatcher, type Target } from './dispatcher';
import { download } from './download';
import { jsonAnswer, type RawAnswer } from './raw-answer';
import { emptyBody, parseBody, readBytes } from './read-body';
import { requestHeadBytes } from './request-head';
import { answerWithFault, writeAnswer } from './write-answer';

/** The simulated graph.facebook.com: reads requests, lets faults meet them, writes answers. */
export class GraphServer {
  readonly #services: GraphServices;
  readonly #dispatcher: Dispatcher;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  /** @param services what endpoints work with */
  constructor(services: GraphServices) {
    this.#services = services;
    this.#dispatcher = new Dispatcher(services);
  }

  /**
   * Listens on 127.0.0.1.
   * @returns the port
   */
  async listen(port: number): Promise<number> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch((thrown: unknown) => {
        if (response.socket?.destroyed) return;
        writeAnswer(response, jsonAnswer(500, { error: { message: String(thrown), code: 1 } }));
      });
    });
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (this.#services.context.faults.refuses()) socket.resetAndDestroy();
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Stops listening and cuts every connection: the next one is refused. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { context } = this.#services;
    const target = this.#dispatcher.target(request);
    const subject: FaultSubject = {
      endpoint: target.endpoint?.name ?? (isDownload(target) ? 'download_media' : undefined),
      method: request.method,
      phoneNumberId: target.endpoint?.kind === 'number' ? target.node : undefined,
    };
    const cut = context.faults.cut(subject);
    if (cut !== undefined && (await this.#cut(request, cut))) {
      this.#tell(request, target, subject, { fault: 'cut_request' });
      return;
    }
    const sent = await this.#read(request);
    const body = sent instanceof GraphError ? emptyBody : sent;
    const fault = context.faults.meet({ ...subject, ...messageSubject(body.body) });
    const { answerMs } = context.timings;
    if (answerMs > 0) await context.timers.wait(answerMs);
    const work = (): Promise<RawAnswer> => {
      if (sent instanceof GraphError) return Promise.resolve(this.#dispatcher.refusal(sent));
      if (isDownload(target)) {
        return Promise.resolve(
          download(this.#services, request.headers.authorization, target.query),
        );
      }
      return this.#dispatcher.answer(request, target, sent);
    };
    const answer = fault
      ? await answerWithFault(fault, response, work, this.#services)
      : writeAnswer(response, await work());
    this.#tell(request, target, subject, {
      ...(answer ? { status: answer.status } : {}),
      ...(answer?.code === undefined ? {} : { code: answer.code }),
      ...(fault ? { fault: fault.kind } : {}),
    });
  }

  async #read(request: IncomingMessage) {
    try {
      return await parseBody(await readBytes(request), request.headers['content-type'] ?? '');
    } catch (thrown) {
      if (thrown instanceof GraphError) return thrown;
      throw thrown;
    }
  }

  /** Cuts a request after so many bytes. @returns whether it has that many */
  async #cut(request: IncomingMessage, bytes: number): Promise<boolean> {
    const head = requestHeadBytes(request);
    const length = Number(request.headers['content-length'] ?? 0);
    const chunked = request.headers['transfer-encoding'] !== undefined;
    if (!chunked && bytes > head + length) return false;
    if (bytes > head) await readBytes(request, bytes - head);
    request.socket.resetAndDestroy();
    return true;
  }

  #tell(
    request: IncomingMessage,
    target: Target,
    { endpoint }: FaultSubject,
    end: { readonly status?: number; readonly code?: number; readonly fault?: string },
  ): void {
    this.#services.context.publish('request', {
      method: request.method ?? 'GET',
      path: target.path,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...end,
    });
  }
}

const isDownload = ({ path }: Target): boolean => path === '/whatsapp_business/attachments/';

/** What of a message's body a fault can match. */
function messageSubject(body: Readonly<Record<string, unknown>>): FaultSubject {
  const textOf = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    to: textOf('to')?.replace(/\D/g, ''),
    type: textOf('type'),
    callbackData: textOf('biz_opaque_callback_data'),
  };
}
