import type { ControlServerOptions } from './control/control-http';

/** A sentence for somebody who typed something wrong. */
class UsageError extends Error {}

/** The options that the command line of every simulator has. */
export const commonOptions = {
  port: { type: 'string' },
  'control-port': { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What was typed for {@link commonOptions}. */
interface CommonValues {
  readonly port?: string | undefined;
  readonly 'control-port'?: string | undefined;
  readonly token?: string | undefined;
}

/** Reads what was typed. @throws UsageError in the words of what `read` throws */
export function typed<Values>(read: () => Values): Values {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Where the simulator and its controls listen. @throws UsageError when a port is none */
export function placesOf(values: CommonValues): {
  readonly simulator: { readonly port?: number };
  readonly control: ControlServerOptions;
} {
  const port = portOf('port', values.port);
  const controlPort = portOf('control-port', values['control-port']);
  return {
    simulator: port === undefined ? {} : { port },
    control: {
      ...(controlPort === undefined ? {} : { port: controlPort }),
      ...(values.token === undefined ? {} : { token: values.token }),
    },
  };
}

/** The port of an option; undefined when it was not given. @throws UsageError for anything else */
function portOf(name: string, text: string | undefined): number | undefined {
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
