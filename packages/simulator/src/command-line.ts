/** A sentence for somebody who typed something wrong. */
export class UsageError extends Error {}

/** The port of an option; undefined when it was not given. @throws UsageError for anything else */
export function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--${name} takes a port from 0 to 65535, not "${text}".`);
}

/** Resolves when somebody ends the process. */
export function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

/**
 * Runs a command and explains what it throws.
 * @returns the exit code
 */
export async function run(command: () => Promise<void>): Promise<number> {
  try {
    await command();
    return 0;
  } catch (error) {
    console.error(`blazz-simulator: ${(error as Error).message}`);
    if (error instanceof UsageError) console.error('Try blazz-simulator --help.');
    return error instanceof UsageError ? 2 : 1;
  }
}
