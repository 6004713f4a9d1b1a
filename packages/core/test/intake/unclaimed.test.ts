import {
  Gateway,
  GatewayError,
  type ProviderFactory,
  staticWorkspaces,
  type WorkspaceChange,
} from '@blazz/core';
import { describe, expect, it } from 'vitest';
import type { Harness } from '../harness';
import { ids, post, posting, workspaces } from './posting';
import { postingProvider, received } from './posting-provider';

const late = {
  workspace_id: 'late',
  provider_type: 'scripted',
  settings: { secret: 'app', account: '9' },
  sessions: ['late_main'],
};
const part = (id: string, account = '9') => ({ account, events: [received(id)] });
const listed = async (gateway: Gateway) => {
  const entries = await gateway.intake.unclaimed.list({ limit: 100 });
  return entries.map(({ body }) => JSON.parse(body).events[0].message.provider_message_id);
};

/** Counts how often the store is asked for what is unclaimed. */
function asked({ store: { intake } }: Harness) {
  const count = { accounts: 0, entries: 0 };
  const { unclaimedAccounts, unclaimed } = intake;
  intake.unclaimedAccounts = (query) => {
    count.accounts += 1;
    return unclaimedAccounts.call(intake, query);
  };
  intake.unclaimed = (account, query) => {
    count.entries += 1;
    return unclaimed.call(intake, account, query);
  };
  return count;
}

