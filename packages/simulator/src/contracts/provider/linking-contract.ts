import { abilitiesOf } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { type ContractContext, need } from './contract-context';

/** From no credentials to `ready`, by QR and by code. */
export function linkingContract({ bench, lacks }: ContractContext): void {
  describe.skipIf(lacks('qr'))('linking', () => {
    it('shows a QR that works, sends nothing before it is scanned, and is ready after it', async () => {
      const { harness, timeoutMs } = bench();
      const { factory, world, people } = harness;
      const { workspaceId, sessionId } = bench().session('first');
      expect(
        await need(factory.linked, 'factory.linked').call(factory, workspaceId, sessionId),
      ).toBe(false);

      const run = await bench().start('first');
      const qr = await run.recording.next('qr', timeoutMs);
      expect(qr.text.length).toBeGreaterThan(10);
      expect(qr.expiresAt).toBeGreaterThan(Date.now());
      expect(run.recording.all('ready')).toEqual([]);

      const effects = await bench().watchEffects(run);
      const early = await bench().send(run, people[0], {
        type: 'text',
        text: { body: 'too early' },
      });
      expect(early).toMatchObject({ status: 'not_sent', error: { code: 'not_ready' } });
      expect(await effects()).toEqual([]);

      await need(world.scan, 'scan').call(world, run.session, qr.text);
      const { account } = await run.recording.next('ready', timeoutMs);
      expect(account.phone ?? account.lid ?? account.bsuid).toBeTypeOf('string');
      expect(await factory.linked?.(workspaceId, sessionId)).toBe(true);
      bench().keep(run);
    });

    it.skipIf(lacks('pairing_code'))('links by a pairing code, instead of the QR', async () => {
      const { harness, timeoutMs } = bench();
      const { world } = harness;
      const run = await bench().start('second');
      await run.recording.next('qr', timeoutMs);
      const pairing = need(run.provider.pairing, 'pairing ability');
      const phone = need(world.phoneOf, 'phoneOf').call(world, run.session);
      const { code, expiresAt } = await pairing.requestCode(phone, AbortSignal.timeout(timeoutMs));
      bench().secrets.add(code);
      expect(code).toMatch(/^[0-9A-Z]{8}$/);
      expect(expiresAt).toBeGreaterThan(Date.now());
      await need(world.enterCode, 'enterCode').call(world, run.session, code);
      await run.recording.next('ready', timeoutMs);
      bench().keep(run);
    });
  });

  it('has the abilities that its capabilities name, and no other', async () => {
    const { provider } = await bench().ready('first');
    const { abilities, messageTypes, pace } = provider.capabilities;
    expect([...abilities].sort()).toEqual([...abilitiesOf(provider)].sort());
    expect(messageTypes).toContain('text');
    expect(pace.concurrency).toBeGreaterThanOrEqual(1);
    expect(pace.intervalMs).toBeGreaterThanOrEqual(0);
  });
}
