import type { GraphContext } from '../graph-context';
import type { GraphRequest } from '../http/graph-request';
import type { GraphMedia } from '../media/media-shelf';
import type { Outgoing } from '../messages/outgoing';
import type { Receipts } from '../messages/receipts';
import type { Callbacks } from '../webhooks/callback';
import type { Permission } from '../world/access-token';
import type { GraphApp } from '../world/app';
import type { BusinessAccount } from '../world/business-account';
import type { BusinessNumber } from '../world/business-number';
import type { Template } from '../world/template';

/** What the ids in the paths stand for. */
export interface NodeKinds {
  /** A business number. */
  number: BusinessNumber;
  /** A WhatsApp Business Account. */
  account: BusinessAccount;
  /** A template. */
  template: Template;
  /** A medium. */
  media: GraphMedia;
  /** An app. */
  app: GraphApp;
}

/** What endpoints work with. */
export interface GraphServices {
  /** Everything shared. */
  readonly context: GraphContext;
  /** Takes messages. */
  readonly outgoing: Outgoing;
  /** What becomes of messages. */
  readonly receipts: Receipts;
  /** The callbacks of others. */
  readonly callbacks: Callbacks;
  /** Where the simulated Graph API is. */
  readonly origin: () => string;
}

/** A request to an endpoint. */
export interface GraphCall<Kind extends keyof NodeKinds> {
  /** What the path's id stands for. */
  readonly node: NodeKinds[Kind];
  /** The request. */
  readonly request: GraphRequest;
  /** What the endpoint works with. */
  readonly services: GraphServices;
}

/** One endpoint of the Graph API. */
export interface GraphEndpoint {
  /** Its name, by which faults match. */
  readonly name: string;
  /** The HTTP method. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** What the path's id stands for. */
  readonly kind: keyof NodeKinds;
  /** What follows the id in the path; empty for the thing itself. */
  readonly edge: string;
  /** What the token must allow. */
  readonly permission: Permission;
  /** Answers. @throws GraphError */
  readonly run: (
    node: NodeKinds[keyof NodeKinds],
    request: GraphRequest,
    services: GraphServices,
  ) => Promise<object> | object;
}

/** Makes endpoints of one kind of node. */
export function endpointsOf<Kind extends keyof NodeKinds>(kind: Kind, permission: Permission) {
  return (
    name: string,
    method: GraphEndpoint['method'],
    edge: string,
    run: (call: GraphCall<Kind>) => Promise<object> | object,
  ): GraphEndpoint => ({
    name,
    method,
    kind,
    edge,
    permission,
    run: (node, request, services) => run({ node: node as NodeKinds[Kind], request, services }),
  });
}
