import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Chance } from '../chance';

/** What reached WhatsApp, by the gateway's id of the message: how often. */
export type Effects = ReadonlyMap<string, number>;

/** A WhatsApp, and a receiver of webhooks, that outlive the gateways they serve and count what reaches them. */
export class CountingWhatsApp {
  readonly #chance: Chance;
  readonly #effects = new Map<string, number>();
  readonly #server: Server;
  readonly #delivered = new Map<string, Set<number>>();
  /** The events that were refused: each is taken when it comes again. */
  readonly #refused = new Set<string>();
  #next: (() => void) | undefined;

  /** @param chance how long each answer takes, and what becomes of each message */
  constructor(chance: Chance) {
    this.#chance = chance;
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        if (request.url === '/hooks') return this.#hook(body, response);
        const { message_id: id, text } = JSON.parse(body) as { message_id: string; text: string };
        const answer = (status: number, value: object): void => {
          setTimeout(
            () => response.writeHead(status).end(JSON.stringify(value)),
            this.#chance() * 20,
          );
        };
        if (text.includes('refuse')) return answer(422, {});
        // Busy before anything happened: nothing left, the gateway is to try again.
        if (text.includes('busy') && this.#chance() < 0.5) return answer(503, {});
        this.#count(id);
        answer(200, { id: `wa-${id}` });
      });
    });
  }

  /** What reached WhatsApp. */
  get effects(): Effects {
    return this.#effects;
  }

  /** The `seq` of every event that was delivered here, by workspace: some fail at first. */
  get delivered(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#delivered;
  }

  /** Resolves with the next message that reaches it. */
  nextEffect(): Promise<void> {
    return new Promise((resolve) => {
      this.#next = resolve;
    });
  }

  /** Listens. @returns the port */
  start(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () =>
        resolve((this.#server.address() as AddressInfo).port),
      );
    });
  }

  /** Stops listening. */
  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #hook(body: string, response: ServerResponse): void {
    const { workspace_id, seq } = JSON.parse(body) as { workspace_id: string; seq: number };
    const name = `${workspace_id} ${seq}`;
    // Refused twice, it would come again only in five minutes.
    if (this.#chance() < 0.01 && !this.#refused.has(name)) {
      this.#refused.add(name);
      return void response.writeHead(500).end();
    }
    const seen = this.#delivered.get(workspace_id) ?? new Set();
    this.#delivered.set(workspace_id, seen.add(seq));
    response.writeHead(204).end();
  }

  #count(id: string): void {
    this.#effects.set(id, (this.#effects.get(id) ?? 0) + 1);
    this.#next?.();
    this.#next = undefined;
  }
}
