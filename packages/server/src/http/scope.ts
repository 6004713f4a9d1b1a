/** Something that a key may be allowed to do. */
export type Scope =
  | 'send'
  | 'messages'
  | 'sessions'
  | 'events'
  | 'workspaces'
  | 'webhooks'
  | 'intake'
  | 'metrics';

/** What each scope allows. The list is the documentation. */
export const scopeMeanings: Readonly<Record<Scope, string>> = {
  send: 'Send messages.',
  messages: 'Read messages, their attempts and receipts.',
  sessions:
    'Read, link, register, restart, stop and log out sessions, and change the templates and the profile of their accounts.',
  events: 'Read the event log and follow the event stream.',
  workspaces: 'Read, write and delete the configuration of workspaces.',
  webhooks: 'Read, add, change and remove webhook endpoints.',
  intake: 'Forward inbound messages, and look after what was set aside.',
  metrics: 'Read the metrics of the instance.',
};

/** Every scope. */
export const scopes: readonly Scope[] = Object.keys(scopeMeanings) as Scope[];
