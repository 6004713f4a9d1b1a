import {
  assertInTime,
  isGatewayError,
  messageTypes,
  parseSendRequest,
  parseWorkspaceConfig,
} from '@blazz/core';
import { describe, expect, it } from 'vitest';

const now = Date.parse('2026-01-01T00:00:00Z');
const to = '6281234567890';

const good: Record<string, unknown> = {
  text: { body: 'hello', preview_url: true },
  image: { link: 'https://example.com/a.png', caption: 'a' },
  video: { id: '123' },
  audio: { link: 'https://example.com/a.ogg', voice: true },
  document: { link: 'data:application/pdf;base64,JVBERg==', filename: 'a.pdf' },
  sticker: { link: 'https://example.com/a.webp' },
  location: { latitude: -6.2, longitude: 106.8, name: 'Jakarta' },
  contacts: [{ name: { formatted_name: 'Ann' }, phones: [{ phone: '+62 812', type: 'CELL' }] }],
  reaction: { message_id: 'wamid.x', emoji: '👍' },
  interactive: { type: 'button', body: { text: 'choose' }, action: { buttons: [] } },
  template: { name: 'hello_world', language: { code: 'en_US' }, components: [{ type: 'body' }] },
  poll: { name: 'Lunch?', options: ['rice', 'noodles'], selectable_count: 1 },
};

const refusal = (request: unknown): { code: string; path: unknown; message: string } => {
  try {
    assertInTime(parseSendRequest(request), now);
  } catch (error) {
    if (isGatewayError(error)) {
      return {
        code: error.code,
        path: error.details?.path ?? error.details?.field,
        message: error.message,
      };
    }
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parseSendRequest', () => {
  it.each([...messageTypes])('accepts a %s message', (type) => {
    const parsed = parseSendRequest({ to, type, [type]: good[type] });
    expect(parsed.content).toEqual({ type, [type]: good[type] });
    expect(parsed).toMatchObject({ lane: 'interactive', on_ambiguous: 'hold' });
  });

  it.each([
    ['nothing', undefined, 'invalid_message', ''],
    ['a list', [], 'invalid_message', ''],
    ['no type', { to }, 'invalid_message', 'type'],
    ['an unknown type', { to, type: 'fax', fax: {} }, 'invalid_message', 'type'],
    ['a type from the prototype', { to, type: 'constructor' }, 'invalid_message', 'type'],
    ['no content', { to, type: 'text' }, 'invalid_message', 'text'],
    ['an empty text', { to, type: 'text', text: { body: '' } }, 'invalid_message', 'text.body'],
    [
      'a long text',
      { to, type: 'text', text: { body: 'x'.repeat(4097) } },
      'invalid_message',
      'text.body',
    ],
    [
      'a typing error',
      { to, type: 'text', text: { body: 'x', prevew_url: true } },
      'invalid_message',
      'text.prevew_url',
    ],
    [
      'a stray field',
      { to, type: 'text', text: { body: 'x' }, image: {} },
      'invalid_message',
      'image',
    ],
    [
      'media from nowhere',
      { to, type: 'image', image: { caption: 'x' } },
      'invalid_message',
      'image',
    ],
    [
      'media from two places',
      { to, type: 'image', image: { link: 'https://a.b/c', id: '1' } },
      'invalid_message',
      'image',
    ],
    [
      'a file link',
      { to, type: 'image', image: { link: 'file:///etc/passwd' } },
      'invalid_message',
      'image.link',
    ],
    [
      'a caption on sound',
      { to, type: 'audio', audio: { id: '1', caption: 'x' } },
      'invalid_message',
      'audio.caption',
    ],
    [
      'a place off the globe',
      { to, type: 'location', location: { latitude: 91, longitude: 0 } },
      'invalid_message',
      'location.latitude',
    ],
    [
      'one poll answer',
      { to, type: 'poll', poll: { name: 'x', options: ['a'] } },
      'invalid_message',
      'poll.options',
    ],
    [
      'a past expiry',
      { to, type: 'text', text: { body: 'x' }, expires_at: '2025-01-01T00:00:00Z' },
      'invalid_message',
      'expires_at',
    ],
    [
      'a vague time',
      { to, type: 'text', text: { body: 'x' }, send_at: 'tomorrow' },
      'invalid_message',
      'send_at',
    ],
    [
      'an unknown lane',
      { to, type: 'text', text: { body: 'x' }, lane: 'fast' },
      'invalid_message',
      'lane',
    ],
    ['no recipient', { type: 'text', text: { body: 'x' } }, 'invalid_recipient', 'to'],
  ])('refuses %s', (_, request, code, path) => {
    expect(refusal(request)).toMatchObject({ code, path });
  });

  it('never repeats what was sent', () => {
    const secret = 'my-secret-body'.repeat(400);
    expect(refusal({ to, type: 'text', text: { body: secret } }).message).not.toContain(
      'my-secret',
    );
    expect(refusal({ to: 'my-secret', type: 'text', text: { body: 'x' } }).message).not.toContain(
      'my-secret',
    );
  });

  it('refuses what is nested so deep that it would exhaust the stack', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level++) deep = [deep];
    const interactive = { type: 'button', action: { deep } };
    expect(refusal({ to, type: 'interactive', interactive })).toMatchObject({
      code: 'invalid_message',
      path: '',
    });
    expect(() =>
      parseWorkspaceConfig({ workspace_id: 'ws', provider_type: 'web_js', settings: { deep } }),
    ).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});
