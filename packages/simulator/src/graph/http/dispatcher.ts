import type { IncomingMessage } from 'node:http';
import { graphEndpoints } from '../endpoints/graph-endpoints';
import type { GraphEndpoint, GraphServices, NodeKinds } from '../endpoints/route';
import { GraphError } from '../errors/graph-error';
import { graphSubcodes } from '../errors/graph-error-table';
import { assertAllowed, tokenOf } from './authorize';
import { jsonAnswer, type RawAnswer } from './raw-answer';
import type { ParsedBody } from './read-body';
import { oldestVersion, versionOf } from './versions';

/** Where a request goes. */
export interface Target {
  /** The path without the query. */
  readonly path: string;
  /** The version, the id and what follows it. */
  readonly parts: readonly string[];
  /** The query. */
  readonly query: URLSearchParams;
  /** The endpoint, when the path is one's. */
  readonly endpoint: GraphEndpoint | undefined;
  /** The id in the path. */
  readonly node: string;
}

/** Finds the endpoint of a request and lets it answer. */
export class Dispatcher {
  readonly #services: GraphServices;

  /** @param services what endpoints work with */
  constructor(services: GraphServices) {
    this.#services = services;
  }

  /** Where a request goes. Its version and token are looked at later. */
  target(request: IncomingMessage): Target {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://graph.local');
    const parts = pathname.split('/').filter((part) => part !== '');
    const versioned = /^v\d+(\.\d+)?$/.test(parts[0] ?? '');
    const [node = '', ...edge] = versioned ? parts.slice(1) : parts;
    const found = this.#find(node)?.[0];
    const endpoint = graphEndpoints.find(
      (one) =>
        one.method === request.method &&
        one.edge === edge.join('/') &&
        (found === undefined ? one.edge !== '' : one.kind === found),
    );
    return { path: pathname, parts, query: searchParams, endpoint, node };
  }

  /** Answers a request. Whatever is wrong with it becomes Meta's envelope. */
  async answer(request: IncomingMessage, target: Target, body: ParsedBody): Promise<RawAnswer> {
    try {
      return await this.#answer(request, target, body);
    } catch (thrown) {
      if (thrown instanceof GraphError) return this.refusal(thrown);
      throw thrown;
    }
  }

  /** An error as an answer. */
  refusal(error: GraphError): RawAnswer {
    const body = error.body(this.#services.context.ids.trace());
    const { headers } = error.details;
    return jsonAnswer(error.status, body, { code: error.code, ...(headers ? { headers } : {}) });
  }

  async #answer(request: IncomingMessage, target: Target, sent: ParsedBody): Promise<RawAnswer> {
    const { context } = this.#services;
    const version = versionOf(target.parts[0]) ?? oldestVersion;
    const { query } = target;
    const token = tokenOf(context.world, request.headers.authorization, query, context.clock.now());
    const found = this.#find(target.node);
    if (!found || !target.endpoint || target.endpoint.kind !== found[0]) {
      throw missing(request.method ?? 'GET', target.node);
    }
    const [kind, node] = found;
    assertAllowed(token, target.endpoint.permission, this.#accountOf(kind, node));
    const answer = await target.endpoint.run(
      node,
      { method: request.method ?? 'GET', version, node: target.node, query, token, ...sent },
      this.#services,
    );
    return jsonAnswer(200, answer, { headers: { 'facebook-api-version': version } });
  }

  #find(id: string): [keyof NodeKinds, NodeKinds[keyof NodeKinds]] | undefined {
    const { world, shelf } = this.#services.context;
    const number = world.numbers.get(id);
    if (number) return ['number', number];
    const account = world.accounts.get(id);
    if (account) return ['account', account];
    const template = world.templates.get(id);
    if (template) return ['template', template];
    const media = shelf.get(id);
    if (media) return ['media', media];
    const app = world.apps.get(id);
    return app && ['app', app];
  }

  #accountOf(kind: keyof NodeKinds, node: NodeKinds[keyof NodeKinds]): string | undefined {
    if (kind === 'account') return node.id;
    if ('wabaId' in node) return node.wabaId;
    if (!('phoneNumberId' in node)) return undefined;
    return this.#services.context.world.numbers.get(node.phoneNumberId)?.wabaId;
  }
}

function missing(method: string, node: string): GraphError {
  return new GraphError(100, {
    subcode: graphSubcodes.noSuchObject,
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${node}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
  });
}
