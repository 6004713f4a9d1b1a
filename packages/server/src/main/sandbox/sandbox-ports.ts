import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What makes the sandbox's addresses the same after a restart. */
export interface SandboxPorts {
  /** The port of the simulated WhatsApp. */
  readonly simulator: number;
  /** The port of the phone's page. */
  readonly phone: number;
  /** What the phone's page must know. */
  readonly token: string;
}

/** Reads what an earlier sandbox noted; any free ports and a new token when there was none. */
export async function readPorts(path: string): Promise<SandboxPorts> {
  try {
    const noted = JSON.parse(await readFile(path, 'utf8')) as Partial<SandboxPorts>;
    const { simulator, phone, token } = noted;
    if (isPort(simulator) && isPort(phone) && typeof token === 'string' && token.length >= 16) {
      return { simulator, phone, token };
    }
  } catch {
    // The first start, or a note that was cut off: new addresses do no harm.
  }
  return { simulator: 0, phone: 0, token: randomBytes(24).toString('base64url') };
}

/** Notes the addresses for the next start. */
export async function notePorts(path: string, ports: SandboxPorts): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(ports)}\n`, { mode: 0o600 });
}

/**
 * Starts something on the port that it had before, or on any other when that one is taken.
 * @param start starts it on a port; 0 takes any free one
 */
export async function onFreePort(
  port: number,
  start: (port: number) => Promise<void>,
): Promise<void> {
  try {
    await start(port);
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    await start(0);
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}
