import type { Identity } from '../messages/identity';

/** What became of a template. */
export interface TemplateStatus {
  /** WhatsApp's id of the template, as digits. */
  readonly template_id: string;
  /** The template's name. */
  readonly name: string;
  /** The template's language, such as `en_US`. */
  readonly language: string;
  /** What changed. */
  readonly change: 'status' | 'quality' | 'category' | 'components';
  /** What it is now: the status (`APPROVED`, `PAUSED` …), the grade, or the category. */
  readonly value: string;
  /** What it was before, when that is told. */
  readonly previous?: string;
  /** Why, when that is told. */
  readonly reason?: string;
  /** Whatever else was told. */
  readonly raw?: unknown;
}

/** Something about the account that a person should know. */
export interface AccountAlert {
  /** What it is about, as the platform calls it, such as `phone_number_quality_update`. */
  readonly topic: string;
  /** What happened, as the platform calls it, such as `FLAGGED` or `DISABLED_UPDATE`. */
  readonly event: string;
  /** How bad it is: `critical` stops messages, or is about to. */
  readonly severity: 'info' | 'warning' | 'critical';
  /** What was told, as it came. */
  readonly raw: unknown;
}

/** What changed about a contact. */
export interface ContactUpdate {
  /** Who the contact was, or is. */
  readonly identity: Identity;
  /** What changed. */
  readonly change: 'number' | 'identity' | 'preference';
  /** Who the contact is now, after a change of number or identity. */
  readonly current?: Identity;
  /** What the contact wants, such as `stop` or `resume`, for `preference`. */
  readonly value?: string;
  /** When, ISO 8601. */
  readonly timestamp: string;
  /** Whatever else was told. */
  readonly raw?: unknown;
}
