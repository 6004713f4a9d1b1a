import { GatewayError } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { Lab } from './support/lab';

const ready = 'ready';

describe('several members as one connection', () => {
  it('is ready as soon as one is, with the account of the first that is', async () => {
    const members = [{ world: { startMs: 5_000 } }, { world: { startMs: 100 } }];
    const lab = new Lab(members, { settings: { start_wait_ms: 0 } });
    const starting = lab.provider.start(new AbortController().signal);
    await lab.clock.advance(200);
    await starting;
    const { identity } = lab.account(1);
    expect(lab.all(ready)).toMatchObject([{ account: identity }]);
    expect(lab.states).toEqual({ first: 'starting', second: 'ready' });
    expect((await lab.clock.play(lab.send())).via).toBe('second');
    await lab.clock.advance(5_000);
    expect(lab.all(ready).at(-1)?.account).toEqual(lab.account(0).identity);
    expect(lab.moves).not.toContain('interrupted');
    expect((await lab.clock.play(lab.send())).via).toBe('first');
    await lab.clock.play(lab.provider.stop());
    expect(lab.clock.pending).toBe(0);
  });

  it('starts a member again that dies, with growing waits, and takes no other down', async () => {
    const lab = await Lab.up([{}, {}]);
    const fail = { outcome: 'fail' } as const;
    lab.account(0).nextStarts(fail, fail);
    lab.account(0).crash();
    expect(lab.states).toEqual({ first: 'restarting', second: 'ready' });
    expect((await lab.clock.play(lab.send())).via).toBe('second');
    await lab.clock.advance(800);
    expect(lab.states.first).toBe('restarting');
    await lab.clock.advance(1_600);
    expect(lab.states.first).toBe('restarting');
    await lab.clock.advance(3_200);
    expect(lab.states).toEqual({ first: 'ready', second: 'ready' });
    expect(lab.moves.filter((move) => move !== 'ready')).toEqual(['syncing']);
    expect(lab.worlds.flatMap(({ overlaps }) => overlaps)).toEqual([]);
    expect((await lab.clock.play(lab.send())).via).toBe('first');
    await lab.clock.play(lab.provider.stop());
  });

  it('starts a member again that does not come up in time', async () => {
    const lab = await Lab.up([{}, {}], { options: { timings: { startMs: 1_000 } } });
    lab.account(1).nextStarts({ outcome: 'hang' });
    lab.account(1).crash();
    await lab.clock.advance(1_000);
    expect(lab.states.second).toBe('starting');
    await lab.clock.advance(1_000);
    expect(lab.states.second).toBe('restarting');
    await lab.clock.advance(5_000);
    expect(lab.states.second).toBe('ready');
    expect(lab.account(1).connections).toBe(1);
    await lab.clock.play(lab.provider.stop());
  });

  it('is interrupted while members mend their connections, and ready when one has', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).interrupt();
    expect(lab.moves.at(-1)).toBe('ready');
    lab.account(1).interrupt('wifi');
    expect(lab.events.at(-1)).toEqual({ type: 'interrupted', reason: 'wifi' });
    expect((await lab.send()).status).toBe('not_sent');
    lab.account(0).crash();
    await lab.clock.advance(5_000);
    expect(lab.moves.slice(-3)).toEqual(['interrupted', 'syncing', 'ready']);
    expect(lab.states).toEqual({ first: 'ready', second: 'interrupted' });
    await lab.clock.play(lab.provider.stop());
  });

  it('is down when the last member dies that lived: the session replaces them all', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).crash();
    const error = new GatewayError('provider_failed', 'The second died.');
    lab.account(1).crash(error);
    expect(lab.all('down')).toHaveLength(1);
    expect(lab.all('down')[0]?.error.retryable).toBe(true);
    await lab.clock.play(lab.provider.stop());
    expect(lab.account(0).connections + lab.account(1).connections).toBe(0);
    expect(lab.clock.pending).toBe(0);
  });

  it('tells of a member whose link ended, goes on without it, and ends with the last', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).unlinkFromPhone();
    expect(lab.states).toEqual({ first: 'logged_out', second: 'ready' });
    expect(lab.all('account.alert')).toMatchObject([
      {
        alert: {
          topic: 'member',
          event: 'logged_out',
          severity: 'warning',
          raw: { member: 'first', reason: 'phone' },
        },
      },
    ]);
    expect(lab.all('ready').at(-1)?.account).toEqual(lab.account(1).identity);
    await lab.clock.advance(600_000);
    expect(lab.states.first).toBe('logged_out');
    lab.account(1).requireAction('blocked');
    expect(lab.events.at(-1)).toEqual({ type: 'action_required', reason: 'blocked' });
    expect(lab.all('logged_out')).toEqual([]);
    await lab.clock.play(lab.provider.stop());
  });

  it('waits for a person only when no other member serves', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).requireAction('modal', true);
    expect(lab.states).toEqual({ first: 'action_required', second: 'ready' });
    lab.account(1).requireAction('passkey', true);
    expect(lab.events.at(-1)).toMatchObject({ type: 'action_required', waiting: true });
    lab.account(0).restore();
    expect(lab.states).toEqual({ first: 'ready', second: 'action_required' });
    expect(lab.moves.at(-1)).toBe('ready');
    await lab.clock.play(lab.provider.stop());
    expect(lab.account(1).connections).toBe(0);
  });

  it('does not start when nobody does, says why, and leaves nothing running', async () => {
    const lab = new Lab([{}, {}]);
    const error = new GatewayError('browser_not_found', 'There is none.');
    lab.account(0).nextStarts({ outcome: 'fail', error });
    lab.account(1).nextStarts({ outcome: 'fail' });
    const starting = lab.provider.start(new AbortController().signal);
    await expect(lab.clock.play(starting)).rejects.toMatchObject({ code: 'start_failed' });
    expect(lab.moves).toEqual([]);
    expect(lab.clock.pending).toBe(0);
    const pointless = new Lab([{}, {}]);
    pointless.account(0).nextStarts({ outcome: 'fail', error });
    pointless.account(1).nextStarts({ outcome: 'fail', error });
    await expect(
      pointless.clock.play(pointless.provider.start(new AbortController().signal)),
    ).rejects.toMatchObject({ code: 'browser_not_found', retryable: false });
  });

  it('starts with those that can: one that is blocked, or has no browser, rests', async () => {
    const lab = new Lab([{}, {}]);
    const error = new GatewayError('browser_not_found', 'There is none.');
    lab.account(0).nextStarts({ outcome: 'fail', error });
    await lab.start();
    expect(lab.states).toEqual({ first: 'failed', second: 'ready' });
    const blocked = new Lab([{}, {}]);
    blocked.account(0).nextStarts({ outcome: 'action_required', reason: 'blocked' });
    blocked.account(1).nextStarts({ outcome: 'action_required', reason: 'passkey' });
    await blocked.start();
    expect(blocked.moves).toEqual(['action_required']);
    await blocked.clock.play(blocked.provider.stop());
    await lab.clock.play(lab.provider.stop());
  });

  it('tells how far the one is that will be ready first', async () => {
    const lab = new Lab([{ world: { syncMs: 5_000 } }, { world: { syncMs: 9_000 } }]);
    const starting = lab.provider.start(new AbortController().signal);
    await lab.clock.advance(100);
    lab.account(0).loads(20);
    lab.account(1).loads(10);
    lab.account(0).loads(30);
    const told = lab.all('syncing').flatMap(({ percent }) => percent ?? []);
    expect(told).toEqual([20, 20, 30]);
    expect(lab.provider.members?.()).toMatchObject([{ percent: 30 }, { percent: 10 }]);
    await lab.clock.advance(10_000);
    await starting;
    expect(lab.provider.members?.()[0]).not.toHaveProperty('percent');
    await lab.clock.play(lab.provider.stop());
  });

  it('brings up those that stand by a few at a time', async () => {
    const options = { standbyStartsAtOnce: 1 };
    const world = { startMs: 1_000 };
    const lab = new Lab([{ world }, { world }, { world }], { options });
    const starting = lab.provider.start(new AbortController().signal);
    await lab.clock.advance(1_100);
    await starting;
    expect(lab.states).toEqual({ first: 'ready', second: 'ready', third: 'starting' });
    await lab.clock.advance(1_000);
    expect(lab.states.third).toBe('ready');
    await lab.clock.play(lab.provider.stop());
  });
});

