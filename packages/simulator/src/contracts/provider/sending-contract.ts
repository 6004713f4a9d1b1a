import { describe, expect, it } from 'vitest';
import { type ContractContext, need } from './contract-context';
import { sampleMessages } from './sample-messages';

const ranks = { sent: 1, failed: 2, delivered: 3, read: 4, played: 5 } as const;

/** What goes out: outcomes as data, and never more than one effect for one attempt. */
export function sendingContract({ bench, lacks, samples }: ContractContext): void {
  describe('sending', () => {
    it('sends a text once, and reports how far it is in rising order', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const effects = await bench().watchEffects(run);

      const outcome = await bench().send(run, people[0], {
        type: 'text',
        text: { body: 'sent only once' },
      });
      expect(outcome.status).toBe('sent');
      const id = outcome.status === 'sent' ? outcome.provider_message_id : '';
      expect(await effects()).toMatchObject([{ id, to: people[0] }]);

      const heard = (status: string) =>
        run.recording.next('message.receipt', timeoutMs, (event) => {
          return event.provider_message_id === id && event.status === status;
        });
      await world.acknowledge(run.session, id, 'delivered');
      await heard('delivered');
      await world.acknowledge(run.session, id, 'read');
      await heard('read');
      const climbed = run.recording
        .all('message.receipt')
        .filter((event) => event.provider_message_id === id)
        .map((event) => ranks[event.status]);
      expect(climbed).toEqual([...climbed].sort((a, b) => a - b));
      expect(await effects()).toHaveLength(1);
    });

    it('sends every type of message that it says it can, once each', async () => {
      const { people } = bench().harness;
      const run = await bench().ready('first');
      const first = await bench().send(run, people[0], {
        type: 'text',
        text: { body: 'react to this' },
      });
      const target = first.status === 'sent' ? first.provider_message_id : '';
      for (const type of run.provider.capabilities.messageTypes) {
        const effects = await bench().watchEffects(run);
        const content = samples[type] ?? sampleMessages(target)[type];
        const outcome = await bench().send(run, people[0], content);
        expect(outcome, type).toMatchObject({ status: 'sent' });
        await expect.poll(effects, { message: type }).toHaveLength(1);
      }
    });

    it('refuses a type of message that it cannot send', async () => {
      const { people } = bench().harness;
      const run = await bench().ready('first');
      const { messageTypes } = run.provider.capabilities;
      const effects = await bench().watchEffects(run);
      for (const content of Object.values(sampleMessages('none'))) {
        if (messageTypes.includes(content.type)) continue;
        const outcome = await bench().send(run, people[0], content);
        expect(outcome).toMatchObject({
          status: 'rejected',
          error: { code: 'unsupported_content' },
        });
      }
      expect(await effects()).toEqual([]);
    });

    it.skipIf(lacks('media_upload'))('refuses media that cannot be fetched', async () => {
      const run = await bench().ready('first');
      const effects = await bench().watchEffects(run);
      // Nothing listens on the discard port; a provider that guards its fetches refuses it anyway.
      const image = { type: 'image', image: { link: 'http://127.0.0.1:9/none.png' } } as const;
      const outcome = await bench().send(run, bench().harness.people[0], image);
      expect(['rejected', 'not_sent']).toContain(outcome.status);
      expect(await effects()).toEqual([]);
    });

    it.skipIf(lacks('refusal'))('says so when WhatsApp refuses the recipient', async () => {
      const run = await bench().ready('first');
      const stranger = need(bench().harness.stranger, 'stranger');
      bench().secrets.add(stranger);
      const effects = await bench().watchEffects(run);
      const outcome = await bench().send(run, stranger, {
        type: 'text',
        text: { body: 'hello stranger' },
      });
      expect(outcome.status).toBe('rejected');
      expect(await effects()).toEqual([]);
    });

    it('sends nothing when it is told so beforehand', async () => {
      const run = await bench().ready('first');
      const effects = await bench().watchEffects(run);
      const signal = AbortSignal.abort(new Error('given up'));
      const text = { type: 'text', text: { body: 'given up early' } } as const;
      const outcome = await bench().send(run, bench().harness.people[0], text, { signal });
      expect(outcome.status).toBe('not_sent');
      expect(await effects()).toEqual([]);
    });

    describe.skipIf(lacks('silence'))('when WhatsApp does not answer', () => {
      it('does not claim to know, and the message is on WhatsApp once', async () => {
        const { harness, timeoutMs } = bench();
        const { world, people } = harness;
        const run = await bench().ready('first');
        const silence = need(world.silence, 'silence').bind(world);
        const effects = await bench().watchEffects(run);
        const abort = new AbortController();
        await silence(run.session, 'taken');
        const { message, attempt } = bench().message(people[0], {
          type: 'text',
          text: { body: 'taken, not answered' },
        });
        const sending = run.provider.send(message, attempt, abort.signal);
        await expect.poll(effects, { timeout: timeoutMs }).toHaveLength(1);
        abort.abort(new Error('given up'));
        const outcome = await sending;
        await silence(run.session, 'off');
        expect(outcome.status).toBe('unknown');
        const [effect] = await effects();
        if (outcome.status === 'unknown' && outcome.provider_message_id !== undefined) {
          expect(outcome.provider_message_id).toBe(effect?.id);
        }
        const found = await run.provider.reconciliation?.reconcile(
          message,
          attempt,
          AbortSignal.timeout(timeoutMs),
        );
        if (found !== undefined) {
          expect(found).toMatchObject({ status: 'sent', provider_message_id: effect?.id });
        }
        expect(await effects()).toHaveLength(1);
      });

      it('does not claim to have sent what WhatsApp never got', async () => {
        const { harness, timeoutMs } = bench();
        const { world, people } = harness;
        const run = await bench().ready('first');
        const silence = need(world.silence, 'silence').bind(world);
        const effects = await bench().watchEffects(run);
        const abort = new AbortController();
        await silence(run.session, 'lost');
        const { message, attempt } = bench().message(people[0], {
          type: 'text',
          text: { body: 'never arrived' },
        });
        const sending = run.provider.send(message, attempt, abort.signal);
        setTimeout(() => abort.abort(new Error('given up')), 100);
        const outcome = await sending;
        await silence(run.session, 'off');
        expect(['unknown', 'not_sent']).toContain(outcome.status);
        const { reconciliation } = run.provider;
        const signal = AbortSignal.timeout(timeoutMs);
        expect(await reconciliation?.reconcile(message, attempt, signal)).toBeUndefined();
        expect(await effects()).toEqual([]);
      });

      it('sends on afterwards', async () => {
        const run = await bench().ready('first');
        const effects = await bench().watchEffects(run);
        const text = { type: 'text', text: { body: 'sending on again' } } as const;
        const outcome = await bench().send(run, bench().harness.people[0], text);
        expect(outcome.status).toBe('sent');
        expect(await effects()).toHaveLength(1);
      });
    });
  });
}
