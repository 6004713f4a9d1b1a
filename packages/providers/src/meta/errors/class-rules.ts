import type { ErrorClass, GraphRule, RetryRule } from './error-class';

/** What most codes of a class have in common. */
type ClassRule = Omit<GraphRule, 'class' | 'meaning' | 'nextStep'>;

const second = 1_000;
const minute = 60 * second;

const appThrottle: RetryRule = { baseMs: minute, factor: 2, maxMs: 60 * minute };
const numberThrottle: RetryRule = { baseMs: second, factor: 2, maxMs: minute };
const pairThrottle: RetryRule = { baseMs: second, factor: 4, maxMs: 4 ** 5 * second };
const transient: RetryRule = { baseMs: second, factor: 2, maxMs: 5 * minute, maxAttempts: 5 };

/** What each class means for a send, unless its code says otherwise. */
export const classRules: Readonly<Record<ErrorClass, ClassRule>> = {
  auth: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  throttle_app: { outcome: 'not_sent', scope: 'pace', code: 'rate_limited', retry: appThrottle },
  throttle_number: {
    outcome: 'not_sent',
    scope: 'pace',
    code: 'rate_limited',
    retry: numberThrottle,
  },
  throttle_pair: { outcome: 'not_sent', scope: 'pace', code: 'rate_limited', retry: pairThrottle },
  quality_stop: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  policy_block: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  transient: { outcome: 'not_sent', scope: 'message', code: 'provider_failed', retry: transient },
  recipient: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  window: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  engagement: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  content: { outcome: 'rejected', scope: 'message', code: 'invalid_message' },
  template: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  billing: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  registration: { outcome: 'rejected', scope: 'message', code: 'rejected' },
  unclassified: { outcome: 'rejected', scope: 'message', code: 'rejected' },
};
