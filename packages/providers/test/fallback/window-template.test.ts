import { Gateway, MemoryStore, type MessageRecord, staticWorkspaces } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { afterEach, describe, expect, it } from 'vitest';
import { GraphLab } from '../meta/support/graph-lab';

const customer = '628222000001';
const own: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of own.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

/** A gateway whose workspace sends by a simulated Cloud API, or else by a scripted WhatsApp Web. */
async function shop(refusals: 'answer' | 'status', wroteTo: 'recently' | 'never' = 'never') {
  const lab = await GraphLab.open({ refusals, receipts: 'sent' });
  own.push(lab);
  const { phoneNumberId, wabaId } = lab.business('session_shop');
  lab.simulator.addTemplate({
    wabaId,
    name: 'follow_up',
    components: [{ type: 'BODY', text: 'We wrote: {{1}}, and wait.' }],
  });
  lab.simulator.addContact({
    number: customer,
    ...(wroteTo === 'never' ? {} : { wroteTo: [phoneNumberId] }),
  });
  const web = new ScriptedWhatsApp();
  web.account('shop', 'session_shop').link();
  const members = [lab.factory, scriptedProvider({ world: web, type: 'web' })];
  const gateway = new Gateway({
    store: new MemoryStore(),
    providers: [fallbackProvider({ members })],
    workspaces: staticWorkspaces([
      {
        workspace_id: 'shop',
        provider_type: 'fallback',
        settings: {
          members: [{ provider: 'meta_api' }, { provider: 'web' }],
          window_template: { name: 'follow_up', language: 'en_US' },
        },
      },
    ]),
  });
  own.push(gateway);
  await gateway.start();
  const workspace = gateway.workspace('shop');
  // The first member is asked first once it is up; until then the other would be.
  const session = await workspace.session();
  await expect.poll(() => session.members.map(({ state }) => state)).toEqual(['ready', 'ready']);
  const send = async (body: string): Promise<MessageRecord> => {
    const { message } = await workspace.send({ to: customer, type: 'text', text: { body } });
    return workspace.settled(message.message_id, { timeoutMs: 10_000 });
  };
  return { lab, web, workspace, send };
}

describe('a text outside of the 24-hour window', () => {
  it('goes out once, as the approved template, under the id that the caller knows', async () => {
    const { lab, web, workspace, send } = await shop('answer');
    const message = await send('Your parcel\n is   here');
    expect(message.status).toBe('sent');
    expect(message.content).toEqual({ type: 'text', text: { body: 'Your parcel\n is   here' } });
    expect(message.attempts).toHaveLength(1);
    expect(message.attempts[0]).toMatchObject({
      via: 'meta_api',
      hops: [{ from: 'meta_api', to: 'meta_api', reason: expect.stringContaining('"follow_up"') }],
    });
    expect(web.effects).toEqual([]);
    const [sent, ...others] = lab.simulator.effects;
    expect(others).toEqual([]);
    expect(sent?.message).toMatchObject({
      type: 'template',
      template: {
        name: 'follow_up',
        components: [{ parameters: [{ type: 'text', text: 'Your parcel is here' }] }],
      },
    });
    lab.simulator.setStatus(String(message.provider_message_id), 'read');
    const status = async () => (await workspace.message(message.message_id)).status;
    await expect.poll(status).toBe('read');
  });

  it('goes out as it is while the window is open', async () => {
    const { lab, send } = await shop('answer', 'recently');
    const message = await send('hello');
    expect(message.attempts[0]).not.toHaveProperty('hops');
    expect(lab.simulator.effects.map(({ type }) => type)).toEqual(['text']);
  });

  it('fails where Meta tells it only later, and nothing goes out a second time', async () => {
    const { lab, web, workspace, send } = await shop('status');
    const { message_id } = await send('hello');
    await expect
      .poll(async () => (await workspace.message(message_id)).status, { timeout: 10_000 })
      .toBe('failed');
    const { error } = await workspace.message(message_id);
    expect(error?.details).toMatchObject({ graph_code: 131_047, class: 'window' });
    expect(lab.simulator.effects.filter(({ type }) => type === 'template')).toEqual([]);
    expect(web.effects).toEqual([]);
  });
});
