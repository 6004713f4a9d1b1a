import { GatewayError } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { decodeSendError } from '../../../src/webjs/send/send-error';

describe('decodeSendError', () => {
  it.each([
    [new Error('No LID for user'), 'rejected', 'not_on_whatsapp'],
    ['No LID for user', 'rejected', 'not_on_whatsapp'],
    [new Error('wid error: invalid wid'), 'rejected', 'invalid_recipient'],
    [new Error('upload failed: media entry was not created'), 'not_sent', 'provider_failed'],
    [new Error('media-fault: sendToChat filehash undefined'), 'rejected', 'media_unavailable'],
    [new Error('Protocol error: Target closed'), 'unknown', 'provider_failed'],
    ['auth timeout', 'unknown', 'provider_failed'],
    [
      new TypeError("Cannot read properties of undefined (reading 'id')"),
      'unknown',
      'provider_failed',
    ],
    [undefined, 'unknown', 'provider_failed'],
    [new GatewayError('timeout', 'late'), 'unknown', 'timeout'],
  ])('%s is %s', (thrown, status, code) => {
    expect(decodeSendError(thrown, undefined)).toMatchObject({ status, error: { code } });
  });

  it('is unknown, whatever was thrown, when the message had appeared in the chat', () => {
    expect(decodeSendError(new Error('No LID for user'), 'true_1')).toMatchObject({
      status: 'unknown',
      provider_message_id: 'true_1',
    });
  });

  it('repeats nothing of what was thrown: it may hold numbers and texts', () => {
    const outcome = decodeSendError(new Error('cannot send "secret" to 62811'), undefined);
    expect(JSON.stringify(outcome)).not.toMatch(/secret|62811/);
  });
});
