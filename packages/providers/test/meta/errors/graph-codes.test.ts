import { readFileSync } from 'node:fs';
import { isErrorCode } from '@blazz/core';
import { graphCodes } from '@blazz/providers/meta';
import { describe, expect, it } from 'vitest';
import { classRules } from '../../../src/meta/errors/class-rules';
import { graphError, ruleOf, waitAfter } from '../../../src/meta/errors/classify';

/** Every code that Meta documents for the Cloud API, by class. */
const documented = {
  auth: [0, 3, 10, 190, 200, 299, 131005],
  throttle_app: [4, 17, 80007],
  throttle_number: [130429],
  throttle_pair: [131056],
  quality_stop: [131048, 131064, 130497],
  policy_block: [368, 131031],
  transient: [1, 2, 131000, 131016, 131057, 133004, 2494100],
  recipient: [131026, 131021, 131030, 131062],
  window: [131047],
  engagement: [131049, 131050, 130472],
  content: [100, 33, 131008, 131009, 131051, 131053, 131052, 135000],
  template: [
    132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069, 134101,
    131063,
  ],
  billing: [131042, 134011],
  registration: [131045, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 131037],
} as const;

const facts = (code: number, subcode?: number) => ({
  code,
  isTransient: false,
  ...(subcode === undefined ? {} : { subcode }),
});

describe('the table of Graph’s codes', () => {
  it.each(Object.entries(documented))('has every code of class %s', (cls, codes) => {
    for (const code of codes) expect(ruleOf(facts(code)).class, String(code)).toBe(cls);
  });

  it('closes the channel for these codes alone', () => {
    const closing = Object.entries(graphCodes)
      .filter(([, rule]) => rule.scope === 'channel')
      .map(([code]) => code);
    const expected = ['0', '10', '190', '190/463', '200', '131042', '131045', '131057', '133010'];
    expect(closing.sort()).toEqual(expected.sort());
  });

  it('never repeats by itself what is final, or what would lock the number', () => {
    for (const cls of ['policy_block', 'recipient', 'window', 'engagement', 'billing'] as const) {
      expect(classRules[cls]).toMatchObject({ outcome: 'rejected', scope: 'message' });
    }
    for (const code of [133005, 133008, 133009]) {
      expect(ruleOf(facts(code))).toMatchObject({ outcome: 'rejected' });
      expect(ruleOf(facts(code)).retry).toBeUndefined();
    }
  });

  it('says for each what happened and what to do next, under a documented code', () => {
    for (const [code, rule] of Object.entries(graphCodes)) {
      expect(isErrorCode(rule.code), code).toBe(true);
      expect(rule.meaning.length, code).toBeGreaterThan(8);
      expect(rule.nextStep.length, code).toBeGreaterThan(8);
      expect(rule.retry !== undefined, code).toBe(rule.outcome === 'not_sent');
    }
  });

  it('takes a subcode before its code, and a code that nobody knows as final', () => {
    expect(ruleOf(facts(100, 33)).nextStep).toContain('phone_number_id');
    expect(ruleOf(facts(190, 999)).class).toBe('auth');
    expect(ruleOf(facts(987654))).toMatchObject({ class: 'unclassified', outcome: 'rejected' });
    expect(ruleOf({ code: 987654, isTransient: true })).toMatchObject({ outcome: 'not_sent' });
    expect(ruleOf({ code: 131047, isTransient: true })).toMatchObject({ outcome: 'rejected' });
  });

  it('waits longer from try to try, and no longer than it may', () => {
    const waits = (code: number) =>
      [1, 2, 3, 7, 99].map((attempt) => waitAfter(ruleOf(facts(code)), attempt, () => 0));
    expect(waits(131056)).toEqual([1_000, 4_000, 16_000, 1_024_000, 1_024_000]);
    expect(waits(130429)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
    expect(waits(4)).toEqual([60_000, 120_000, 240_000, 3_600_000, 3_600_000]);
    expect(waits(131047)).toEqual([0, 0, 0, 0, 0]);
  });

  it('makes errors that say Graph’s codes and the next step', () => {
    const error = graphError({ ...facts(190, 463), traceId: 'abc' });
    expect(error.message).toMatch(/^The access token has expired \(Graph 190\/463\)\. Next: .+\.$/);
    expect(error.details).toEqual({
      graph_code: 190,
      graph_subcode: 463,
      class: 'auth',
      fbtrace_id: 'abc',
    });
  });

  it('is the table of docs/cloud-api.md', () => {
    const docs = readFileSync(new URL('../../../../../docs/cloud-api.md', import.meta.url), 'utf8');
    for (const [code, rule] of Object.entries(graphCodes)) {
      const row = `| ${code} | ${rule.class} | ${rule.outcome} | ${rule.scope} | ${rule.code} | ${rule.meaning} | ${rule.nextStep} |`;
      expect(docs).toContain(row);
    }
  });
});
