import type { AbilityName, Pace, ProviderCapabilities } from '@blazz/core';
import { metaMessageTypes } from '../encode/message';

/** What the Cloud API can do. Templates belong to a business account, which has to be named. */
export function capabilitiesOf(pace: Pace, hasAccount: boolean): ProviderCapabilities {
  const abilities: AbilityName[] = [
    'typing',
    'markRead',
    'mediaDownload',
    'mediaUpload',
    'blocking',
    'registration',
  ];
  if (hasAccount) abilities.push('templates');
  return { messageTypes: metaMessageTypes, abilities, pace };
}
