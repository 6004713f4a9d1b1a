import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { aMessage, openStore, somePath } from './folder';

describe('a file of an earlier version', () => {
  it('is brought up to date where it is, with all that it holds', async () => {
    const path = await somePath();
    const before = await openStore(path);
    const accepted = await before.outbox.accept(aMessage('msg_1'), 'digest', 60_000);
    await before.stop();
    // As the first version left it.
    const file = new Libsql(path);
    file.exec('DROP TABLE trimmed_keys; PRAGMA user_version = 1;');
    file.close();
    const after = await openStore(path);
    expect(accepted).toMatchObject({ message: await after.outbox.get('ws', 'msg_1') });
    expect(await after.events.forgetKeys(0, 10)).toBe(0);
  });
});
