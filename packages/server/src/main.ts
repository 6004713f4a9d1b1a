/**
 * The reference instance as a program: composes providers, storage and the simulator, and serves.
 * @packageDocumentation
 */

import { main } from './main/main';

process.exitCode = await main(process.env);
