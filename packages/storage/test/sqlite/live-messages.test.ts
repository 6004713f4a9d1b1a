import { expect, it } from 'vitest';
import { Database } from '../../src/sqlite/database';
import { LiveMessages } from '../../src/sqlite/live-messages';
import { aMessage, openStore, somePath } from './folder';

it('knows every message that is queued, though the disk could not be read the first time', async () => {
  const path = await somePath();
  const store = await openStore(path);
  await store.outbox.accept(aMessage('msg_a'), 'd', 60_000);
  await store.stop();
  const database = new Database();
  database.open(path);
  const live = new LiveMessages(database);
  for (const table of ['messages', 'held_receipts']) {
    database.exec(`ALTER TABLE ${table} RENAME TO away`);
    expect(() => live.session('ws', 'main')).toThrow();
    database.exec(`ALTER TABLE away RENAME TO ${table}`);
  }
  expect(live.session('ws', 'main').depth.queued.interactive).toBe(1);
  database.close();
});
