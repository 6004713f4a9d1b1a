/**
 * Several providers as one, in order: providers of type `fallback`.
 * @packageDocumentation
 */

// The provider
export { type FallbackOptions, fallbackProvider } from './fallback-provider';
export { defaultMemberTimings, type MemberTimings } from './member/member-context';
// The table
export { type FallbackRule, type Finding, fallbackRules } from './rules';
export type { FallbackMember, FallbackSettings } from './settings';
export type { WindowTemplate } from './window-template';
