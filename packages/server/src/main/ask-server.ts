import { type Clock, systemClock } from '@blazz/core';
import { Signer } from '@blazz/core/signing';
import type { KeyFile } from '../keys/key-file';
import type { Finding } from './doctor';

/** How far the clocks of the server and this machine may be apart, in milliseconds. */
const MOST_SKEW = 30_000;
/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 5_000;
/** A route that every key may ask for at least in vain: only a key that is not taken is answered 401. */
const KEYED = '/internal/sessions';

/** How a server is, without what was looked at. */
type Answer = Omit<Finding, 'what'>;

/**
 * Asks a server that was noted to run: whether it answers and is the one, whether its clock is right,
 * whether it takes the key that the `blazz` command signs with, and whether it takes work.
 * @param url where it listens
 * @param keyFile the key file of its data folder
 * @param clock the time of this machine
 */
export async function askServer(
  url: string,
  keyFile: KeyFile | undefined,
  clock: Clock = systemClock,
): Promise<Answer> {
  const sentAt = clock.now();
  const health = await healthAt(url);
  if (health === undefined) {
    return fault(`${url} does not answer; look at its log, or start it again`);
  }
  if (keyFile !== undefined && health.instance_id !== keyFile.instanceId) {
    return fault(
      `another program, or another server, answers at ${url}; stop it, or start this one again`,
    );
  }
  const skew = Date.parse(String(health.timestamp)) - (sentAt + clock.now()) / 2;
  if (!(Math.abs(skew) <= MOST_SKEW)) {
    const apart = Math.round(Math.abs(skew) / 1000);
    return fault(`its clock is ${apart} s apart from this machine's; set both by NTP`);
  }
  const key = keyFile?.keys[0];
  if (key !== undefined && !(await takes(url, key, clock))) {
    return fault(
      `${url} refuses the key "${key.id}" of the key file: the file was changed since it started, the key is not valid now, or BLAZZ_AUTHORITIES leaves ${new URL(url).host} out; put that right, and start it again`,
    );
  }
  return health.status === 'ok'
    ? { state: 'ok', words: `${url} takes work, and the key "${key?.id}"` }
    : { state: 'warning', words: `${url} is ${String(health.status)}; wait until it has started` };
}

/** What `/health` says; `undefined` when nothing, or nothing of ours, is there. */
async function healthAt(url: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(new URL('/health', url), { signal });
    return Object(await response.json()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function takes(url: string, key: KeyFile['keys'][number], clock: Clock): Promise<boolean> {
  const signer = new Signer({ keyId: key.id, secret: key.secret, clock });
  const headers = signer.sign({ method: 'GET', authority: new URL(url).host, rawTarget: KEYED });
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(new URL(KEYED, url), { headers: { ...headers }, signal });
  await response.body?.cancel();
  return response.status !== 401;
}

function fault(words: string): Answer {
  return { state: 'fault', words };
}
