/** A payload of Meta's with one change. */
export function payload(field: string, value: unknown, time = 1_750_000_000): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', time, changes: [{ field, value }] }],
  });
}

export const metadata = {
  display_phone_number: '15550783881',
  phone_number_id: '106540352242922',
};

/** A payload with messages. */
export function messages(list: readonly unknown[], more: Record<string, unknown> = {}): string {
  return payload('messages', {
    messaging_product: 'whatsapp',
    metadata,
    contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: '16505551234' }],
    messages: list,
    ...more,
  });
}

/** A payload with statuses. */
export function statuses(list: readonly unknown[]): string {
  return payload('messages', { messaging_product: 'whatsapp', metadata, statuses: list });
}

/** A message of somebody's. */
export function message(type: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { from: '16505551234', id: `wamid.${type}`, timestamp: '1749416383', type, ...more };
}
