/**
 * The command `blazz`: speaks to a server over its public API.
 * @packageDocumentation
 */

import { runCli } from './program';

const controller = new AbortController();
const isServer = process.argv[2] === 'start';
// A server has its own, graceful way to stop.
if (!isServer) process.once('SIGINT', () => controller.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  signal: controller.signal,
});
