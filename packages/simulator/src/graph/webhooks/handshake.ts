import type { Identifiers } from '../world/identifiers';
import type { Callbacks } from './callback';

/**
 * Meta's handshake: asks a callback to prove that it knows the verify token.
 * @returns undefined when it did, otherwise what was wrong
 */
export async function handshake(
  callbacks: Callbacks,
  ids: Identifiers,
  url: string,
  verifyToken: string,
): Promise<string | undefined> {
  if (!URL.canParse(url)) return 'The callback is no address.';
  const challenge = ids.code() + ids.code();
  const asked = new URL(url);
  asked.searchParams.set('hub.mode', 'subscribe');
  asked.searchParams.set('hub.challenge', challenge);
  asked.searchParams.set('hub.verify_token', verifyToken);
  const answer = await callbacks.get(asked.href);
  if (!answer) return 'The callback gave no answer.';
  if (answer.status !== 200) return `The callback answered ${answer.status}.`;
  return answer.body === challenge ? undefined : 'The callback did not repeat the challenge.';
}