describe('what is about an account that no session has', () => {
  it('is shown to no tenant, and is read by the session that is configured with the account', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a'), part('known', '1'), part('other', '8')]);
    await clock.advance(1);
    await post(gateway, 'ws', [part('b')]);
    await clock.advance(1);
    await post(gateway, 'main', [part('c')]);
    await clock.advance(10);
    expect(await ids(under)).toEqual(['main:known']);
    expect((await listed(gateway)).sort()).toEqual(['a', 'b', 'c', 'other']);
    for (const { workspace_id } of workspaces as readonly { workspace_id: string }[]) {
      expect(await gateway.intake.quarantined(workspace_id, { limit: 10 })).toEqual([]);
      const [first] = await gateway.intake.unclaimed.list({ limit: 1 });
      const id = first?.entry_id ?? '';
      await expect(gateway.intake.release(workspace_id, id)).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(gateway.intake.discard(workspace_id, id)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
    await clock.play(gateway.configure(late));
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual(['late_main:a', 'late_main:b', 'late_main:c']);
    expect(await listed(gateway)).toEqual(['other']);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 1 });
    await clock.play(gateway.stop());
  });

  it('is given to nobody whose own secret does not prove it', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a')]);
    const settings = { secret: 'of another app', account: '9' };
    await clock.play(gateway.configure({ ...late, settings }));
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual([]);
    expect(await listed(gateway)).toEqual(['a']);
    await clock.play(gateway.configure(late));
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual(['late_main:a']);
    await clock.play(gateway.stop());
  });

  it('finds its session at the next start', async () => {
    const under = posting();
    const { gateway, clock, store, world } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a')]);
    await clock.play(gateway.stop());
    const next = new Gateway({
      store,
      providers: [postingProvider({ world })],
      workspaces: staticWorkspaces([...workspaces, late]),
      clock,
    });
    await next.start();
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual(['late_main:a']);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 0 });
    await clock.play(next.stop());
  });

  it('finds its session once the workspace is met elsewhere', async () => {
    const configs = [...workspaces];
    const listeners = new Set<(change: WorkspaceChange) => void>();
    const under = posting(true, {
      workspaces: {
        get: (id) => staticWorkspaces(configs).get(id),
        list: () => staticWorkspaces(configs).list(),
        watch: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
    const { gateway, clock } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a')]);
    configs.push(late);
    for (const listener of listeners) listener({ workspaceId: 'late', kind: 'added' });
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual(['late_main:a']);
    await clock.play(gateway.stop());
  });

  it('finds a session that is configured just while it is being kept', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    const quarantine = store.intake.quarantine.bind(store.intake);
    store.intake.quarantine = async (entry) => {
      await gateway.configure(late);
      await quarantine(entry);
    };
    await clock.play(post(gateway, 'ws', [part('a')]));
    await clock.advance(10);
    expect(await ids(under, 'late')).toEqual(['late_main:a']);
    await clock.play(gateway.stop());
  });

  it('finds such sessions later, however many, when the store is away just then', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    const { intake } = store;
    const quarantine = intake.quarantine.bind(intake);
    const unclaimedAccounts = intake.unclaimedAccounts.bind(intake);
    const configs = new Map(
      ['x', 'y'].map((account) => {
        const settings = { secret: 'app', account };
        const names = { workspace_id: `late_${account}`, sessions: [`main_${account}`] };
        return [account, { ...late, ...names, settings }];
      }),
    );
    let isAway = false;
    intake.unclaimedAccounts = async (query) => {
      if (isAway) throw new GatewayError('store_unavailable', 'The store is away.');
      return unclaimedAccounts(query);
    };
    intake.quarantine = async (entry) => {
      await gateway.configure(configs.get(entry.account ?? ''));
      await quarantine(entry);
      isAway = true;
    };
    for (const account of configs.keys()) {
      await clock.play(post(gateway, 'ws', [part(account, account)]));
      expect(await listed(gateway)).toContain(account);
      isAway = account === 'y';
    }
    isAway = false;
    await clock.advance(60_000);
    expect(await listed(gateway)).toEqual([]);
    expect(await ids(under, 'late_x')).toEqual(['main_x:x']);
    expect(await ids(under, 'late_y')).toEqual(['main_y:y']);
    await clock.play(gateway.stop());
  });

  it('is looked for when a workspace changes, and not for each request', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    const count = asked(under);
    for (let i = 0; i < 20; i++) await post(gateway, 'ws', [part(`a${i}`), part(`b${i}`, '1')]);
    expect(count).toEqual({ accounts: 0, entries: 0 });
    await clock.play(gateway.configure({ ...late, settings: { secret: 'app', account: '7' } }));
    expect(count).toEqual({ accounts: 1, entries: 0 });
    await clock.play(gateway.configure(late));
    expect(count).toEqual({ accounts: 2, entries: 1 });
    await clock.advance(10);
    expect(await ids(under, 'late')).toHaveLength(20);
    await clock.play(gateway.stop());
  });

  it('costs no look at every session for each part, neither when it comes nor when it is claimed', async () => {
    const { world } = posting();
    const plain = postingProvider({ world });
    const webhook = plain.webhook as NonNullable<ProviderFactory['webhook']>;
    const looks = { accounts: 0, verify: 0 };
    const provider: ProviderFactory = {
      ...(plain as ProviderFactory),
      webhook: {
        ...webhook,
        accounts: (settings) => {
          looks.accounts += 1;
          return webhook.accounts(settings);
        },
        verify: (...args) => {
          looks.verify += 1;
          return webhook.verify(...args);
        },
      },
    };
    const under = posting(true, { providers: [provider] });
    const { gateway, clock } = under;
    await gateway.start();
    const parts = Array.from({ length: 500 }, (_, n) => part(`m${n}`, `x${n}`));
    await post(gateway, 'ws', parts);
    await clock.play(gateway.configure(late));
    await gateway.intake.resume();
    expect(await listed(gateway)).toHaveLength(100);
    expect(looks.accounts).toBeLessThan(50);
    expect(looks.verify).toBeLessThan(50);
    await clock.play(gateway.stop());
  });

  it('is released to a session by whoever knows whose it is, or forgotten', async () => {
    const under = posting();
    const { gateway, clock } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a'), part('b'), part('c')]);
    const { unclaimed } = gateway.intake;
    const entries = await unclaimed.list({ limit: 10 });
    const idOf = (name: string) =>
      entries.find(({ body }) => body.includes(`"${name}"`))?.entry_id ?? '';
    await unclaimed.release(idOf('a'), 'ws');
    await unclaimed.release(idOf('b'), 'ws', 'second');
    await unclaimed.discard(idOf('c'));
    await clock.advance(10);
    expect([...(await ids(under))].sort()).toEqual(['main:a', 'second:b']);
    expect(await unclaimed.count()).toBe(0);
    const missing = { code: 'not_found' };
    await expect(unclaimed.release(idOf('a'), 'ws')).rejects.toMatchObject(missing);
    await expect(unclaimed.release(idOf('a'), 'nobody')).rejects.toMatchObject(missing);
    await expect(unclaimed.discard(idOf('c'))).rejects.toMatchObject(missing);
    await clock.play(gateway.stop());
  });

  it('waits for a person where its platform signs no parts', async () => {
    const { world } = posting();
    const { webhook, ...base } = postingProvider({ world });
    const { sign: _, ...unsigned } = webhook ?? {};
    const provider = { ...base, webhook: unsigned } as ProviderFactory;
    const under = posting(true, { providers: [provider] });
    const { gateway, clock } = under;
    await gateway.start();
    await post(gateway, 'ws', [part('a')]);
    await clock.play(gateway.configure(late));
    await clock.advance(10);
    expect(await listed(gateway)).toEqual(['a']);
    await clock.play(gateway.stop());
  });
});

it('one app may serve tenants on different providers', async () => {
  const { world } = posting();
  const providers = ['scripted', 'other_way'].map((type) => ({
    ...postingProvider({ world }),
    type,
  }));
  const under = posting(true, {
    providers,
    workspaces: staticWorkspaces([
      ...workspaces,
      { ...late, workspace_id: 'met', provider_type: 'other_way', sessions: ['met_main'] },
    ]),
  });
  const { gateway, clock } = under;
  await gateway.start();
  await post(gateway, 'ws', [part('a'), part('b', '7')]);
  const settings = { secret: 'app', account: '7' };
  await clock.play(gateway.configure({ ...late, provider_type: 'other_way', settings }));
  await clock.advance(10);
  expect(await ids(under, 'met')).toEqual(['met_main:a']);
  expect(await ids(under, 'late')).toEqual(['late_main:b']);
  await clock.play(gateway.stop());
});
