import { type Address, toJid } from '../address';
import type { WireGroup } from '../wire';

/** A group to make. */
export interface GroupSource {
  /** Its jid, `…@g.us`. Default: a new one. */
  readonly jid?: string;
  /** Its name. */
  readonly subject: string;
  /** Its description. Default empty. */
  readonly description?: string;
  /** Whether only admins may write. Default false. */
  readonly announce?: boolean;
  /** Everybody in it; the first is its maker and admin. */
  readonly participants: readonly Address[];
  /** Further admins. */
  readonly admins?: readonly Address[];
}

/** The group as the pages see it. `now` is in milliseconds since 1970. */
export function makeGroup(source: GroupSource, now: number): WireGroup {
  const jids = source.participants.map(toJid);
  const [owner = ''] = jids;
  const admins = new Set([owner, ...(source.admins ?? []).map(toJid)]);
  const creation = Math.floor(now / 1000);
  return {
    // As WhatsApp makes them: 120363 and twelve more digits.
    jid: source.jid ?? `120363${String(now).padStart(12, '0').slice(-12)}@g.us`,
    subject: source.subject,
    description: source.description ?? '',
    announce: source.announce ?? false,
    creation,
    owner,
    participants: jids.map((jid) => ({ jid, admin: admins.has(jid) })),
  };
}
