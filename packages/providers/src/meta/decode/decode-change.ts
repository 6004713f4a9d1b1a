import type { ProviderEvent } from '@blazz/core';
import { asList, asRaw, type Raw } from '../../json/raw';
import { graphError, ruleOf } from '../errors/classify';
import { graphErrorFacts } from '../graph/graph-error-facts';
import { decodeAlert, decodeTemplate, isAlertField, isTemplateField } from './decode-account';
import { decodePreference, decodeUserId } from './decode-contact';
import { decodeHistory } from './decode-history';
import { decodeMessage, type MessageContext } from './decode-message';
import { decodeStatus } from './decode-status';
import type { Change } from './envelope';
import { noticesOf, reportKey } from './notice';

/** How changes are read. */
export interface DecodeOptions {
  /** Whether messages carry Meta's own payload. */
  readonly includeRaw: boolean;
}

type ChangeDecoder = (change: Change, context: MessageContext) => readonly ProviderEvent[];

/** How each field of webhooks is read, besides those about templates and the account. */
const decoders: Readonly<Record<string, ChangeDecoder>> = {
  messages: (change, context) => {
    const { value } = change;
    return [
      ...asList(value.messages).flatMap((message) => decodeMessage(message, received, context)),
      ...asList(value.statuses).map((status) => decodeStatus(status, context.notice)),
      ...asList(value.errors).map((error) => decodeError(error, change)),
    ];
  },
  smb_message_echoes: ({ value }, context) => {
    const own = asRaw(value.metadata).display_phone_number;
    return asList(value.message_echoes).flatMap((message) =>
      decodeMessage(message, { type: 'message.echo', own }, context),
    );
  },
  history: ({ value }, context) => decodeHistory(value, context),
  user_preferences: (change, { otherwise }) =>
    asList(change.value.user_preferences).map((entry) =>
      decodePreference(entry, change, otherwise),
    ),
  user_id_update: (change, { otherwise }) =>
    asList(change.value.user_id_update).map((entry) => decodeUserId(entry, change, otherwise)),
};

const received = { type: 'message.received' } as const;

/** Makes events of one change: at least one, whatever it says. */
export function decodeChange(change: Change, options: DecodeOptions): readonly ProviderEvent[] {
  const { field, value, time } = change;
  if (isTemplateField(field)) return [decodeTemplate(change)];
  if (isAlertField(field)) return [decodeAlert(change)];
  const context: MessageContext = {
    contacts: value.contacts,
    includeRaw: options.includeRaw,
    notice: noticesOf(change),
    otherwise: (time ?? 0) * 1000,
  };
  const decoder = Object.hasOwn(decoders, field) ? decoders[field] : undefined;
  const events = decoder?.(change, context) ?? [];
  // Whatever is not known, or says nothing that is, is passed on as it came.
  return events.length > 0 ? events : [context.notice(field, change.raw)];
}

/** An error of the account's, not of one message. */
function decodeError(error: unknown, change: Change): ProviderEvent {
  const facts = graphErrorFacts(error);
  if (facts === undefined) return noticesOf(change)('errors', error);
  const rule = ruleOf(facts);
  const raw: Raw = { ...graphError(facts, rule).details, message: graphError(facts, rule).message };
  return {
    type: 'account.alert',
    alert: { topic: 'errors', event: `GRAPH_${facts.code}`, severity: 'warning', raw },
    key: reportKey(change, error),
  };
}
