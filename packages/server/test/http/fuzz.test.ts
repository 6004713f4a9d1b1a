import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Instance, startInstance } from '../support/instance';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance[Symbol.asyncDispose]());

const field = fc.constantFrom(
  'workspace_id',
  'session_id',
  'to',
  'type',
  'text',
  'message',
  'image',
  'contact_uuid',
  'template',
  'lane',
  'send_at',
  '__proto__',
  'constructor',
);
const value = fc.oneof(
  fc.constantFrom('own', 'text', '4915112345678', 'image', 'template', 'session_own'),
  fc.jsonValue({ maxDepth: 3 }),
);
const body = fc.oneof(
  fc.jsonValue(),
  fc.array(fc.tuple(field, value)).map((entries) => {
    const parts = entries.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`);
    return `{${parts.join(',')}}`;
  }),
);

it('answers any body with an envelope, and never with a fault of its own', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (content) => {
      const answer = await instance.call({
        method: 'POST',
        path: '/internal/send-message',
        key: instance.keys.own,
        headers: { prefer: 'respond-async' },
        body: typeof content === 'string' ? content : JSON.stringify(content),
      });
      expect(answer.status).toBeLessThan(500);
      expect(typeof answer.json.success).toBe('boolean');
    }),
    { numRuns: 150 },
  );
});

it('answers any path with an envelope, and never with a fault of its own', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      'internal',
      'session',
      'messages',
      'own',
      '..',
      '.',
      '%2e%2e',
      '%00',
      '%2f',
      '',
    ),
    fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const answer = await instance.call({ path: `/${parts.join('/')}`, key: instance.keys.own });
      expect(answer.status).toBeLessThan(500);
      if (answer.status >= 400) expect(answer.json.success).toBe(false);
    }),
    { numRuns: 150 },
  );
});
