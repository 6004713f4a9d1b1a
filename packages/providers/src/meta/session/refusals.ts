import type { GatewayError, ProviderEvent } from '@blazz/core';
import type { GraphRule } from '../errors/error-class';
import type { MetaScope } from './meta-scope';

/** The classes of trouble that a person has to know of, however many messages they hit. */
const alerting: ReadonlySet<GraphRule['class']> = new Set([
  'auth',
  'quality_stop',
  'policy_block',
  'billing',
  'registration',
]);
/** The classes that end every send of the number until a person mends it. */
const ending: ReadonlySet<GraphRule['class']> = new Set(['auth', 'policy_block', 'registration']);

/** Tells of refusals: metrics of each, an alert once per code and hour, and the end of the session where nothing can be sent any more. */
export class Refusals {
  readonly #scope: MetaScope;
  readonly #onEnd: (event: ProviderEvent) => void;
  readonly #told = new Map<number, number>();

  /**
   * @param scope what the parts of the session share
   * @param onEnd told when nothing can be sent any more
   */
  constructor(scope: MetaScope, onEnd: (event: ProviderEvent) => void) {
    this.#scope = scope;
    this.#onEnd = onEnd;
  }

  /** Graph refused a send. */
  told(rule: GraphRule, error: GatewayError): void {
    const { options, emit, clock, logger } = this.#scope;
    const { class: cls, code } = rule;
    options.observer.platformRefused?.({
      provider: 'meta_api',
      class: cls,
      code,
      source: 'answer',
    });
    if (!alerting.has(cls)) return;
    const graphCode = Number(error.details?.graph_code);
    const hour = Math.floor(clock.now() / 3_600_000);
    if (this.#told.get(graphCode) !== hour) {
      this.#told.set(graphCode, hour);
      logger.error('Meta refuses to send', { error });
      emit({
        type: 'account.alert',
        alert: {
          topic: 'send_refused',
          event: `GRAPH_${graphCode}`,
          severity: 'critical',
          raw: { ...error.details, message: error.message },
        },
        key: `send_refused/${graphCode}/${hour}`,
      });
    }
    if (ending.has(cls) && (rule.scope === 'channel' || cls === 'policy_block')) {
      this.#onEnd({ type: 'down', error });
    }
  }
}
