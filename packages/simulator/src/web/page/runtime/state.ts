import type { Page, StateParts } from '../page';

/**
 * The models that exist once per page. Served to the browser as source: refers to nothing outside
 * itself.
 */
export function state(page: Page): StateParts {
  const single = (name: string, attributes: object): object =>
    new page.Model({ id: { _serialized: name }, ...attributes });

  const messages = new page.Collection();
  const contacts = new page.Collection();
  const groups = new page.Collection();
  return {
    socket: single('socket', {
      state: 'OPENING',
      hasSynced: false,
      stream: 'DISCONNECTED',
    }) as StateParts['socket'],
    conn: single('conn', { ref: undefined }) as StateParts['conn'],
    cmd: new page.Emitter(),
    offline: { percent: 0 },
    me: {},
    messages,
    chats: new page.Collection(),
    contacts,
    groups,
  };
}
