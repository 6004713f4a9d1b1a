import { createHmac } from 'node:crypto';
import { metaProvider } from '@blazz/providers/meta';
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
