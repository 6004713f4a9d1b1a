import { classRules } from './class-rules';
import type { ErrorClass, GraphRule } from './error-class';

/** A row of the table of Graph's codes: what its class says, and where it differs. */
export function rule(
  cls: ErrorClass,
  meaning: string,
  nextStep: string,
  differs: Partial<GraphRule> = {},
): GraphRule {
  return { ...classRules[cls], class: cls, meaning, nextStep, ...differs };
}
