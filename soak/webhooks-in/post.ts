import { createHmac } from 'node:crypto';
import type { Business } from '@blazz/simulator/graph';
import type { Chance } from '../chance';

/** One thing that Meta tells. */
export interface Item {
  /** The business that it is about. */
  readonly business: Business;
  /** What kind of change it is, such as `messages`. */
  readonly field: string;
  /** What it says, beside whose number it is. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** A payload on its way to us. */
export interface Post {
  /** The workspace whose address it is posted to. */
  readonly workspaceId: string;
  /** Its bytes. */
  readonly body: Buffer;
  /** `X-Hub-Signature-256`, if it has one. */
  readonly signature: string | undefined;
  /** What has to be answered. */
  readonly status: 200 | 401;
}

/** Items as one payload, signed and written as Meta does: whatever is not ASCII is escaped, and slashes. */
export function genuine(workspaceId: string, items: readonly Item[], secret: string): Post {
  const entry = items.map(({ business, field, value }) => ({
    id: business.wabaId,
    time: 1_780_000_000,
    changes: [{ field, value: { ...head(business), ...value } }],
  }));
  const text = JSON.stringify({ object: 'whatsapp_business_account', entry })
    .replaceAll('/', '\\/')
    .replace(
      /[\u007f-\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const body = Buffer.from(text);
  return { workspaceId, body, signature: signed(body, secret), status: 200 };
}

/** A payload that is not Meta's, in one of the ways in which it may not be. */
export function forged(post: Post, other: { readonly secret: string }, chance: Chance): Post {
  const genuine = post.signature ?? '';
  const ways: readonly (() => Partial<Post>)[] = [
    () => ({ signature: undefined }),
    () => ({ signature: '' }),
    // Another tenant's secret, and that of an app that nobody has.
    () => ({ signature: signed(post.body, other.secret) }),
    () => ({ signature: signed(post.body, 'guessed') }),
    () => ({ signature: signed(Buffer.from('{}'), other.secret) }),
    () => ({ signature: genuine.slice(0, -1) }),
    () => ({ signature: genuine.replace('sha256=', 'sha1=') }),
    () => ({ signature: genuine.replace('sha256=', '') }),
    // Signed, and changed on the way.
    () => ({ body: Buffer.concat([post.body, Buffer.from(' ')]) }),
    () => ({ body: changed(post.body, Math.floor(chance() * post.body.length)) }),
  ];
  const way = ways[Math.floor(chance() * ways.length)] as () => Partial<Post>;
  return { ...post, ...way(), status: 401 };
}

function head({ number, phoneNumberId }: Business): object {
  const metadata = { display_phone_number: number, phone_number_id: phoneNumberId };
  return { messaging_product: 'whatsapp', metadata };
}

function signed(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function changed(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
