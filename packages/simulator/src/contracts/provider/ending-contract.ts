import { describe, expect, it } from 'vitest';
import { type ContractContext, need } from './contract-context';

/** How a start is given up, and how a session ends: stopped, killed, unlinked, logged out. */
export function endingContract({ bench, lacks, quiet }: ContractContext): void {
  const nothingLeft = async (): Promise<void> => {
    const { harness, timeoutMs } = bench();
    const leftovers = async () => harness.world.leftovers();
    await expect.poll(leftovers, { timeout: timeoutMs }).toEqual([]);
  };

  describe('stopping', () => {
    it('may be told twice, reports nothing afterwards, and sends nothing', async () => {
      const { harness } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      await Promise.all([run.provider.stop(), run.provider.stop()]);
      await run.provider.stop();
      const before = run.recording.events.length;
      const effects = await bench().watchEffects(run);
      await world.deliverText(run.session, people[0], 'while it was away');
      const text = { type: 'text', text: { body: 'too late' } } as const;
      const outcome = await bench().send(run, people[0], text);
      expect(outcome.status).toBe('not_sent');
      await quiet();
      expect(run.recording.events.slice(before)).toEqual([]);
      expect(await effects()).toEqual([]);
      await nothingLeft();
      await bench().drop('first');
    });

    it('keeps the credentials: the next start is ready without a QR', async () => {
      const { timeoutMs } = bench();
      const run = await bench().ready('first');
      await run.recording.next('ready', timeoutMs);
      expect(run.recording.all('qr')).toEqual([]);
      if (lacks('catch_up')) return;
      const missed = await run.recording.next('message.received', timeoutMs, ({ message }) => {
        return message.text?.body === 'while it was away';
      });
      expect(missed.message.caught_up).toBe(true);
    });

    it('may be told before any start', async () => {
      const run = bench().create('first');
      await run.provider.stop();
      expect(run.recording.events).toEqual([]);
    });
  });

  describe('giving up a start', () => {
    it('does not begin when it is given up beforehand', async () => {
      const run = bench().create('third');
      const signal = AbortSignal.abort(new Error('given up'));
      await expect(run.provider.start(signal)).rejects.toThrow();
      await nothingLeft();
      expect(run.recording.events).toEqual([]);
      await run.provider.stop();
    });

    it('leaves nothing running when it is given up on the way', async () => {
      const run = bench().create('third');
      const abort = new AbortController();
      const starting = run.provider.start(abort.signal);
      const settled = starting.then(
        () => 'started',
        () => 'given up',
      );
      abort.abort(new Error('given up'));
      // A start that was quicker than the abort is stopped like any other.
      if ((await settled) === 'started') await run.provider.stop();
      await nothingLeft();
      const before = run.recording.events.length;
      await quiet();
      expect(run.recording.events.length).toBe(before);
    });
  });

  describe.skipIf(lacks('kill'))('being killed', () => {
    it('does not claim to know what became of a send, and says that it is down', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people, factory } = harness;
      const run = await bench().ready('first');
      const silence = need(world.silence, 'silence').bind(world);
      const effects = await bench().watchEffects(run);
      await silence(run.session, 'taken');
      const text = { type: 'text', text: { body: 'cut off' } } as const;
      const sending = bench().send(run, people[0], text);
      await expect.poll(effects, { timeout: timeoutMs }).toHaveLength(1);
      await need(world.kill, 'kill').call(world, run.session);
      expect((await sending).status).toBe('unknown');
      const down = await run.recording.next('down', timeoutMs);
      expect(down.error.retryable).toBe(true);
      expect((await bench().send(run, people[0], text)).status).toBe('not_sent');
      await silence(run.session, 'off');
      await bench().drop('first');
      await nothingLeft();
      expect(await effects()).toHaveLength(1);
      expect(run.recording.all('down')).toHaveLength(1);
      const { workspaceId, sessionId } = run.session;
      expect((await factory.linked?.(workspaceId, sessionId)) ?? true).toBe(true);
    });

    it('is ready again with the same credentials', async () => {
      const run = await bench().ready('first');
      expect(run.recording.all('qr')).toEqual([]);
      const text = { type: 'text', text: { body: 'here again' } } as const;
      const outcome = await bench().send(run, bench().harness.people[0], text);
      expect(outcome.status).toBe('sent');
    });
  });

  describe('the end of the link', () => {
    it.skipIf(lacks('unlink'))('says so when the phone removes the device', async () => {
      const { harness, timeoutMs } = bench();
      const run = await bench().ready('first');
      await need(harness.world.unlink, 'unlink').call(harness.world, run.session);
      await run.recording.next('logged_out', timeoutMs);
      expect(run.recording.all('down')).toEqual([]);
      await bench().drop('first');
      await nothingLeft();
    });

    it.skipIf(lacks('unlink') || lacks('qr'))(
      'shows a QR at the next start after that',
      async () => {
        const { timeoutMs } = bench();
        const run = await bench().start('first');
        await run.recording.next('qr', timeoutMs);
        expect(run.recording.all('ready')).toEqual([]);
        await run.provider.stop();
      },
    );

    it.skipIf(lacks('logout'))('forgets the credentials on logout', async () => {
      const { harness, timeoutMs } = bench();
      const { factory } = harness;
      const run = await bench().ready('second');
      const { workspaceId, sessionId } = run.session;
      const logout = need(run.provider.logout, 'logout ability');
      await logout.logout(AbortSignal.timeout(timeoutMs));
      await bench().drop('second');
      await nothingLeft();
      const linked = need(factory.linked, 'factory.linked').bind(factory);
      expect(await linked(workspaceId, sessionId)).toBe(false);
      if (lacks('qr')) return;
      const next = await bench().start('second');
      await next.recording.next('qr', timeoutMs);
      await next.provider.stop();
      await nothingLeft();
    });
  });
}
