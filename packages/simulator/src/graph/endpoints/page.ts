import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';

/** Where a page of a list begins and how long it is. */
interface PageRequest {
  /** The query of the request. */
  readonly query: URLSearchParams;
  /** The address of the list, without a query. */
  readonly address: string;
}

const encode = (place: number): string => Buffer.from(`at:${place}`).toString('base64url');

function decode(cursor: string): number {
  const place = /^at:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (place !== undefined) return Number(place);
  throw new GraphError(100, { message: '(#100) Invalid cursor' });
}

/**
 * One page of a list, with Meta's cursors: `paging.next` is missing on the last.
 * @throws GraphError 100 for a cursor or limit that is none
 */
export function pageOf(all: readonly object[], { query, address }: PageRequest): JsonObject {
  const limit = Number(query.get('limit') ?? 25);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new GraphError(100, { message: '(#100) Param limit must be a positive integer.' });
  }
  const after = query.get('after');
  const before = query.get('before');
  const size = Math.min(limit, 1_000);
  const end = before === null ? undefined : decode(before);
  const from = end === undefined ? (after === null ? 0 : decode(after) + 1) : end - size;
  const begin = Math.max(0, from);
  const data = all.slice(begin, end === undefined ? begin + size : end);
  if (data.length === 0) return { data };
  const last = begin + data.length - 1;
  const to = (name: string, cursor: string): string => {
    const next = new URLSearchParams(query);
    next.delete('after');
    next.delete('before');
    next.delete('access_token');
    next.set(name, cursor);
    return `${address}?${next}`;
  };
  return {
    data,
    paging: {
      cursors: { before: encode(begin), after: encode(last) },
      ...(last + 1 < all.length ? { next: to('after', encode(last)) } : {}),
      ...(begin > 0 ? { previous: to('before', encode(begin)) } : {}),
    },
  };
}

/** The members of a thing that a request's `fields` names; `id` always; all of `defaults` without. */
export function fieldsOf(
  thing: JsonObject,
  query: URLSearchParams,
  defaults: readonly string[],
): JsonObject {
  const names = query.get('fields')?.split(/,(?![^{(]*[})])/) ?? defaults;
  const wanted = new Set(['id', ...names.map((name) => name.split(/[{(]/)[0]?.trim())]);
  return Object.fromEntries(Object.entries(thing).filter(([name]) => wanted.has(name)));
}
