import { type ActionReason, GatewayError } from '@blazz/core';
import type { FallbackMember } from '../settings';
import type { MemberContext } from './member-context';

/** The class of refusals by which Meta shuts an account out for breaking its policies. */
const POLICY_BLOCK = 'policy_block';

/**
 * Why a member is barred: WhatsApp shut its account out, which no other way may get around. Whatever
 * else ends a member closes only this one way.
 * @param member its name
 * @param why what it ended with, or what a person is needed for
 * @returns what its messages are told; `undefined` when it is not barred
 */
export function barOf(member: string, why: GatewayError | ActionReason): GatewayError | undefined {
  const isError = typeof why !== 'string';
  if (isError ? why.details?.class !== POLICY_BLOCK : why !== 'blocked') return undefined;
  const what = isError ? why.message : 'WhatsApp blocks its account. Next: look at the phone.';
  const then = 'The message waits; reconnect the session once the block is gone.';
  return new GatewayError('not_ready', `${member} is barred: ${what} ${then}`, {
    cause: isError ? why : undefined,
    details: { member, ...(isError ? why.details : { class: POLICY_BLOCK }) },
  });
}

/** The name under which a bar outlives its member: another number in its place is not barred. */
export function barredAs(
  { factory, settings }: FallbackMember,
  { workspaceId, sessionId }: MemberContext,
): string {
  const accounts = factory.webhook?.accounts(settings) ?? [];
  return JSON.stringify([workspaceId, sessionId, factory.type, ...accounts]);
}
