import type { Timers } from '../../timers';
import type { GraphTimings } from '../options';
import { templateStatusValue } from '../webhooks/account-values';
import type { WebhookQueue } from '../webhooks/webhook-queue';
import type { Template } from '../world/template';

/** How Meta judges new and changed templates. */
export const reviewModes = ['approve', 'reject', 'manual'] as const;

/** How Meta judges new and changed templates; `manual` leaves it to `setTemplateStatus`. */
export type ReviewMode = (typeof reviewModes)[number];

/** What {@link Reviews} needs. */
export interface ReviewContext {
  /** Delayed work. */
  readonly timers: Timers;
  /** How long a review takes. */
  readonly timings: GraphTimings;
  /** Where the outcome is told. */
  readonly queue: WebhookQueue;
}

/** Meta's review of templates. */
export class Reviews {
  readonly #context: ReviewContext;
  /** How it judges. */
  mode: ReviewMode;

  /**
   * @param context time and webhooks
   * @param mode how it judges
   */
  constructor(context: ReviewContext, mode: ReviewMode) {
    this.#context = context;
    this.mode = mode;
  }

  /** Sets a template to be reviewed. */
  begin(template: Template): void {
    template.status = 'PENDING';
    if (this.mode === 'manual') return;
    const { timers, timings, queue } = this.#context;
    const approved = this.mode === 'approve';
    timers.after(timings.reviewMs, () => {
      if (template.status !== 'PENDING') return;
      template.status = approved ? 'APPROVED' : 'REJECTED';
      const reason = approved ? 'NONE' : 'INVALID_FORMAT';
      const value = templateStatusValue(template, template.status, reason);
      queue.push({ wabaId: template.wabaId, field: 'message_template_status_update', value });
    });
  }
}