describe('linking members', () => {
  it('links one at a time, the first in order, when none is linked', async () => {
    const lab = await Lab.up([{ linked: false }, { linked: false }]);
    expect(await lab.factory.linked?.('ws', 'main')).toBe(false);
    expect(lab.states).toEqual({ first: 'pairing', second: 'unlinked' });
    const [qr] = lab.all('qr');
    expect(qr).toMatchObject({ member: 'first' });
    expect(qr?.aside).toBeUndefined();
    lab.account(0).scan(qr?.text);
    await lab.clock.advance(10);
    expect(lab.moves).toEqual(['qr', 'syncing', 'ready']);
    expect(await lab.factory.linked?.('ws', 'main')).toBe(true);
    await lab.clock.play(lab.provider.stop());
  });

  it('shows the QR of another member on request, beside the session, and stops showing it', async () => {
    const lab = await Lab.up([{ linkless: true }, { linked: false }]);
    const { signal } = new AbortController();
    expect(lab.states).toEqual({ first: 'ready', second: 'unlinked' });
    expect(lab.account(1).connections).toBe(0);
    await lab.clock.play(lab.provider.pairing?.open?.(signal) ?? Promise.resolve());
    expect(lab.all('qr')).toMatchObject([{ member: 'second', aside: true }]);
    await lab.clock.advance(300_000);
    expect(lab.states.second).toBe('unlinked');
    expect(lab.account(1).connections).toBe(0);
    expect(lab.moves.filter((move) => move !== 'qr')).toEqual(['syncing', 'ready']);

    const code = await lab.clock.play(
      lab.provider.pairing?.requestCode('628120000001', signal) ?? Promise.reject(),
    );
    expect(lab.all('pairing_code')).toMatchObject([{ member: 'second', aside: true }]);
    lab.account(1).typeCode(code.code);
    await lab.clock.advance(10);
    expect(lab.states).toEqual({ first: 'ready', second: 'ready' });
    await expect(lab.provider.pairing?.open?.(signal)).rejects.toMatchObject({ code: 'conflict' });
    await lab.clock.play(lab.provider.stop());
  });

  it('pairs itself once nobody else carries the session, and is ready beside a QR', async () => {
    const lab = await Lab.up([{}, { linked: false }]);
    await lab.clock.play(
      lab.provider.pairing?.open?.(new AbortController().signal) ?? Promise.resolve(),
    );
    lab.account(0).interrupt();
    lab.account(0).restore();
    expect(lab.events.slice(-2)).toMatchObject([{ type: 'ready' }, { type: 'qr', aside: true }]);
    lab.account(0).unlinkFromPhone();
    expect(lab.moves.slice(-2)).toEqual(['interrupted', 'qr']);
    expect(lab.all('qr').at(-1)?.aside).toBeUndefined();
    await lab.clock.advance(300_000);
    expect(lab.events.at(-1)).toEqual({ type: 'logged_out', reason: 'phone' });
    await lab.clock.play(lab.provider.stop());
  });

  it('links the second when the first cannot even be started', async () => {
    const lab = new Lab([{ linked: false }, { linked: false }]);
    const error = new GatewayError('browser_not_found', 'There is none.');
    lab.account(0).nextStarts({ outcome: 'fail', error });
    await lab.start();
    expect(lab.all('qr')).toMatchObject([{ member: 'second' }]);
    await lab.clock.play(lab.provider.stop());
  });

  it('ends the links of all members, whatever becomes of one', async () => {
    const lab = await Lab.up([{}, {}]);
    await lab.provider.logout?.logout(new AbortController().signal);
    expect(lab.worlds.map((_, index) => lab.account(index).linked)).toEqual([false, false]);
    await lab.clock.play(lab.provider.stop());
  });
});

