import { access, constants, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isGatewayError } from '@blazz/core';
import { findBrowser } from '@blazz/providers/webjs';
import { checkFile } from '@blazz/storage/sqlite';
import type { Configuration } from '../config/configuration';
import { loadConfiguration } from '../config/load';
import { readKeyFile } from '../keys/key-file';
import { askServer } from './ask-server';
import { notedAddress } from './server-file';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly what: string;
  /** How it is. */
  readonly state: 'ok' | 'warning' | 'fault';
  /** What was found; for a fault or a warning, with the fix. */
  readonly words: string;
}

/** The least space that a disk should have left, in bytes. */
const LEAST_SPACE = 512 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/** Looks at everything that a server on this machine needs. Changes nothing. */
export async function examine(env: Env): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeVersion()];
  let configuration: Configuration;
  try {
    const loaded = loadConfiguration(env);
    configuration = loaded.configuration;
    findings.push(ok('configuration', 'every variable is well-formed'));
    for (const warning of loaded.warnings) findings.push(warn('configuration', warning));
  } catch (error) {
    return [...findings, fault('configuration', wordsOf(error))];
  }
  const looks = [folder, keys, database, space, browser, server];
  for (const look of looks) {
    findings.push(
      await look(configuration, env).catch((error: unknown) => fault(look.name, wordsOf(error))),
    );
  }
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isFine = major > 20 || (major === 20 && minor >= 19);
  const version = `Node ${process.versions.node}`;
  return isFine
    ? ok('node', version)
    : fault('node', `${version} is too old; install 20.19 or newer`);
}

async function folder({ dataDir }: Configuration): Promise<Finding> {
  const found = await stat(dataDir).catch(() => undefined);
  if (found === undefined) return warn('data folder', `${dataDir} is made at the first start`);
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fault('data folder', `${dataDir} cannot be written by this user; change its owner`);
  }
  const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  return isOpen
    ? warn('data folder', `others may look into ${dataDir}; chmod 700 ${dataDir}`)
    : ok('data folder', dataDir);
}

async function keys({ dataDir }: Configuration): Promise<Finding> {
  const file = await readKeyFile(join(dataDir, 'keys.json'));
  if (file === undefined) return warn('keys', 'are made at the first start');
  return ok('keys', `${file.keys.length} in ${join(dataDir, 'keys.json')}`);
}

async function database({ dataDir, storage }: Configuration): Promise<Finding> {
  if (storage === 'memory') {
    return warn(
      'storage',
      'memory: everything ends with the process; leave SESSION_STORAGE_TYPE out',
    );
  }
  const path = join(dataDir, 'blazz.db');
  if (!checkFile(path)) return warn('storage', `${path} is made at the first start`);
  const { size } = await stat(path);
  return ok('storage', `${path}, ${Math.ceil(size / 1024)} KiB`);
}

async function space({ dataDir }: Configuration): Promise<Finding> {
  const at = await statfs(dataDir).catch(() => statfs('.'));
  const free = at.bavail * at.bsize;
  const words = `${Math.floor(free / 1024 / 1024)} MiB free`;
  return free < LEAST_SPACE
    ? fault('disk', `${words}; make room, a full disk stops all sends`)
    : ok('disk', words);
}

async function browser({ chromePath }: Configuration, env: Env): Promise<Finding> {
  const found = await findBrowser({ configured: chromePath, env });
  return found.shell
    ? ok('browser', found.path)
    : warn('browser', `${found.path} is a full Chromium; a headless shell needs half the memory`);
}

async function server({ dataDir }: Configuration): Promise<Finding> {
  const url = await notedAddress(dataDir);
  if (url === undefined) return warn('server', 'none runs from this data folder');
  const { state, words } = await askServer(url, await readKeyFile(join(dataDir, 'keys.json')));
  return { what: 'server', state, words };
}

const ok = (what: string, words: string): Finding => ({ what, state: 'ok', words });
const warn = (what: string, words: string): Finding => ({ what, state: 'warning', words });
const fault = (what: string, words: string): Finding => ({ what, state: 'fault', words });

function wordsOf(error: unknown): string {
  return isGatewayError(error) ? error.message : 'it could not be looked at';
}
