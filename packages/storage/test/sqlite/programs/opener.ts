import { isGatewayError } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';

// Opens a store when it is told to, tells how that went, and holds it until it is told to stop, or killed.
const [path = ''] = process.argv.slice(2);
const store = sqliteStore({ path });
process.on('message', (word) => {
  const work = word === 'stop' ? store.stop() : store.start();
  work.then(
    () => process.send?.(word === 'stop' ? 'stopped' : 'open'),
    (error: unknown) => process.send?.(isGatewayError(error) ? error.message : String(error)),
  );
});
process.send?.('ready');
