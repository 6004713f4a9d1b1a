/**
 * Runs one session in a process of its own and prints what it reports, one line of JSON each.
 * Arguments: the folder of profiles, then the browser's arguments. Reads `stop` from its input.
 */
import { silentLogger, systemClock } from '@blazz/core';
import { webjsProvider } from '@blazz/providers/webjs';

const [, , sessionsDir = '', ...extraBrowserArgs] = process.argv;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const factory = webjsProvider({ sessionsDir, extraBrowserArgs });
const provider = factory.create({
  workspaceId: 'w1',
  sessionId: 's1',
  settings: {},
  emit: say,
  clock: systemClock,
  random: Math.random,
  logger: silentLogger,
});
process.stdin.on('data', (chunk) => {
  if (String(chunk).trim() === 'stop') void provider.stop().then(() => process.exit(0));
});
provider.start(AbortSignal.timeout(60_000)).then(
  () => say({ type: 'started' }),
  (error: { code?: string }) => {
    say({ type: 'failed', code: error.code });
    process.exit(3);
  },
);
