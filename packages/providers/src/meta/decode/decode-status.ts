import type { MessagePricing, ProviderEvent } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { decodeTracker } from '../encode/tracker';
import { graphError } from '../errors/classify';
import { graphErrorFacts } from '../graph/graph-error-facts';
import { idText } from './envelope';
import type { Notice } from './notice';
import { secondsOf } from './time';

type Receipt = Extract<ProviderEvent, { type: 'message.receipt' }>;

const statuses: ReadonlySet<string> = new Set<Receipt['status']>([
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
]);

/** How far a message of ours is. */
export function decodeStatus(value: unknown, notice: Notice): ProviderEvent {
  const status = asRaw(value);
  const id = idText(status.id);
  const name = asText(status.status) ?? '';
  if (id === '' || !statuses.has(name)) return notice('statuses', value);
  const at = (secondsOf(status.timestamp) ?? 0) * 1000;
  const tracker = decodeTracker(status.biz_opaque_callback_data);
  const pricing = pricingOf(status.pricing);
  const facts = graphErrorFacts(asList(status.errors)[0]);
  const failed = facts ?? (name === 'failed' ? { code: 131000, isTransient: false } : undefined);
  return {
    type: 'message.receipt',
    provider_message_id: id,
    status: name as Receipt['status'],
    ...(failed === undefined ? {} : { error: graphError(failed) }),
    ...(at > 0 ? { at } : {}),
    ...(tracker === undefined ? {} : { tracker }),
    ...(pricing === undefined ? {} : { pricing }),
  };
}

function pricingOf(value: unknown): MessagePricing | undefined {
  const { billable, pricing_model, category, type } = asRaw(value);
  const model = asText(pricing_model);
  if (model === undefined) return undefined;
  const said = { category: asText(category), type: asText(type) };
  return {
    // Meta leaves it out where the model implies it.
    billable: billable !== false,
    model,
    ...(said.category === undefined ? {} : { category: said.category }),
    ...(said.type === undefined ? {} : { type: said.type }),
  };
}
