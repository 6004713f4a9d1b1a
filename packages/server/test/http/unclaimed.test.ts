import { createHmac } from 'node:crypto';
import { type ProviderFactory, staticWorkspaces } from '@blazz/core';
import { metaProvider } from '@blazz/providers/meta';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestKey } from '../support/call';
import { type Instance, startInstance } from '../support/instance';

const secret = 'the secret of one app for many tenants';
/** Where nothing listens: no session gets to start, and what comes in is recorded all the same. */
const graph_url = 'http://127.0.0.1:9';

const tenant = (id: string, number: string, app_secret = secret) => ({
  workspace_id: id,
  provider_type: 'meta_api',
  settings: { phone_number_id: number, access_token: 'EAA', app_secret, graph_url },
});

/** What Meta posts about a message to a number. */
const payload = (...messages: readonly (readonly [number: string, id: string])[]) =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: messages.map(([phone_number_id, id]) => ({
      id: '7',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { phone_number_id },
            messages: [
              {
                from: '4915112345678',
                id,
                timestamp: '1767225600',
                type: 'text',
                text: { body: 'psst' },
              },
            ],
          },
        },
      ],
    })),
  });

describe('a part for a tenant that is not known yet', () => {
  let instance: Instance;
  let late: TestKey;
  beforeEach(async () => {
    instance = await startInstance({
      gateway: {
        providers: [metaProvider() as ProviderFactory],
        workspaces: staticWorkspaces([tenant('own', '111'), tenant('other', '222')]),
      },
    });
    late = instance.addKey('late', ['intake', 'events'], ['late']);
    // Posted at the address of one tenant, about itself and about one that nobody has met.
    const body = payload(['111', 'wamid.own'], ['333', 'wamid.late']);
    const hex = createHmac('sha256', secret).update(body).digest('hex');
    const posted = await instance.call({
      method: 'POST',
      path: '/webhook/whatsapp/own',
      body,
      headers: { 'x-hub-signature-256': `sha256=${hex}` },
    });
    expect(posted).toMatchObject({ status: 200, json: { data: { received: 2 } } });
  });
  afterEach(() => instance[Symbol.asyncDispose]());

  const path = '/internal/intake/unclaimed';
  const unclaimed = async () =>
    (await instance.call({ path, key: instance.keys.root })).json.data as {
      unclaimed: number;
      entries: { entry_id: string }[];
    };
  const configure = (app_secret = secret) => {
    const { workspace_id: _, ...body } = tenant('late', '333', app_secret);
    const key = instance.keys.root;
    return instance.call({ method: 'PUT', path: '/internal/workspaces/late', body, key });
  };
  const received = async (key: TestKey, id: string) => {
    const found = await instance.call({ path: `/internal/events?workspace_id=${id}&after=0`, key });
    return JSON.stringify(found.json.data?.events ?? []);
  };

  it('is in no tenant’s hands: not to be seen, released or forgotten', async () => {
    const { own, other, root } = instance.keys;
    const { entries, ...rest } = await unclaimed();
    expect(rest).toEqual({ unclaimed: 1 });
    expect(entries).toMatchObject([{ source: 'meta_api', account: '333' }]);
    expect(entries[0]).not.toHaveProperty('workspace_id');
    expect(entries[0]).not.toHaveProperty('proof');
    const id = entries[0]?.entry_id ?? '';

    for (const [key, name] of [
      [own, 'own'],
      [other, 'other'],
      [instance.addKey('both', ['intake'], ['own', 'other', 'late']), 'own'],
    ] as const) {
      const mine = await instance.call({ path: `/internal/intake?workspace_id=${name}`, key });
      expect(mine.json.data).toMatchObject({ quarantined: 0, entries: [] });
      for (const nobody of ['', '%20', '%00']) {
        const tried = await instance.call({
          path: `/internal/intake?workspace_id=${nobody}`,
          key,
        });
        expect(tried.text).not.toContain('psst');
        expect(tried.status).toBe(400);
      }
      const body = { workspace_id: name };
      const tries = [
        { path },
        { method: 'DELETE', path: `${path}/${id}` },
        { method: 'POST', path: `${path}/${id}/release`, body },
        { method: 'DELETE', path: `/internal/intake/${id}?workspace_id=${name}` },
        { method: 'POST', path: `/internal/intake/${id}/release`, body },
      ];
      const answers = await Promise.all(tries.map((each) => instance.call({ ...each, key })));
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 404, 404]);
      expect(answers.map(({ text }) => text).join()).not.toContain('psst');
    }
    const unscoped = instance.addKey('unscoped', ['events'], '*');
    expect((await instance.call({ path, key: unscoped })).status).toBe(403);
    expect((await unclaimed()).unclaimed).toBe(1);
    expect(await received(root, 'own')).toContain('wamid.own');
    expect(await received(root, 'own')).not.toContain('wamid.late');
  });

  it('is read by its tenant once that is configured with the same app', async () => {
    expect((await configure()).status).toBe(201);
    await expect.poll(() => received(late, 'late')).toContain('wamid.late');
    expect((await unclaimed()).unclaimed).toBe(0);
    expect(await received(instance.keys.own, 'own')).not.toContain('wamid.late');
  });

  it('stays where it is for one that says it has the number, and has not the secret', async () => {
    expect((await configure('a guess')).status).toBe(201);
    expect((await unclaimed()).unclaimed).toBe(1);
    expect(await received(late, 'late')).not.toContain('wamid.late');
    const key = instance.keys.root;
    const [entry] = (await unclaimed()).entries;
    const to = (workspace_id: string) =>
      instance.call({
        method: 'POST',
        path: `${path}/${entry?.entry_id}/release`,
        body: { workspace_id },
        key,
      });
    expect((await to('nobody')).status).toBe(404);
    expect((await to('late')).status).toBe(200);
    expect((await to('late')).status).toBe(404);
    await expect.poll(() => received(late, 'late')).toContain('wamid.late');
  });

  it('can be forgotten by whoever looks after all', async () => {
    const [entry] = (await unclaimed()).entries;
    const forget = () =>
      instance.call({
        method: 'DELETE',
        path: `${path}/${entry?.entry_id}`,
        key: instance.keys.root,
      });
    expect((await forget()).status).toBe(200);
    expect((await forget()).status).toBe(404);
    expect((await unclaimed()).unclaimed).toBe(0);
  });
});
