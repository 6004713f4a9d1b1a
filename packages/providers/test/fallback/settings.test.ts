import type { ProviderFactory } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { metaProvider } from '@blazz/providers/meta';
import { webjsProvider } from '@blazz/providers/webjs';
import { describe, expect, it } from 'vitest';

const meta = metaProvider() as ProviderFactory;
const web = webjsProvider({ sessionsDir: '/tmp/none' }) as ProviderFactory;
const { parse, ownsId } = fallbackProvider({ members: [meta, web] });
const api = { provider: 'meta_api', settings: { phone_number_id: '1', access_token: 'EAA' } };
const browser = { provider: 'web_js' };
const members = [api, browser];

describe('options', () => {
  it('need factories of different types, none of them a fallback', () => {
    for (const wrong of [
      [],
      [web, web],
      [fallbackProvider({ members: [web] }) as ProviderFactory],
    ]) {
      expect(() => fallbackProvider({ members: wrong })).toThrow(/members must be/);
    }
    expect(() => fallbackProvider({ members: [web], standbyStartsAtOnce: 0 })).toThrow(
      /standbyStartsAtOnce/,
    );
  });
});

describe('settings', () => {
  it('are checked by each member’s own provider, and names tell members of one type apart', () => {
    const parsed = parse({ members: [api, browser, api] });
    expect(parsed.members.map(({ name }) => name)).toEqual(['meta_api', 'web_js', 'meta_api_2']);
    expect(parsed.members[0]?.settings).toMatchObject({ phone_number_id: '1', throughput: 80 });
    expect(parsed.breaker).toEqual({ failures: 3, openMs: 30_000, maxOpenMs: 300_000 });
    expect(parsed.startWaitMs).toBe(20_000);
    expect(parse({ members, start_wait_ms: 0 }).startWaitMs).toBe(0);
    const breaker = { failures: 1, open_ms: 600_000 };
    expect(parse({ members, breaker }).breaker.maxOpenMs).toBe(600_000);
    const window_template = { name: 'follow_up', language: 'en_US' };
    expect(parse({ members, window_template }).windowTemplate).toEqual(window_template);
  });

  it.each([
    [undefined, 'settings', /must be an object/],
    [{}, 'members', /a list of 2 to 8/],
    [{ members: [api] }, 'members', /a list of 2 to 8/],
    [{ members, standby: 'cold' }, 'standby', /is not known/],
    [{ members: [api, 'web_js'] }, 'members[1]', /must be an object/],
    [{ members: [api, { provider: 'sms' }] }, 'members[1].provider', /"meta_api", "web_js"/],
    [{ members: [browser, browser] }, 'members[1].provider', /there twice/],
    [
      { members: [api, { provider: 'web_js', settings: { interval_ms: -1 } }] },
      'members[1].settings.interval_ms',
      /members\[1\] \(web_js\): interval_ms must be/,
    ],
    [
      { members: [{ provider: 'meta_api' }, browser] },
      'members[0].settings.phone_number_id',
      /is missing/,
    ],
    [{ members, breaker: { failures: 0 } }, 'breaker.failures', /from 1 to 1000/],
    [{ members, start_wait_ms: 120_001 }, 'start_wait_ms', /from 0 to 120000/],
    [{ members, breaker: { open_ms: 9, max_open_ms: 8 } }, 'breaker.max_open_ms', /not be less/],
    [{ members, window_template: { name: 'A', language: 'en' } }, 'window_template.name', /name/],
    [{ members, window_template: { name: 'a', language: '' } }, 'window_template.language', /code/],
    [
      { members, window_template: { name: 'a', language: 'en', components: [] } },
      'window_template.components',
      /\{\{text\}\}/,
    ],
  ])('names what is wrong: %j', (settings, field, message) => {
    const error = { code: 'invalid_config', details: { field } };
    expect(() => parse(settings)).toThrow(expect.objectContaining(error));
    expect(() => parse(settings)).toThrow(message);
  });

  it('knows the ids of messages by their looks', () => {
    expect(ownsId?.('wamid.HBgL')).toBe(true);
    expect(ownsId?.('true_628120000001@c.us_3EB0')).toBe(true);
    expect(ownsId?.('msg_1')).toBe(false);
    expect([meta.ownsId?.('false_x'), web.ownsId?.('wamid.x')]).toEqual([false, false]);
  });
});
