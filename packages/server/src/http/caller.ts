import type { Scope } from './scope';

/** Who made a request, once that is certain. A `SigningKey` of core is one. */
export interface Caller {
  /** The id of the key. */
  readonly id: string;
  /** The workspaces that the key covers, or `'*'` for every one. */
  readonly workspaces: '*' | ReadonlySet<string>;
  /** Whether the key may do this. */
  hasScope(scope: Scope): boolean;
  /** Whether the key covers a workspace. One that it does not cover looks missing to its holder. */
  covers(workspaceId: string): boolean;
  /**
   * Whether the key is accepted at a time: a long-lived connection asks again and again.
   * @param now milliseconds since 1970
   */
  validity(now: number): 'valid' | 'not_yet_valid' | 'expired';
}

/** The only workspace that a caller's key covers; `undefined` when there are several, or all. */
export function onlyWorkspace(caller: Caller): string | undefined {
  if (caller.workspaces === '*' || caller.workspaces.size !== 1) return undefined;
  const [id] = caller.workspaces;
  return id;
}
