import type { IdParts } from '../page';
import type { MsgKey, MsgKeySource, Wid } from '../things';

/**
 * The ids of WhatsApp Web: `Wid` names a person, group or list, `MsgKey` names a message.
 * Both keep their fields as own properties, since only those survive the way to Node.
 * Served to the browser as source: refers to nothing outside itself.
 */
export function ids(): IdParts {
  const servers = ['c.us', 'g.us', 'lid', 'broadcast', 'newsletter'];

  class PageWid implements Wid {
    readonly server: string;
    readonly user: string;
    readonly _serialized: string;

    constructor(user: string, server: string) {
      this.server = server;
      this.user = user;
      this._serialized = `${user}@${server}`;
    }

    isLid(): boolean {
      return this.server === 'lid';
    }

    isGroup(): boolean {
      return this.server === 'g.us';
    }

    isUser(): boolean {
      return this.server === 'c.us' || this.server === 'lid';
    }

    isBroadcast(): boolean {
      return this.server === 'broadcast';
    }

    isStatus(): boolean {
      return this._serialized === 'status@broadcast';
    }

    isNewsletter(): boolean {
      return this.server === 'newsletter';
    }

    equals(other: Wid): boolean {
      return other._serialized === this._serialized;
    }

    toJid(): string {
      return this.server === 'c.us' ? `${this.user}@s.whatsapp.net` : this._serialized;
    }

    toString(): string {
      return this._serialized;
    }
  }

  function createWid(value: unknown): Wid {
    const text = typeof value === 'string' ? value : (value as Wid | undefined)?._serialized;
    const [user, server] = String(text).replace('@s.whatsapp.net', '@c.us').split('@');
    const valid =
      user &&
      server &&
      servers.includes(server) &&
      /^[\w.-]+$/.test(user) &&
      (server !== 'c.us' || /^\d+$/.test(user));
    if (!valid) throw new Error('wid error: invalid wid');
    return new PageWid(user, server);
  }

  class PageMsgKey implements MsgKey {
    readonly fromMe: boolean;
    readonly remote: Wid;
    readonly id: string;
    declare readonly participant?: Wid;
    readonly _serialized: string;

    constructor(source: MsgKeySource) {
      this.fromMe = source.fromMe ?? source.selfDir === 'out';
      const remote = source.remote ?? (this.fromMe ? source.to : source.from);
      if (!remote) throw new Error('A message key needs a remote, or from and to.');
      this.remote = remote;
      this.id = source.id;
      if (source.participant) this.participant = source.participant;
      const parts = [this.fromMe, remote._serialized, this.id];
      this._serialized = [...parts, ...(source.participant ? [source.participant] : [])].join('_');
    }

    static async newId(): Promise<string> {
      const bytes = crypto.getRandomValues(new Uint8Array(9));
      return `3EB0${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
    }

    static fromString(text: string): MsgKey {
      const [fromMe, remote, id, participant] = text.split('_');
      if (!remote || !id) throw new Error('Invalid message key.');
      return new PageMsgKey({
        fromMe: fromMe === 'true',
        remote: createWid(remote),
        id,
        ...(participant ? { participant: createWid(participant) } : {}),
      });
    }

    toString(): string {
      return this._serialized;
    }
  }

  return { createWid, MsgKey: PageMsgKey };
}
