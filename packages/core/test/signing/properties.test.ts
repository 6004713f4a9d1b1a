import type { RequestToVerify } from '@blazz/core/signing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, sample, setUp, signed, withHeader } from './fixture';

const RUNS = 10_000;
const urlCharacters = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@%/",
];
const token = fc.string({ unit: fc.constantFrom(...urlCharacters), minLength: 1, maxLength: 40 });

const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  authority: fc
    .tuple(fc.domain(), fc.option(fc.integer({ min: 1, max: 65_535 })))
    .map(([host, port]) => (port === null ? host : `${host}:${port}`)),
  rawTarget: fc
    .tuple(fc.array(token, { maxLength: 4 }), fc.option(token))
    .map(([path, query]) => `/${path.join('/')}${query === null ? '' : `?${query}`}`),
  body: fc.uint8Array({ maxLength: 300 }),
  idempotencyKey: fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{16,128}$/), { nil: undefined }),
});

/** Changes one place of a text: another character, one more, one less. */
const edit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'insert', 'delete'),
  character: fc.constantFrom(...urlCharacters, '"', ' ', '?', '\n'),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, kind, character }: Edit): string {
  const place = at % (text.length + (kind === 'insert' ? 1 : 0) || 1);
  const tail = text.slice(kind === 'insert' ? place : place + 1);
  return text.slice(0, place) + (kind === 'delete' ? '' : character) + tail;
}

const headers = ['content-digest', 'signature-input', 'signature', 'idempotency-key'] as const;
const parts = ['method', 'authority', 'rawTarget', 'body', ...headers] as const;

function mutate(
  original: RequestToVerify,
  part: (typeof parts)[number],
  change: Edit,
): RequestToVerify {
  switch (part) {
    case 'method':
    case 'rawTarget':
      return { ...original, [part]: edited(original[part], change) };
    case 'authority':
      // Host names know no case, so only the folded text counts.
      return { ...original, authority: edited(original.authority ?? '', change).toLowerCase() };
    case 'body': {
      const text = Buffer.from(original.body).toString('latin1');
      return { ...original, body: Buffer.from(edited(text, change), 'latin1') };
    }
    default:
      return withHeader(original, part, edited(headerOf(original, part), change));
  }
}

describe('Signer and Verifier', () => {
  it(`agree on ${RUNS} requests, and none is let through twice`, { timeout: 120_000 }, async () => {
    const { signer, verifier } = setUp();
    let accepted = 0;
    let replays = 0;
    await fc.assert(
      fc.asyncProperty(request, async (generated) => {
        const arrived = signed(signer, generated);
        const result = await verifier.verify(arrived);
        expect(result).toMatchObject({ ok: true });
        accepted += result.ok ? 1 : 0;
        const again = await verifier.verify(arrived);
        expect(again).toMatchObject({ ok: false, reason: 'replayed' });
        replays += again.ok ? 1 : 0;
      }),
      { numRuns: RUNS },
    );
    expect({ accepted, replays }).toEqual({ accepted: RUNS, replays: 0 });
  });

  it(`refuse ${RUNS} changes to what is signed`, { timeout: 120_000 }, async () => {
    const { signer, verifier, nonces } = setUp();
    let refused = 0;
    const touched = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        request,
        fc.constantFrom(...parts),
        edit,
        async (generated, part, change) => {
          const { idempotencyKey = sample.idempotencyKey } = generated;
          const original = signed(signer, { ...generated, idempotencyKey });
          const mutant = mutate(original, part, change);
          fc.pre(JSON.stringify(comparable(mutant)) !== JSON.stringify(comparable(original)));
          expect(await verifier.verify(mutant)).toMatchObject({ ok: false });
          refused += 1;
          touched.add(part);
        },
      ),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThanOrEqual(RUNS);
    expect([...touched].sort()).toEqual([...parts].sort());
    // No forgery may use up a nonce either.
    expect(nonces.size).toBe(0);
  });
});

function comparable({ method, authority, rawTarget, body, headers }: RequestToVerify): unknown {
  const pairs = headers.flatMap((_, i) =>
    i % 2 === 0 ? [`${headers[i]}: ${headers[i + 1]}`] : [],
  );
  return [method, authority, rawTarget, Buffer.from(body).toString('base64'), pairs.sort()];
}
