import { GatewayError } from '@blazz/core';
import pino from 'pino';
import { expect, it } from 'vitest';
import { pinoLogger } from '../../src/logging/pino-logger';
import { reduceError } from '../../src/logging/reduce-error';
import { startInstance, untilReady } from '../support/instance';
import { connectStream } from '../support/stream-client';

/** A logger at its most talkative, and what it wrote. */
function recorder(): { logger: ReturnType<typeof pinoLogger>; text: () => string } {
  const lines: string[] = [];
  const logger = pinoLogger(pino({ level: 'debug' }, { write: (line) => lines.push(line) }));
  return { logger, text: () => lines.join('') };
}

it('keeps everything secret of a whole conversation out of the log', async () => {
  const { logger, text } = recorder();
  await using instance = await startInstance({ gateway: { logger }, server: { logger } });
  const { world, gateway, keys } = instance;
  const secrets: string[] = Object.values(keys).map((key) => key.secret);
  const token = 'f3a91c07be6d4825a1c4d09e8b7f6a52';
  const post = (path: string, body?: object) =>
    instance.call({ method: 'POST', path, key: keys.own, ...(body === undefined ? {} : { body }) });

  const qr = await post('/internal/session/own/qr');
  secrets.push(qr.json.data.qr);
  const code = await post('/internal/session/own/pairing-code', { phone: '4915187654321' });
  secrets.push(code.json.data.code, '4915187654321');
  const ready = untilReady(gateway, 'own');
  world.account('own', 'session_own').typeCode(code.json.data.code);
  await ready;

  await using stream = await connectStream(instance.url, { key: keys.own });
  stream.send({
    type: 'subscribe',
    workspace_id: 'own',
    after: 'head',
    types: ['message.received'],
  });
  await stream.next();
  await stream.next();
  const send = (to: string, body: string) =>
    post('/internal/send-message', { workspace_id: 'own', to, type: 'text', text: { body } });
  await send('4915112345678', 'the-body-of-a-message');
  world.nextSends(
    { outcome: 'rejected' },
    { outcome: 'unknown', effect: true },
    { outcome: 'throw', effect: false },
  );
  for (const body of ['the-refused-body', 'the-lost-body', 'the-thrown-body'])
    await send('4915112345679', body);
  secrets.push(
    '4915112345678',
    '4915112345679',
    'the-body-of',
    'the-refused',
    'the-lost',
    'the-thrown',
  );
  world.account('own', 'session_own').deliverText('4915199999999', 'the-inbound-body');
  await stream.nextEvent();
  secrets.push('4915199999999', 'the-inbound-body');

  await send('not-a-number-4915100000000', 'the-bad-body');
  await instance.call({ path: '/internal/messages/4915155555555?workspace_id=own', key: keys.own });
  await instance.call({ path: '/internal/sessions', bearer: token });
  await instance.call({
    method: 'POST',
    path: '/internal/send-message',
    key: keys.own,
    body: '{"the-broken-body',
  });
  secrets.push('4915100000000', 'the-bad-body', '4915155555555', token, 'the-broken-body');
  const ticket = await post('/internal/ws-tickets');
  secrets.push(ticket.json.data.ticket);
  await post('/internal/session/own/logout');

  const log = text();
  expect(log).toContain('"route":"/internal/send-message"');
  expect(log).toContain('"key_id":"own"');
  expect(log).toContain('"reason":"unknown_key"');
  expect(log.split('\n').length).toBeGreaterThan(15);
  for (const secret of secrets) expect(log).not.toContain(secret);
});

it('writes fields of the list only, and errors without what a library put into them', () => {
  const { logger, text } = recorder();
  const fields = { workspace_id: 'own', phone: '4915112345678', body: 'secret' };
  logger.info('it happened', fields);
  logger.error('it failed', { error: new Error('no 4915112345678') });
  logger.error('it failed', {
    error: new GatewayError('timeout', 'Try again.', { cause: new Error('4915112345678') }),
  });
  logger.error('it failed', { error: 'a bare string 4915112345678' });
  expect(text()).not.toContain('4915112345678');
  expect(text()).not.toContain('"phone"');
  expect(text()).toContain('"code":"timeout","message":"Try again."');
});

it('tells where a fault of the code was thrown', () => {
  const reduced = reduceError(new TypeError('Cannot read properties of undefined'));
  expect(reduced).toMatchObject({
    name: 'TypeError',
    message: 'Cannot read properties of undefined',
  });
  expect(reduced.at).toMatch(/^hygiene\.test\.ts:\d+:\d+$/);
  const sly = new Error('4915112345678:1:2\n    at 4915112345678.js:1:2');
  expect(JSON.stringify(reduceError(sly))).not.toContain('4915112345678');
});
