import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { GatewayError, isId } from '@blazz/core';
import { generateSecret, type SigningKeyOptions } from '@blazz/core/signing';
import { scopes as allScopes } from '../http/scope';

/** What the key file holds. */
export interface KeyFile {
  /** The name of this instance, stable over restarts. */
  readonly instanceId: string;
  /** The keys that requests may be signed with. */
  readonly keys: readonly SigningKeyOptions[];
  /** Whether the file was made just now. */
  readonly created: boolean;
}

/**
 * Reads the key file, or makes one with a new random key: folder mode 0700, file mode 0600.
 * @param path the file, such as `.blazz/keys.json`
 * @throws GatewayError `invalid_config` when it is malformed, readable by others, or cannot be made
 */
export async function readOrCreateKeyFile(path: string): Promise<KeyFile> {
  const present = await readKeyFile(path);
  if (present !== undefined) return present;
  await writeNew(path);
  const made = await readKeyFile(path);
  if (made === undefined) throw refused(path, 'vanished as soon as it was made');
  return { ...made, created: true };
}

/**
 * Reads the key file; `undefined` when there is none.
 * @throws GatewayError `invalid_config` when it is malformed or readable by others
 */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    const fix = 'check its owner, or set BLAZZ_DATA_DIR to another folder';
    throw refused(path, `cannot be read (${error.code}); ${fix}`, error);
  });
  if (text === undefined) return undefined;
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw refused(path, `can be read by other users; run: chmod 600 ${path}`);
  }
  return { ...parseKeyFile(path, text), created: false };
}

function parseKeyFile(path: string, text: string): Omit<KeyFile, 'created'> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw refused(path, 'is not JSON; restore it, or delete it to have new keys made');
  }
  const { instance_id: instanceId, keys } = Object(content) as Record<string, unknown>;
  if (!isId(instanceId)) throw refused(path, 'needs an instance_id of letters, digits, "_" or "-"');
  if (!Array.isArray(keys) || keys.length === 0) throw refused(path, 'needs a list of keys');
  return { instanceId, keys: keys.map((key: unknown) => parseKey(path, key)) };
}

/** Only the outline is read here: what makes a good key, the key ring decides. */
function parseKey(path: string, value: unknown): SigningKeyOptions {
  const { id, secret, scopes, workspaces, not_before, not_after } = Object(value) as Record<
    string,
    unknown
  >;
  const texts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((entry) => typeof entry === 'string');
  const isTime = (time: unknown): time is number | undefined =>
    time === undefined || typeof time === 'number';
  if (
    typeof id !== 'string' ||
    typeof secret !== 'string' ||
    !texts(scopes) ||
    !(workspaces === '*' || texts(workspaces)) ||
    !isTime(not_before) ||
    !isTime(not_after)
  ) {
    throw refused(path, 'has a key without id, secret, scopes or workspaces');
  }
  // A misspelt scope would allow nothing, and show only when somebody is refused.
  const known: readonly string[] = allScopes;
  if (!scopes.every((scope) => known.includes(scope))) {
    throw refused(path, `has a key with an unknown scope; choose from ${known.join(', ')}`);
  }
  return { id, secret, scopes, workspaces, notBefore: not_before, notAfter: not_after };
}

async function writeNew(path: string): Promise<void> {
  const name = hostname()
    .replace(/[^A-Za-z0-9-]/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40);
  const content = {
    instance_id: `${name || 'instance'}-${randomBytes(4).toString('hex')}`,
    keys: [{ id: 'local', secret: generateSecret(), scopes: [...allScopes], workspaces: '*' }],
  };
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link never replaces: of two servers that start at once, both use the first one's keys.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await unlink(draft);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw refused(path, `cannot be made (${code}); set BLAZZ_DATA_DIR to a writable folder`, error);
  }
}

function refused(path: string, why: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_config', `The key file ${path} ${why}.`, { cause });
}
