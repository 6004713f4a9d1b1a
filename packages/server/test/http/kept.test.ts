import {
  GatewayError,
  type LogFields,
  MemoryStore,
  type NonceStore,
  silentLogger,
} from '@blazz/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestAnswer, TestCall } from '../support/call';
import { type Instance, startInstance } from '../support/instance';

/** Nonces over a disk that is done with each when the test says so. */
class HeldNonces implements NonceStore {
  readonly #store = new MemoryStore();
  #wanted = 0;
  #all: (() => void) | undefined;
  #end: (error?: unknown) => void = () => undefined;
  readonly #ended = new Promise<void>((resolve, reject) => {
    this.#end = (error) => (error === undefined ? resolve() : reject(error));
  });

  async use(...given: Parameters<NonceStore['use']>): ReturnType<NonceStore['use']> {
    const { fresh } = await this.#store.nonces.use(...given);
    if (--this.#wanted === 0) this.#all?.();
    this.#ended.catch(() => undefined);
    return { fresh, kept: this.#ended };
  }

  /** Resolves when so many nonces wait for the disk. */
  waiting(count: number): Promise<void> {
    this.#wanted = count;
    return new Promise((resolve) => {
      this.#all = resolve;
    });
  }

  end(error?: unknown): void {
    this.#end(error);
  }
}

/** One request for each place where a proven one may fail, and one that does not. */
const calls: readonly (TestCall & { readonly status: number })[] = [
  { method: 'POST', path: '/internal/send-message', body: '{', status: 400 },
  { method: 'POST', path: '/internal/send-message', body: { workspace_id: 'own' }, status: 400 },
  { path: '/internal/messages/msg_none?workspace_id=own', status: 404 },
  { path: '/internal/messages?workspace_id=nobody', status: 404 },
  { path: '/internal/messages?workspace_id=own', status: 200 },
];

describe('an answer to a signed request', () => {
  let instance: Instance;
  let nonces: HeldNonces;
  beforeEach(async () => {
    nonces = new HeldNonces();
    const store = Object.assign(new MemoryStore(), { nonces });
    instance = await startInstance({ gateway: { store } });
  });
  afterEach(() => instance[Symbol.asyncDispose]());

  async function ask(): Promise<{ early: readonly number[]; answers: Promise<TestAnswer[]> }> {
    const early: number[] = [];
    const waiting = nonces.waiting(calls.length);
    const answers = calls.map(async (each) => {
      const answer = await instance.call({ ...each, key: instance.keys.own });
      early.push(answer.status);
      return answer;
    });
    await waiting;
    // Whatever could be answered by now is on its way before this.
    await instance.call({ path: '/health/ready' });
    await instance.call({ path: '/health/ready' });
    return { early: [...early], answers: Promise.all(answers) };
  }

  it('comes when the request is remembered for good, whatever it says', async () => {
    const { early, answers } = await ask();
    expect(early).toEqual([]);
    nonces.end();
    expect((await answers).map(({ status }) => status)).toEqual(calls.map(({ status }) => status));
  });

  it('is that the store is away where the request could not be remembered', async () => {
    const { early, answers } = await ask();
    expect(early).toEqual([]);
    nonces.end(new GatewayError('store_unavailable', 'The disk is full.'));
    for (const { status, json } of await answers) {
      expect(status).toBe(503);
      expect(json.error.code).toBe('store_unavailable');
    }
  });
});

it('tells the log what is wrong with the store that keeps requests from being checked', async () => {
  const store = new MemoryStore();
  const error = new GatewayError('store_unavailable', 'The disk failed: look at the system log.');
  store.nonces.use = () => Promise.reject(error);
  const lines: LogFields[] = [];
  const logger = {
    ...silentLogger,
    error: (_: string, fields: LogFields = {}) => void lines.push(fields),
  };
  await using instance = await startInstance({ gateway: { store }, server: { logger } });
  const path = '/internal/messages?workspace_id=own';
  expect((await instance.call({ path, key: instance.keys.own })).status).toBe(503);
  expect(lines).toEqual([{ reason: 'nonce_store_failed', key_id: 'own', error }]);
});
