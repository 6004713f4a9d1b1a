import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { version } from '../version';
import { scopeMeanings } from './scope';

const signature = `A signature of profile blazz-v1 (RFC 9421, HMAC-SHA256) in Signature-Input and Signature, over @method, @authority, @path, @query, content-digest and, when it is sent, idempotency-key.`;

/**
 * Describes the API at `/openapi.json` (by the returned function) and `/docs`, from the very
 * schemas that requests are checked against.
 */
export function registerDocs(app: FastifyInstance): () => unknown {
  const scopes = Object.entries(scopeMeanings).map(
    ([name, meaning]) => `- \`${name}\`: ${meaning}`,
  );
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Blazz Gateway',
        version,
        description: `Connects many tenants to WhatsApp. Keys have scopes:\n${scopes.join('\n')}`,
        license: { name: 'MIT' },
      },
      components: {
        securitySchemes: {
          signature: { type: 'apiKey', in: 'header', name: 'Signature', description: signature },
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A static token, when one is set.',
          },
        },
      },
    },
    transform: ({ schema, url }) => {
      const { bodyDocs, ...rest } = Object(schema) as Record<string, unknown>;
      const described = bodyDocs === undefined ? rest : { ...rest, body: bodyDocs };
      return { schema: described as never, url };
    },
  });
  app.register(swaggerUi, { routePrefix: '/docs' });
  return () => app.swagger();
}
