import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProviderEvent, silentLogger } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryClient } from '../../../src/webjs/library/library-types';
import { resolveOptions } from '../../../src/webjs/options';
import { ownReceipts } from '../../../src/webjs/page/messages';
import { ProfileMemory } from '../../../src/webjs/profile/profile-memory';
import { CatchUp } from '../../../src/webjs/session/catch-up';
import { IdentityBook } from '../../../src/webjs/session/identity-book';
import { Inbound } from '../../../src/webjs/session/inbound';
import { OutboundBook } from '../../../src/webjs/session/outbound-book';
import { PageCalls } from '../../../src/webjs/session/page-calls';
import { ReactionBook } from '../../../src/webjs/session/reaction-book';

/** A catch-up over a page that answers as the test says. */
describe('CatchUp', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'blazz-catch-up-'));
  });
  const memories: ProfileMemory[] = [];
  afterEach(async () => {
    // A write that is still under way would find its folder gone, or keep it from going.
    await Promise.all(memories.splice(0).map((memory) => memory.flush()));
    await rm(dir, { recursive: true, force: true });
  });

  const message = (id: string, type: string, t: number): object => ({
    id: `false_62822@c.us_${id}`,
    from: '62822@c.us',
    type,
    t,
    body: id,
  });

  async function bench() {
    const clock = new ManualClock();
    const events: ProviderEvent[] = [];
    const page: { messages: readonly object[] | undefined } = { messages: undefined };
    const options = resolveOptions({ sessionsDir: dir });
    const emit = (event: ProviderEvent): void => void events.push(event);
    const scope = { options, clock, logger: silentLogger, emit };
    const paths = { dir, browserDir: join(dir, 'session') };
    const memory = new ProfileMemory({ paths, clock, logger: silentLogger, lookBackMs: 3_600_000 });
    memories.push(memory);
    await memory.load();
    const calls = new PageCalls(clock);
    const evaluate = async (fn: unknown): Promise<unknown> => {
      if (fn === ownReceipts) return [];
      if (page.messages === undefined) throw new Error('Execution context was destroyed');
      return page.messages;
    };
    calls.use({ pupPage: { evaluate } } as unknown as LibraryClient);
    const inbound = new Inbound(scope, {
      book: new OutboundBook({ clock, emit }),
      reactions: new ReactionBook(),
      identities: new IdentityBook(),
      self: () => [],
      onSeen: (t) => memory.seen(t),
    });
    const catchUp = new CatchUp(scope, { calls, inbound, memory, retryMs: [1_500, 5_000, 10_000] });
    const told = (): (string | undefined)[] =>
      events.flatMap((event) =>
        event.type === 'message.received' ? [event.message.text?.body ?? event.message.type] : [],
      );
    const seen = async (): Promise<unknown> => {
      await memory.flush();
      return JSON.parse(await readFile(join(dir, 'seen.json'), 'utf8')).last_seen;
    };
    return { clock, page, inbound, catchUp, told, seen, now: Math.floor(clock.now() / 1000) };
  }

  it('looks until it could, and counts nothing as seen before', async () => {
    const { clock, page, inbound, catchUp, told, seen, now } = await bench();
    catchUp.run();
    await clock.advance(60_000);
    // A message that comes in live says nothing about those that could not be looked for.
    inbound.report(message('live', 'chat', now), false);
    expect(await seen()).toBe(now - 3_600);
    page.messages = [message('missed', 'chat', now - 1_800), message('live', 'chat', now)];
    await clock.advance(10_000);
    expect(told()).toEqual(['live', 'missed']);
    expect(await seen()).toBe(now);
    expect(clock.pending).toBe(0);
  });

  it('waits for what is not decrypted yet, and tells it as it is in the end', async () => {
    const { clock, page, catchUp, told, now } = await bench();
    page.messages = [message('one', 'ciphertext', now), message('two', 'ciphertext', now)];
    catchUp.run();
    await clock.advance(7_000);
    expect(told()).toEqual([]);
    page.messages = [message('one', 'chat', now), message('two', 'ciphertext', now)];
    await clock.advance(10_000);
    expect(told()).toEqual(['one']);
    await clock.advance(20_000);
    expect(told()).toEqual(['one', 'unsupported']);
    expect(clock.pending).toBe(0);
  });

  it('leaves no timer behind when it is stopped', async () => {
    const { clock, page, catchUp } = await bench();
    page.messages = [];
    catchUp.run();
    await clock.advance(100);
    expect(clock.pending).toBe(1);
    catchUp.stop();
    expect(clock.pending).toBe(0);
  });
});
