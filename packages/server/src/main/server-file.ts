import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '@blazz/core';

/** The note that a running server leaves in its data folder. */
interface ServerNote {
  /** Where it listens. */
  readonly url: string;
  /** Its process. */
  readonly pid: number;
}

/** How long a server may take to say that it lives, in milliseconds. */
const ANSWER_MS = 2_000;

/** Where the note of a data folder is. */
function notePath(dataDir: string): string {
  return join(dataDir, 'server.json');
}

/**
 * The address in a note, as a client on the same machine reaches it.
 * @returns `undefined` when there is no note, or half of one
 */
export async function notedAddress(dataDir: string): Promise<string | undefined> {
  const url = (await readNote(dataDir))?.url;
  return url?.replace('//0.0.0.0:', '//127.0.0.1:').replace('[::]', '[::1]');
}

/**
 * Refuses to be the second server of a data folder: both would go by one instance id, under which
 * each could take the other's sessions. The note of a server that was killed does no harm.
 * @param instanceId the id in the folder's key file
 * @throws GatewayError `invalid_config` when another server answers by this id
 */
export async function assertAlone(dataDir: string, instanceId: string): Promise<void> {
  const url = await notedAddress(dataDir);
  if (url === undefined || (await idAt(url)) !== instanceId) return;
  throw new GatewayError(
    'invalid_config',
    `Another server runs from ${dataDir}, at ${url}. Stop it, or give this one a folder of its own (BLAZZ_DATA_DIR).`,
  );
}

/**
 * Notes where the server listens, so that the `blazz` command finds it.
 * @returns takes the note away again, unless another server has put its own in the place
 */
export async function noteAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const path = notePath(dataDir);
  const note: ServerNote = { url, pid: process.pid };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  return async () => {
    const now = await readNote(dataDir);
    if (now?.pid === note.pid && now.url === url) await rm(path, { force: true });
  };
}

async function readNote(dataDir: string): Promise<ServerNote | undefined> {
  try {
    const { url, pid } = Object(JSON.parse(await readFile(notePath(dataDir), 'utf8')));
    return typeof url === 'string' ? { url, pid: Number(pid) } : undefined;
  } catch {
    return undefined;
  }
}

/** The instance id of whatever answers at an address; `undefined` when nothing of ours does. */
async function idAt(url: string): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer: unknown = await (await fetch(new URL('/health', url), { signal })).json();
    return (Object(answer) as { instance_id?: unknown }).instance_id;
  } catch {
    return undefined;
  }
}
