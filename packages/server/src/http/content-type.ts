import type { FastifyInstance } from 'fastify';

/**
 * Takes JSON bodies as the bytes that came: a signature is over bytes, and no parser may run on
 * what has not been verified. Every other type of body is refused with 415.
 */
export function takeRawJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}
