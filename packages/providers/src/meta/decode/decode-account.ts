import type { AccountAlert, ProviderEvent, TemplateStatus } from '@blazz/core';
import { asRaw, asText, type Raw } from '../../json/raw';
import { type Change, idText } from './envelope';
import { reportKey } from './notice';

type Severity = AccountAlert['severity'];

/** What stops messages, or is about to, and what a person should look at; everything else is information. */
const severities: Readonly<Record<string, Severity>> = {
  ACCOUNT_DELETED: 'critical',
  ACCOUNT_OFFBOARDED: 'critical',
  ACCOUNT_RESTRICTION: 'critical',
  ACCOUNT_VIOLATION: 'critical',
  DISABLED_UPDATE: 'critical',
  DISABLE: 'critical',
  PARTNER_APP_UNINSTALLED: 'critical',
  PARTNER_REMOVED: 'critical',
  CRITICAL: 'critical',
  BANNED: 'critical',
  PHONE_NUMBER_REMOVED: 'critical',
  REJECTED: 'warning',
  WARNING: 'warning',
  FLAGGED: 'warning',
  DOWNGRADE: 'warning',
  DEFERRED: 'warning',
  PIN_CHANGED: 'warning',
  PIN_RESET_REQUEST: 'warning',
  PIN_RESET_SUCCESS: 'warning',
  SCHEDULE_FOR_DELETION: 'critical',
};

/** For each field of webhooks that is about the account: what in it says what happened. */
const alertEvents: Readonly<Record<string, (value: Raw) => unknown>> = {
  account_update: ({ event }) => event,
  account_review_update: ({ decision }) => decision,
  account_alerts: (value) => {
    const info = asRaw(value.alert_info);
    return info.alert_type ?? value.alert_type;
  },
  account_settings_update: ({ event, type }) => event ?? type,
  business_capability_update: () => 'LIMITS_CHANGED',
  business_status_update: ({ event }) => event,
  phone_number_name_update: ({ decision }) => decision,
  phone_number_quality_update: ({ event }) => event,
  security: ({ event }) => event,
  payment_configuration_update: ({ status }) => status,
};

/** Whether a field is about the account. */
export function isAlertField(field: string): boolean {
  return Object.hasOwn(alertEvents, field);
}

/** Something about the account or its number. */
export function decodeAlert(change: Change): ProviderEvent {
  const { field, value } = change;
  const event = asText(alertEvents[field]?.(value)) ?? 'UNKNOWN';
  const said = asText(asRaw(value.alert_info).alert_severity) ?? asText(value.alert_severity);
  const severity = severities[said ?? ''] ?? severities[event] ?? 'info';
  return {
    type: 'account.alert',
    alert: { topic: field, event, severity, raw: value },
    key: reportKey(change, value),
  };
}

type TemplateChange = Pick<TemplateStatus, 'change' | 'value' | 'previous' | 'reason'>;

/** A field of a template's change, when it is said. */
const said = <K extends 'previous' | 'reason'>(field: K, value: unknown): { [P in K]?: string } => {
  const text = asText(value);
  return text === undefined ? {} : ({ [field]: text } as { [P in K]?: string });
};

/** For each field of webhooks that is about a template: what changed. */
const templateChanges: Readonly<Record<string, (value: Raw) => TemplateChange>> = {
  message_template_status_update: (value) => ({
    change: 'status',
    value: asText(value.event) ?? 'UNKNOWN',
    ...said('reason', asRaw(value.rejection_info).reason ?? reasonOf(value)),
  }),
  message_template_quality_update: (value) => ({
    change: 'quality',
    value: asText(value.new_quality_score) ?? 'UNKNOWN',
    ...said('previous', value.previous_quality_score),
  }),
  template_category_update: (value) => ({
    change: 'category',
    value: asText(value.new_category) ?? asText(value.correct_category) ?? 'UNKNOWN',
    ...said('previous', value.previous_category),
  }),
  message_template_components_update: () => ({ change: 'components', value: 'UPDATED' }),
};

/** Whether a field is about a template. */
export function isTemplateField(field: string): boolean {
  return Object.hasOwn(templateChanges, field);
}

/** What became of a template. */
export function decodeTemplate(change: Change): ProviderEvent {
  const { field, value } = change;
  const told = templateChanges[field]?.(value) ?? { change: 'status', value: 'UNKNOWN' };
  return {
    type: 'template.status',
    template: {
      template_id: idText(value.message_template_id),
      name: asText(value.message_template_name) ?? '',
      language: asText(value.message_template_language) ?? '',
      ...told,
      raw: value,
    },
    key: reportKey(change, value),
  };
}

/** Meta writes `NONE` for no reason. */
function reasonOf(value: Raw): unknown {
  return value.reason === 'NONE' ? undefined : value.reason;
}
