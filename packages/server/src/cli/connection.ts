import { join } from 'node:path';
import { GatewayError } from '@blazz/core';
import type { ClientKey } from '@blazz/router';
import { readKeyFile } from '../keys/key-file';
import { notedAddress } from '../main/server-file';

/** Which server the command line talks to, and as whom. */
export interface Connection {
  /** The server's address. */
  readonly baseUrl: string;
  /** The key that requests are signed with. */
  readonly key: Extract<ClientKey, { id: string }>;
}

/**
 * Finds the server and a key: from BLAZZ_URL, BLAZZ_KEY_ID and BLAZZ_KEY_SECRET, or from the data
 * folder that a server on this machine keeps.
 * @throws GatewayError `invalid_config`, with the fix
 */
export async function findConnection(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  const dataDir = env.BLAZZ_DATA_DIR?.trim() || '.blazz';
  return {
    baseUrl: env.BLAZZ_URL?.trim() || (await runningAt(dataDir)),
    key: givenKey(env) ?? (await storedKey(dataDir)),
  };
}

function givenKey(
  env: Readonly<Record<string, string | undefined>>,
): Connection['key'] | undefined {
  const { BLAZZ_KEY_ID: id, BLAZZ_KEY_SECRET: secret } = env;
  if (id && secret) return { id, secret };
  if (!id && !secret) return undefined;
  const missing = id ? 'BLAZZ_KEY_SECRET' : 'BLAZZ_KEY_ID';
  throw new GatewayError('invalid_config', `Set ${missing} too: a key is an id and a secret.`);
}

async function storedKey(dataDir: string): Promise<Connection['key']> {
  const [key] = (await readKeyFile(join(dataDir, 'keys.json')))?.keys ?? [];
  if (key !== undefined && typeof key.secret === 'string')
    return { id: key.id, secret: key.secret };
  throw new GatewayError(
    'invalid_config',
    `There is no key in ${dataDir}. Start a server here (blazz start), set BLAZZ_DATA_DIR to its data folder, or set BLAZZ_KEY_ID and BLAZZ_KEY_SECRET.`,
  );
}

async function runningAt(dataDir: string): Promise<string> {
  const url = await notedAddress(dataDir);
  if (url !== undefined) return url;
  throw new GatewayError(
    'invalid_config',
    `No server runs from ${dataDir}. Start one (blazz start), set BLAZZ_DATA_DIR to its data folder, or set BLAZZ_URL.`,
  );
}
