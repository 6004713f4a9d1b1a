import { Gateway, MemoryStore, type MessageRecord, type SendOutcome } from '@blazz/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attempt, Lab, outgoing } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
/** Chats with these go by the hidden id, although the number is known: WhatsApp moved them. */
const moved = '628333000003';
const lid = '70033300033300@lid';
const other = '628333000004';
const otherLid = '70033300033301@lid';

describe('a send whose outcome nobody could tell, to a chat that goes by a hidden id', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open({ ackMode: 'sent' });
    lab.simulator.addContact({ number: moved, lid, byLid: true });
    lab.simulator.addContact({ number: other, lid: otherLid, byLid: true });
  });
  afterEach(() => lab[Symbol.asyncDispose]());

  /** Sends under a fault, restarts, and looks into the chat. */
  async function restarted(
    fault: 'lost_ack' | 'drop',
    body: string,
    meanwhile: () => Promise<unknown> = async () => undefined,
  ) {
    const message = outgoing(moved, body);
    const began = attempt();
    lab.simulator.setFaults({ send: fault });
    const first = await lab.linked('s1', me, { deadlines: { ackMs: 300 } });
    const outcome = await first.provider.send(message, began, AbortSignal.timeout(20_000));
    expect(outcome).toMatchObject({ status: 'unknown' });
    await first.provider.stop();
    lab.simulator.clearFaults();
    await meanwhile();
    const second = await lab.linked('s1', me);
    return {
      id: 'provider_message_id' in outcome ? outcome.provider_message_id : undefined,
      look: (providerMessageId?: string): Promise<SendOutcome | undefined> => {
        const made = providerMessageId === undefined ? began : { ...began, providerMessageId };
        const { reconciliation } = second.provider;
        return Promise.resolve(
          reconciliation?.reconcile(message, made, AbortSignal.timeout(20_000)),
        );
      },
    };
  }

  it('is found there after a restart, by what it said or by its id', async () => {
    const { look, id } = await restarted('lost_ack', 'moved, and gone?');
    const [effect] = lab.simulator.effects;
    expect(effect).toMatchObject({ to: lid });
    expect(id).toBe(`true_${lid}_${effect?.id}`);
    const found = { status: 'sent', provider_message_id: id };
    expect(await look()).toEqual(found);
    expect(await look(id)).toEqual(found);
    // From the time when the chat went by the number.
    expect(await look(id?.replace(lid, `${moved}@c.us`))).toEqual(found);
    expect(lab.simulator.effects).toHaveLength(1);
  });

  it('is told from its twin by its id alone', async () => {
    const { look, id } = await restarted('lost_ack', 'twice the same', () =>
      lab.simulator.phone(me).send(moved, 'twice the same'),
    );
    expect(await look()).toBeUndefined();
    expect(await look(id)).toEqual({ status: 'sent', provider_message_id: id });
  });

  it('is not found when it never left, whatever stands in other chats', async () => {
    const { look, id } = await restarted('drop', 'never left', async () => {
      await lab.simulator.phone(me).send(other, 'never left');
      await lab.simulator.phone(me).send(friend, 'never left');
    });
    expect(await look()).toBeUndefined();
    expect(await look(id)).toBeUndefined();
  });

  it('is settled by the gateway at the next ready, and stays unknown when it never left', async () => {
    const store = new MemoryStore();
    const run = async (sends: readonly string[]): Promise<MessageRecord[]> => {
      const gateway = new Gateway({
        store,
        providers: [lab.factory({ deadlines: { ackMs: 500 }, pace: { intervalMs: 0 } })],
      });
      await gateway.start();
      try {
        await gateway.configure({
          workspace_id: 'w1',
          provider_type: 'web_js',
          sessions: [{ session_id: 's1' }],
        });
        const workspace = gateway.workspace('w1');
        await (await workspace.session()).start();
        const records: MessageRecord[] = [];
        for (const body of sends) {
          lab.simulator.setFaults({ send: body === 'left' ? 'lost_ack' : 'drop' });
          const { message } = await workspace.send({ to: moved, type: 'text', text: { body } });
          records.push(await workspace.settled(message.message_id, { timeoutMs: 20_000 }));
        }
        lab.simulator.clearFaults();
        if (sends.length > 0) return records;
        await expect
          .poll(async () => (await workspace.messages({ limit: 5, status: 'unknown' })).length, {
            timeout: 20_000,
          })
          .toBe(1);
        return [...(await workspace.messages({ limit: 5 }))].reverse();
      } finally {
        await gateway.stop();
      }
    };
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    const before = await run(['left', 'stayed']);
    expect(before.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    const after = await run([]);
    expect(after.map(({ status }) => status)).toEqual(['sent', 'unknown']);
    expect(after[0]?.provider_message_id).toBe(before[0]?.provider_message_id);
    expect(lab.simulator.effects).toHaveLength(1);
  }, 60_000);
});