describe('what members report', () => {
  it('is one stream: receipts, echoes and messages of all, whoever carried them', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.world(0).nextSends({ outcome: 'not_sent' });
    const one = await lab.clock.play(lab.send());
    const two = await lab.clock.play(lab.send());
    const ids = [one, two].map((out) => (out.status === 'sent' ? out.provider_message_id : ''));
    lab.account(1).acknowledge(ids[0] ?? '', 'delivered');
    lab.account(0).acknowledge(ids[1] ?? '', 'read');
    expect(lab.all('message.receipt')).toMatchObject([
      { provider_message_id: ids[0], status: 'delivered' },
      { provider_message_id: ids[1], status: 'read' },
    ]);
    expect(lab.all('message.echo').map(({ message }) => message.provider_message_id)).toEqual(ids);
    await lab.clock.play(lab.provider.stop());
  });

  it('names the member in media ids, and fetches media there', async () => {
    const lab = await Lab.up([{}, {}]);
    const data = new Uint8Array([1, 2, 3]);
    for (const index of [0, 1]) {
      lab.account(index).deliverMedia('628120000009', 'image', { data, mimeType: 'image/png' });
    }
    const ids = lab.all('message.received').map(({ message }) => message.media?.id ?? '');
    expect(ids[0]).toMatch(/^first:/);
    expect(ids[1]).toMatch(/^second:/);
    const { signal } = new AbortController();
    for (const id of ids) {
      expect((await lab.provider.mediaDownload?.download(id, signal))?.data).toEqual(data);
    }
    // One without a name may be anybody's.
    const bare = ids[1]?.slice('second:'.length) ?? '';
    expect((await lab.provider.mediaDownload?.download(bare, signal))?.data).toEqual(data);
    await expect(lab.provider.mediaDownload?.download('none', signal)).rejects.toMatchObject({
      code: 'media_unavailable',
    });
    await lab.clock.play(lab.provider.stop());
  });

  it('shows typing by who is ready, and blue ticks where the message is', async () => {
    const lab = await Lab.up([{}, {}]);
    const { signal } = new AbortController();
    await lab.provider.typing?.setTyping('628120000001', 'typing', signal);
    const id = lab.account(1).deliverText('628120000009', 'hello');
    await lab.provider.markRead?.markRead('628120000009', id, signal);
    expect(lab.worlds.map(({ gestures }) => gestures.map(({ kind }) => kind))).toEqual([
      ['typing'],
      ['read'],
    ]);
    lab.account(0).interrupt();
    await lab.provider.typing?.setTyping('628120000001', 'paused', signal);
    expect(lab.world(1).gestures.at(-1)?.kind).toBe('paused');
    await lab.clock.play(lab.provider.stop());
  });
});
