/**
 * The reference instance as a program: composes providers, storage and the simulator, and serves.
 * @packageDocumentation
 */

import { main } from './main/main';

process.exitCode = await main(process.env);
// Everything is stopped by now: whatever still holds the process must not hold it for long.
setTimeout(() => process.exit(), 1_000).unref();
