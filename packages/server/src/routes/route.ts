import type { Session } from '@blazz/core';
import type { TObject, TSchema } from '@sinclair/typebox';
import type { Caller } from '../http/caller';
import type { Scope } from '../http/scope';

/** Where a route finds the workspace that the caller's key must cover. */
export type WorkspaceFrom =
  /** `workspace_id` of the body. */
  | 'body'
  /** `workspace_id` of the query; may be left out when the key covers exactly one workspace. */
  | 'query'
  /** `{id}` of the path, a workspace id. */
  | 'path'
  /** `{id}` of the path: a session id, or a workspace id and then its primary session. */
  | 'session'
  /** Nowhere: what is asked for is no workspace's, and the key must cover every one. */
  | 'every'
  /** Nowhere: the handler narrows its answer to what the key covers. */
  | 'none';

/** Who may call a route. A route without a grant is refused at start. */
export type Grant =
  | {
      /** Anybody, unsigned. */
      readonly kind: 'public';
    }
  | {
      /** Holders of a key. */
      readonly kind: 'key';
      /** What the key must allow. */
      readonly scope: Scope;
      /** Where the workspace is found. */
      readonly workspace: WorkspaceFrom;
    };

/** What a handler answers with. */
export interface Answer {
  /** The HTTP status. Default: 200. */
  readonly status?: number;
  /** The data that goes into the envelope. */
  readonly data?: unknown;
  /** The whole body, for answers that have no envelope or are a refusal. */
  readonly body?: unknown;
  /** Further headers, lower-case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, checked and authorised. */
export interface Call<
  Params = unknown,
  Query = unknown,
  Body = unknown,
  Who = Caller | undefined,
  WorkspaceId = string | undefined,
  Sess = Session | undefined,
> {
  /** The variable parts of the path. */
  readonly params: Params;
  /** The query. */
  readonly query: Query;
  /** The body. */
  readonly body: Body;
  /** Who called. */
  readonly caller: Who;
  /** The workspace that the call is about; the caller's key covers it. */
  readonly workspaceId: WorkspaceId;
  /** The session that the call is about. */
  readonly session: Sess;
  /** A header of the request, by its lower-case name. */
  header(name: string): string | undefined;
  /** Runs `work` with a signal that is aborted when the client is gone or the server drains. */
  whileWaiting<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** What a route is made of, whatever its types. */
export interface Route {
  /** The method. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path, with `:name` for its variable parts. */
  readonly path: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** What else there is to know. */
  readonly description?: string;
  /** Who may call it. */
  readonly grant: Grant;
  /** The shape of the path's variable parts. */
  readonly params?: TObject;
  /** The shape of the query. */
  readonly query?: TObject;
  /** The shape of the body. */
  readonly body?: TSchema;
  /** The whole shape of the body, for the documentation, where more is checked than `body` says. */
  readonly bodyDocs?: TSchema;
  /** The most bytes that a body may have. Default: 65,536. */
  readonly bodyLimit?: number;
  /** The shape of each good answer's data, by status. */
  readonly answers: Readonly<Record<number, TSchema>>;
  /** Whether the answer goes out without the envelope. */
  readonly bare?: boolean;
  /** Answers a call. */
  handle(call: Call): Promise<Answer> | Answer;
}

type Shape<T> = T extends TSchema ? T['static'] : undefined;
type WhoOf<G> = G extends { kind: 'public' } ? undefined : Caller;
type WorkspaceOf<G> = G extends { workspace: Exclude<WorkspaceFrom, 'none' | 'every'> }
  ? string
  : undefined;
type SessionOf<G> = G extends { workspace: 'session' } ? Session : undefined;

/** A route whose handler knows the types of its call. */
export type TypedRoute<G extends Grant, P, Q, B> = Omit<
  Route,
  'grant' | 'params' | 'query' | 'body' | 'handle'
> & {
  /** {@inheritDoc Route.grant} */
  readonly grant: G;
  /** {@inheritDoc Route.params} */
  readonly params?: P;
  /** {@inheritDoc Route.query} */
  readonly query?: Q;
  /** {@inheritDoc Route.body} */
  readonly body?: B;
  /** {@inheritDoc Route.handle} */
  handle(
    call: Call<Shape<P>, Shape<Q>, Shape<B>, WhoOf<G>, WorkspaceOf<G>, SessionOf<G>>,
  ): Promise<Answer> | Answer;
};

/** Defines a route: its handler is typed by its schemas and its grant. */
export function route<
  const G extends Grant,
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(definition: TypedRoute<G, P, Q, B>): Route {
  // Registration checks the call against the same schemas and grant before it hands it over.
  return definition as unknown as Route;
}
