import { isGatewayError } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';

// Opens a store when it is told to, tells how that went, and holds it until it is killed.
const [path = ''] = process.argv.slice(2);
const store = sqliteStore({ path });
process.on('message', () => {
  store.start().then(
    () => process.send?.('open'),
    (error: unknown) => process.send?.(isGatewayError(error) ? error.message : String(error)),
  );
});
process.send?.('ready');
