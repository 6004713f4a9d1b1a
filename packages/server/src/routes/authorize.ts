import { type Gateway, GatewayError, type Session, toId } from '@blazz/core';
import { type Caller, onlyWorkspace } from '../http/caller';
import { notFound } from './not-found';
import type { Grant, WorkspaceFrom } from './route';

/** What a call is about, once the grant has been checked. */
export interface Target {
  /** The workspace, when the route has one. */
  readonly workspaceId: string | undefined;
  /** The session, when the route has one. */
  readonly session: Session | undefined;
}

/** The parts of a request that can name a workspace. */
export interface RequestParts {
  /** The variable parts of the path. */
  readonly params: unknown;
  /** The query. */
  readonly query: unknown;
  /** The body. */
  readonly body: unknown;
}

const nothing: Target = { workspaceId: undefined, session: undefined };

/**
 * Finds what a call is about and checks that the caller's key covers it. This is the tenant wall.
 * @throws GatewayError `forbidden` when the key lacks the scope or is limited where it must not be, `not_found` when it does not cover
 * the workspace or the session does not exist, `bad_request` when no workspace is named
 */
export function authorize(
  gateway: Gateway,
  grant: Grant,
  caller: Caller | undefined,
  parts: RequestParts,
): Target | Promise<Target> {
  if (grant.kind === 'public') return nothing;
  if (caller === undefined) throw new GatewayError('internal', 'A keyed route had no caller.');
  if (!caller.hasScope(grant.scope)) {
    throw new GatewayError(
      'forbidden',
      `The key lacks the scope "${grant.scope}". Add it to the key, or use another one.`,
      { details: { scope: grant.scope } },
    );
  }
  if (grant.workspace === 'none') return nothing;
  if (grant.workspace === 'every') {
    if (caller.workspaces === '*') return nothing;
    const why = 'Only a key that covers every workspace may do this. Use such a one.';
    throw new GatewayError('forbidden', why);
  }
  if (grant.workspace === 'session') return findSession(gateway, caller, parts);
  const workspaceId = findWorkspace(grant.workspace, caller, parts);
  if (!caller.covers(workspaceId)) throw notFound();
  return { workspaceId, session: undefined };
}

async function findSession(gateway: Gateway, caller: Caller, parts: RequestParts): Promise<Target> {
  const id = toId(field(parts.params, 'id'), 'id');
  const session = await gateway.sessions.find(id, (workspaceId) => caller.covers(workspaceId));
  if (session === undefined || !caller.covers(session.workspaceId)) throw notFound();
  return { workspaceId: session.workspaceId, session };
}

function findWorkspace(
  from: Exclude<WorkspaceFrom, 'none' | 'every' | 'session'>,
  caller: Caller,
  parts: RequestParts,
): string {
  if (from === 'path') return toId(field(parts.params, 'id'), 'id');
  const given = field(from === 'body' ? parts.body : parts.query, 'workspace_id');
  if (given !== undefined) return toId(given, 'workspace_id');
  const only = onlyWorkspace(caller);
  if (only !== undefined) return only;
  throw new GatewayError(
    'bad_request',
    'Name the workspace with workspace_id: the key covers more than one.',
    { details: { path: 'workspace_id' } },
  );
}

function field(part: unknown, name: string): unknown {
  return typeof part === 'object' && part !== null
    ? (part as Record<string, unknown>)[name]
    : undefined;
}
