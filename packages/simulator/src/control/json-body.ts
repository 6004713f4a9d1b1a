import type { IncomingMessage } from 'node:http';
import { GatewayError } from '@blazz/core';

/** The largest body of a control request, in bytes: 32 MiB, so that media fit as base64. */
const maxBodyBytes = 32 * 1024 * 1024;

/** A JSON object as a control request carries it, with readers that say what is wrong. */
export class JsonBody {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @param values the parsed object */
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /**
   * Reads a request's body; an empty one is an empty object.
   * @throws GatewayError `payload_too_large` or `bad_request`
   */
  static async of(request: IncomingMessage): Promise<JsonBody> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request) {
      size += (chunk as Buffer).byteLength;
      if (size > maxBodyBytes)
        throw new GatewayError('payload_too_large', 'Keep the body under 32 MiB.');
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (text === '') return new JsonBody({});
    try {
      const values: unknown = JSON.parse(text);
      if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
        return new JsonBody(values as Record<string, unknown>);
      }
    } catch {
      // Told below, together with everything else that is no object.
    }
    throw new GatewayError('bad_request', 'The body must be a JSON object.');
  }

  /** The value as it came. */
  raw(name: string): unknown {
    return this.#values[name];
  }

  /** A text that must be there. @throws GatewayError `bad_request` */
  text(name: string): string {
    const value = this.#values[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new GatewayError('bad_request', `The body needs "${name}", a text.`);
  }

  /** A text that may be missing. @throws GatewayError `bad_request` when it is something else */
  optionalText(name: string): string | undefined {
    return this.#values[name] === undefined ? undefined : this.text(name);
  }

  /** A number that must be there. @throws GatewayError `bad_request` */
  number(name: string): number {
    const value = this.#values[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new GatewayError('bad_request', `The body needs "${name}", a number.`);
  }

  /** A true or false that must be there. @throws GatewayError `bad_request` */
  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value === 'boolean') return value;
    throw new GatewayError('bad_request', `The body needs "${name}", true or false.`);
  }

  /** One of a list of words. @throws GatewayError `bad_request` */
  oneOf<T extends string>(name: string, words: readonly T[]): T {
    const value = this.#values[name];
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw new GatewayError('bad_request', `"${name}" is one of: ${words.join(', ')}.`);
  }

  /** A list. @throws GatewayError `bad_request` when `check` refuses one of its members */
  list<T>(name: string, check: (value: unknown) => value is T): T[] {
    const value = this.#values[name];
    if (Array.isArray(value) && value.every(check)) return value;
    throw new GatewayError('bad_request', `The body needs "${name}", a list.`);
  }
}

/** Whether something is a text. */
export const isText = (value: unknown): value is string => typeof value === 'string';
