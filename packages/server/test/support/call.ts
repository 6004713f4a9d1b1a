import { request } from 'node:http';
import { systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';

/** A key as tests hold it. */
export interface TestKey {
  readonly id: string;
  readonly secret: string;
}

/** What a test sends. */
export interface TestCall {
  readonly method?: string;
  readonly path: string;
  /** An object is sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
  readonly key?: TestKey | undefined;
  readonly bearer?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** Makes one request over a real socket, with the request target byte for byte as given. */
export function call(baseUrl: string, options: TestCall): Promise<TestAnswer> {
  const { host, hostname, port } = new URL(baseUrl);
  const { method = 'GET', path, key, idempotencyKey } = options;
  const body = bytesOf(options.body);
  const signed =
    key === undefined
      ? idempotencyKey === undefined
        ? {}
        : { 'idempotency-key': idempotencyKey }
      : new Signer({ keyId: key.id, secret: key.secret, clock: systemClock }).sign({
          method,
          authority: host,
          rawTarget: path,
          body,
          idempotencyKey,
        });
  const headers = {
    host,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined ? {} : { 'content-length': String(body.byteLength) }),
    ...(options.bearer === undefined ? {} : { authorization: `Bearer ${options.bearer}` }),
    ...signed,
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(answer.headers['content-type']).includes('application/json');
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    outgoing.on('error', reject);
    if (body !== undefined) outgoing.write(body);
    outgoing.end();
  });
}

function bytesOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
