import * as check from 'fast-check';

const fields = [
  'messages',
  'history',
  'smb_message_echoes',
  'user_preferences',
  'user_id_update',
  'account_update',
  'account_alerts',
  'message_template_status_update',
  'group_lifecycle_update',
];
const types = [
  'text',
  'image',
  'reaction',
  'edit',
  'revoke',
  'system',
  'contacts',
  'location',
  'order',
  'x',
];
const anything = check.jsonValue({ maxDepth: 3 });
const perhaps = <T>(value: check.Arbitrary<T>) =>
  check.oneof({ weight: 4, arbitrary: value }, anything);

const message = check
  .record({
    id: perhaps(check.constantFrom('wamid.1', 'wamid.2')),
    from: perhaps(check.constant('16505551234')),
    timestamp: perhaps(check.constantFrom('1749416383', '9'.repeat(40), '-1')),
    type: perhaps(check.constantFrom(...types)),
  })
  .chain((one) =>
    anything.map((node) => ({
      ...one,
      [typeof one.type === 'string' ? one.type : 'text']: node,
      context: node,
    })),
  );

const value = check.record(
  {
    metadata: perhaps(check.record({ phone_number_id: perhaps(check.constantFrom('1', '2')) })),
    contacts: perhaps(check.array(anything)),
    messages: perhaps(check.array(perhaps(message), { maxLength: 4 })),
    message_echoes: perhaps(check.array(perhaps(message), { maxLength: 4 })),
    statuses: perhaps(check.array(anything, { maxLength: 4 })),
    errors: perhaps(check.array(anything, { maxLength: 4 })),
    user_preferences: perhaps(check.array(anything, { maxLength: 4 })),
    user_id_update: perhaps(check.array(anything, { maxLength: 4 })),
    history: perhaps(
      check.array(
        check.record({
          threads: perhaps(check.array(check.record({ messages: check.array(message) }))),
        }),
        { maxLength: 3 },
      ),
    ),
    event: anything,
  },
  { requiredKeys: [] },
);

const change = check.record({
  field: perhaps(check.constantFrom(...fields)),
  value: perhaps(value),
});

/** Changes that are close to Meta's, and wrong in places. */
export const changes: check.Arbitrary<readonly unknown[]> = check.array(perhaps(change), {
  minLength: 1,
  maxLength: 4,
});

/** JSON text, or nearly. */
export const bodies: check.Arbitrary<string> = check.oneof(
  check.json(),
  check.string(),
  anything.map((entry) => JSON.stringify({ entry })),
);
