import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseClientFrame } from '../../src/stream/client-frames';

const odd = fc.oneof(
  fc.constantFrom<unknown>('subscribe', 'ack', 'own', 'head', 1e300, 2 ** 53, -0, -1, 0.5, '7', ''),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);
const seq = fc.oneof({ weight: 3, arbitrary: fc.nat() }, odd);
const ids = fc.oneof(fc.constant(['own']), fc.array(odd), odd);
const optional: { requiredKeys: ['type'] } = { requiredKeys: ['type'] };
const frame = fc.oneof(
  fc.record({ type: fc.constant('ack'), seq, workspace_id: odd }, optional),
  fc.record({ type: fc.constant('subscribe'), workspace_id: odd, after: seq }, optional),
  fc.record(
    { type: fc.constant('subscribe'), workspace_id: odd, types: ids, sessions: ids, consumer: odd },
    optional,
  ),
);

it('reads or refuses whatever a client says, and never throws: a throw would end the process', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        frame.map((each) => JSON.stringify(each)),
      ),
      (text) => {
        const parsed = parseClientFrame(text);
        if (parsed === undefined) return;
        expect(['subscribe', 'ack']).toContain(parsed.type);
        if (parsed.workspaceId !== undefined) {
          expect(parsed.workspaceId).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

it('gives nobody the place of a webhook endpoint', () => {
  const subscribe = (consumer: string) =>
    parseClientFrame(JSON.stringify({ type: 'subscribe', workspace_id: 'own', consumer }));
  expect(subscribe('webhook_whe_01KB7X5W3M5E8T8Z6Q0R4V9Y2A')).toBeUndefined();
  expect(subscribe('crm')).toMatchObject({ consumer: 'crm' });
});
