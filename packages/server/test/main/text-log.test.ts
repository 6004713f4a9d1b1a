import { PassThrough } from 'node:stream';
import pino from 'pino';
import { expect, it } from 'vitest';
import { pinoLogger } from '../../src/logging/pino-logger';
import { textLog } from '../../src/main/text-log';

it('writes a line that a person can read: time, seriousness, sentence, fields', () => {
  const out = new PassThrough();
  const logger = pinoLogger(pino({ level: 'info', base: null }, textLog(out)));
  logger.info('session moved', { session_id: 'main', state: 'ready', request_id: 'req_1' });
  logger.warn('nothing is lost');
  logger.error('it failed', { error: new TypeError('x is not a function') });
  const [first, second, third] = String(out.read()).split('\n');
  expect(first).toMatch(/^\d\d:\d\d:\d\d {2}session moved {2}session_id=main {2}state=ready$/);
  expect(second).toMatch(/ {2}warning {2}nothing is lost$/);
  expect(third).toMatch(/ {2}ERROR {2}it failed {2}error=\{"name":"TypeError",/);
});
