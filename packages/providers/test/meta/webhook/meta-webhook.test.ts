import { createHmac } from 'node:crypto';
import type { ProviderFactory } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { metaProvider } from '@blazz/providers/meta';
import { webjsProvider } from '@blazz/providers/webjs';
import { describe, expect, it } from 'vitest';

const factory = metaProvider();
const settings = (...app_secrets: string[]) =>
  factory.parse({ phone_number_id: '1', access_token: 'token', app_secrets });
const signed = (body: Uint8Array, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('the proof of a payload', () => {
  it('is found once for each secret, however many sessions share it', () => {
    const body = Buffer.from('{"object":"whatsapp_business_account"}');
    let looks = 0;
    const header = (value: string) => (name: string) => {
      if (name === 'x-hub-signature-256') looks += 1;
      return name === 'x-hub-signature-256' ? value : undefined;
    };
    const forged = header(signed(body, 'guess'));
    const seats = Array.from({ length: 1_000 }, () => settings('shared', 'older'));
    const verify = factory.webhook?.verify;
    expect(seats.some((seat) => verify?.(seat, forged, body))).toBe(false);
    expect(looks).toBe(2);
    const again = Buffer.from(body);
    const genuine = header(signed(again, 'older'));
    expect(seats.every((seat) => verify?.(seat, genuine, again))).toBe(true);
    expect(verify?.(settings('other'), genuine, again)).toBe(false);
  });
});

describe('a part of a payload', () => {
  const body = Buffer.from('{"object":"whatsapp_business_account"}');
  const part = { account: '2', body: '{"caf\\u00e9":"\u{1f30d}"}' };
  const of = (secret: string) => (name: string) =>
    name === 'x-hub-signature-256' ? signed(body, secret) : undefined;

  it('is signed by the secret that proves the whole, for whoever has it', () => {
    const { webhook } = factory;
    const own = webhook?.sign?.(settings('newer', 'older'), of('older'), body, part);
    const header = (name: string) => own?.[name];
    const bytes = Buffer.from(part.body);
    expect(own).toEqual({ 'x-hub-signature-256': signed(bytes, 'older') });
    expect(webhook?.verify(settings('x', 'older'), header, bytes)).toBe(true);
    expect(webhook?.verify(settings('newer'), header, Buffer.from(bytes))).toBe(false);
    expect(webhook?.verify(settings('older'), header, Buffer.from(`${part.body} `))).toBe(false);
    expect(
      webhook?.sign?.(settings('newer'), of('forged'), Buffer.from(body), part),
    ).toBeUndefined();
    expect(webhook?.sign?.(settings(), of('older'), body, part)).toBeUndefined();
  });

  it('is signed by whichever member of a fallback proves the whole', () => {
    const web = webjsProvider({ sessionsDir: '/tmp/none' }) as ProviderFactory;
    const { parse, webhook } = fallbackProvider({ members: [factory as ProviderFactory, web] });
    const api = { phone_number_id: '2', access_token: 'token', app_secret: 'older' };
    const members = [{ provider: 'web_js' }, { provider: 'meta_api', settings: api }];
    const both = parse({ members });
    const own = webhook?.sign?.(both, of('older'), body, part);
    expect(own).toEqual({ 'x-hub-signature-256': signed(Buffer.from(part.body), 'older') });
    expect(webhook?.sign?.(both, of('other'), Buffer.from(body), part)).toBeUndefined();
    expect(webhook?.accounts(both)).toContain('2');
    expect(webhook?.accounts(both)).not.toContain('1');
  });
});
