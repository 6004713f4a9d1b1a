import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HealthJudge, type Observation } from '../../../src/webjs/watchdog/health-judge';

const limits = {
  missedProbes: 2,
  kickMs: 1_500,
  connectingMs: 60_000,
  syncingMs: 120_000,
  pairingMs: 300_000,
  attentionMs: 5_000,
};
const page = (state: string | null, more: Partial<Observation> = {}): Observation => ({
  state,
  synced: false,
  percent: null,
  injected: false,
  ready: false,
  attention: null,
  ...more,
});
const standing = page('CONNECTED', { synced: true, injected: true, ready: true });

/** Shows a judge looks at given seconds, and answers the last verdict. */
function judge(
  looks: readonly (readonly [number, Observation | undefined])[],
  takeover = false,
): ReturnType<HealthJudge['judge']> {
  const one = new HealthJudge(limits, { takeover, dismiss: false });
  return looks.map(([s, look]) => one.judge(look, s * 1_000)).at(-1);
}

describe('HealthJudge', () => {
  it('gives a page that loads on all the time it needs, and one that does not, its limit', () => {
    const one = new HealthJudge(limits, { takeover: false, dismiss: false });
    const loading = page('CONNECTED');
    for (let s = 0; s < 1_000; s += 100) {
      expect(one.judge(loading, s * 1_000)).toBeUndefined();
      one.progressed(s * 1_000);
    }
    expect(one.judge(loading, 1_019_000)).toBeUndefined();
    expect(one.judge(loading, 1_020_000)).toMatchObject({ act: 'down' });
  });

  it('is content with a page that stands', () => {
    expect(judge([[0, standing]])).toEqual({ act: 'stands' });
  });

  it('gives up on a page that does not answer twice in a row', () => {
    expect(
      judge([
        [0, standing],
        [5, undefined],
      ]),
    ).toBeUndefined();
    expect(
      judge([
        [0, standing],
        [5, undefined],
        [10, undefined],
      ]),
    ).toMatchObject({ act: 'down' });
    expect(
      judge([
        [0, standing],
        [5, undefined],
        [10, standing],
        [15, undefined],
      ]),
    ).toBeUndefined();
  });

  it('leaves a page that never ran to the deadline of the start', () => {
    expect(
      judge([
        [0, undefined],
        [5, undefined],
        [10, undefined],
      ]),
    ).toBeUndefined();
    expect(
      judge([
        [0, page(null)],
        [1_000, page(null)],
      ]),
    ).toBeUndefined();
  });

  it.each(['OPENING', 'PAIRING', 'TIMEOUT', 'UNLAUNCHED'])('bounds %s', (state) => {
    expect(
      judge([
        [0, page(state)],
        [59, page(state)],
      ]),
    ).toEqual({ act: 'interrupted', state });
    expect(
      judge([
        [0, page(state)],
        [60, page(state)],
      ]),
    ).toMatchObject({ act: 'down' });
    expect(
      judge([
        [0, page(state)],
        [50, standing],
        [70, page(state)],
      ]),
    ).toMatchObject({ act: 'interrupted' });
  });

  it('bounds the time for which the application is gone again', () => {
    expect(
      judge([
        [0, standing],
        [10, page(null)],
        [70, page(null)],
      ]),
    ).toMatchObject({ act: 'down' });
  });

  it('kicks a page that is ready while the library is not, and not too often', () => {
    const missed = page('CONNECTED', { synced: true });
    expect(
      judge([
        [0, missed],
        [1, missed],
      ]),
    ).toBeUndefined();
    expect(
      judge([
        [0, missed],
        [2, missed],
      ]),
    ).toEqual({ act: 'kick' });
    expect(
      judge([
        [0, missed],
        [2, missed],
        [3, missed],
      ]),
    ).toBeUndefined();
    expect(
      judge([
        [0, missed],
        [2, missed],
        [4, missed],
      ]),
    ).toEqual({ act: 'kick' });
    // Its code stands already: it is at work.
    const atWork = page('CONNECTED', { synced: true, injected: true });
    expect(
      judge([
        [0, atWork],
        [5, atWork],
      ]),
    ).toBeUndefined();
  });

  it('gives up on a page that is connected and never ready', () => {
    const syncing = page('CONNECTED');
    expect(
      judge([
        [0, syncing],
        [119, syncing],
      ]),
    ).toBeUndefined();
    expect(
      judge([
        [0, syncing],
        [120, syncing],
      ]),
    ).toMatchObject({ act: 'down' });
  });

  it('asks for new QR codes, until nobody wants one any more', () => {
    const idle = page('UNPAIRED_IDLE');
    expect(judge([[0, page('UNPAIRED')]])).toBeUndefined();
    expect(
      judge([
        [0, page('UNPAIRED')],
        [120, idle],
      ]),
    ).toEqual({ act: 'refresh_qr' });
    expect(
      judge([
        [0, page('UNPAIRED')],
        [299, idle],
        [300, page('UNPAIRED')],
      ]),
    ).toMatchObject({ act: 'down', error: { code: 'timeout' } });
  });

  it('sees the end of a link, and of a session', () => {
    const gone = page('UNPAIRED', { ready: true, injected: true });
    expect(
      judge([
        [0, standing],
        [5, gone],
      ]),
    ).toEqual({ act: 'ended', state: 'UNPAIRED' });
    expect(judge([[0, page('TOS_BLOCK')]])).toEqual({ act: 'ended', state: 'TOS_BLOCK' });
    expect(judge([[0, page('CONFLICT')]])).toEqual({ act: 'ended', state: 'CONFLICT' });
  });

  it('waits for a contested account when it is to be taken back', () => {
    const contested = page('CONFLICT');
    expect(judge([[0, contested]], true)).toEqual({ act: 'interrupted', state: 'CONFLICT' });
    expect(
      judge(
        [
          [0, contested],
          [60, contested],
        ],
        true,
      ),
    ).toMatchObject({ act: 'down' });
  });

  it('calls a person for what lies over the page at every look, and lets it go at once', () => {
    const covered = { ...standing, attention: 'dialog' } as const;
    const one = new HealthJudge(limits, { takeover: false, dismiss: false });
    expect(one.judge(covered, 0)).toEqual({ act: 'stands' });
    expect(one.wavers).toBe(true);
    expect(one.judge(standing, 4_000)).toEqual({ act: 'stands' });
    expect(one.wavers).toBe(false);
    expect(one.judge(covered, 4_500)).toEqual({ act: 'stands' });
    expect(one.judge(covered, 9_500)).toEqual({ act: 'hold', reason: 'modal' });
    expect(one.judge(covered, 9_999_000)).toEqual({ act: 'hold', reason: 'modal' });
    expect(one.judge(undefined, 9_999_500)).toBeUndefined();
    expect(one.judge(standing, 10_000_000)).toEqual({ act: 'stands' });
  });

  it('waits for a person before the page is ready as long as for a scan, then gives up', () => {
    const asked = page('PAIRING', { attention: 'passkey' });
    const one = new HealthJudge(limits, { takeover: false, dismiss: false });
    one.judge(asked, 0);
    expect(one.judge(asked, 5_000)).toEqual({ act: 'hold', reason: 'passkey' });
    expect(one.judge(asked, 304_000)).toEqual({ act: 'hold', reason: 'passkey' });
    expect(one.judge(asked, 305_000)).toEqual({ act: 'abandoned', reason: 'passkey' });
    // What was waited for a person does not count against the page.
    const other = new HealthJudge(limits, { takeover: false, dismiss: false });
    other.judge(asked, 0);
    other.judge(asked, 290_000);
    expect(other.judge(page('PAIRING'), 300_000)).toEqual({ act: 'interrupted', state: 'PAIRING' });
  });

  it('lets an end that WhatsApp brings count more than a dialogue', () => {
    const blocked = page('TOS_BLOCK', { attention: 'dialog' });
    expect(
      judge([
        [0, blocked],
        [60, blocked],
      ]),
    ).toEqual({ act: 'ended', state: 'TOS_BLOCK' });
  });

  it('dismisses announcements when it may, three times, and nothing else', () => {
    const dismissing = { takeover: false, dismiss: true };
    const news = { ...standing, attention: 'announcement' } as const;
    const one = new HealthJudge(limits, dismissing);
    const acts = [0, 5, 10, 15, 20].map((s) => one.judge(news, s * 1_000)?.act);
    expect(acts).toEqual(['stands', 'dismiss', 'dismiss', 'dismiss', 'hold']);
    const terms = { ...standing, attention: 'dialog' } as const;
    const other = new HealthJudge(limits, dismissing);
    other.judge(terms, 0);
    expect(other.judge(terms, 5_000)).toEqual({ act: 'hold', reason: 'modal' });
  });

  it('never lets a page be anything but standing for ever', () => {
    const states = fc.constantFrom('OPENING', 'PAIRING', 'TIMEOUT', 'CONNECTED', 'UNPAIRED', null);
    fc.assert(
      fc.property(fc.array(states, { minLength: 1, maxLength: 20 }), states, (before, last) => {
        const one = new HealthJudge(limits, { takeover: false, dismiss: false });
        one.judge(page('OPENING'), 0);
        let now = 0;
        const look = (state: string | null): ReturnType<HealthJudge['judge']> => {
          now += 1_000;
          return one.judge(page(state), now);
        };
        for (const state of before) look(state);
        let verdict: ReturnType<HealthJudge['judge']>;
        for (let i = 0; i < 400 && verdict?.act !== 'down'; i++) {
          verdict = look(last);
        }
        expect(verdict?.act).toBe('down');
      }),
    );
  });
});
