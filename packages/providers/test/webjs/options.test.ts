import { webjsProvider } from '@blazz/providers/webjs';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../src/webjs/library/load-library';
import { loadOptional } from '../../src/webjs/library/load-optional';

describe('options and settings', () => {
  const { parse } = webjsProvider({ sessionsDir: '/tmp/none' });
  const wrong = { code: 'invalid_config' };

  it('needs a folder, and positive numbers', () => {
    expect(() => webjsProvider({} as never)).toThrow(expect.objectContaining(wrong));
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() =>
        webjsProvider({ sessionsDir: '/tmp/none', deadlines: { startMs: bad } }),
      ).toThrow(/deadlines\.startMs/);
    }
    expect(() => webjsProvider({ sessionsDir: '/tmp/none', watchdog: { probeMs: 0 } })).toThrow(
      /watchdog\.probeMs/,
    );
  });

  it('takes settings, and none', () => {
    expect(parse(undefined)).toEqual({});
    const settings = { send_seen: true, device_name: 'Shop', interval_ms: 0 };
    expect(parse(settings)).toEqual(settings);
  });

  it.each([
    [{ send_seen: 'yes' }, 'send_seen must be true or false'],
    [{ device_name: '' }, 'device_name must be a text of 1 to 50 characters'],
    [{ interval_ms: -1 }, 'interval_ms must be a number of milliseconds'],
    [{ sendSeen: true }, 'sendSeen is not known; the settings of web_js are send_seen'],
    [[], 'settings must be an object'],
    ['x', 'settings must be an object'],
  ])('refuses %j and names the fix', (settings, message) => {
    expect(() => parse(settings)).toThrow(message);
    expect(() => parse(settings)).toThrow(expect.objectContaining(wrong));
  });

  it('applies the pace of a workspace', () => {
    const factory = webjsProvider({ sessionsDir: '/tmp/none', noSandbox: false });
    const make = (settings: object) =>
      factory.create({
        workspaceId: 'w1',
        sessionId: 's1',
        settings: factory.parse(settings),
        emit: () => undefined,
        clock: undefined as never,
        random: Math.random,
        logger: undefined as never,
      }).capabilities;
    expect(make({}).pace).toEqual({ concurrency: 1, intervalMs: 1_000, jitter: 0.3 });
    expect(make({ interval_ms: 5_000 }).pace.intervalMs).toBe(5_000);
  });
});

describe('the optional peer', () => {
  it('says what to install when it is missing, and is not tried again by itself', () => {
    const none = (): undefined => loadOptional('@blazz/no-such-package');
    expect(() => loadLibrary(none)).toThrow(/npm install whatsapp-web\.js/);
    expect(() => loadLibrary(none)).toThrow(
      expect.objectContaining({ code: 'start_failed', retryable: false }),
    );
  });

  it('says what to do when it is broken', () => {
    const broken = (): never => {
      throw new Error('half installed');
    };
    expect(() => loadLibrary(broken)).toThrow(/reinstall/);
  });
});
