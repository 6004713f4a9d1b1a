import type { GraphServices } from '../endpoints/route';
import { GraphError } from '../errors/graph-error';
import { tokenOf } from './authorize';
import { jsonAnswer, type RawAnswer } from './raw-answer';

/** The bytes of a medium: 401 without a token, 404 when the address or the medium is too old. */
export function download(
  { context }: GraphServices,
  authorization: string | undefined,
  query: URLSearchParams,
): RawAnswer {
  try {
    tokenOf(context.world, authorization, new URLSearchParams(), context.clock.now());
  } catch (thrown) {
    if (!(thrown instanceof GraphError)) throw thrown;
    return jsonAnswer(401, thrown.body(context.ids.trace()), { code: thrown.code });
  }
  const media = context.shelf.follow(query.get('mid') ?? '', query.get('hash') ?? '');
  if (!media) {
    return {
      status: 404,
      headers: {},
      contentType: 'text/plain',
      body: Buffer.from('Not found: ask the Graph API for a new address.'),
    };
  }
  return { status: 200, headers: {}, contentType: media.mimeType, body: media.bytes };
}
