import {
  type AbilityName,
  GatewayError,
  type ProviderAbilities,
  type SendOutcome,
} from '@blazz/core';
import type { ScriptedGesture } from './ledger';
import type { ScriptedLink } from './scripted-link';
import type { Seat, Stage } from './stage';

/** What abilities work on. */
export interface AbilityContext {
  /** The WhatsApp. */
  readonly stage: Stage;
  /** The account. */
  readonly seat: Seat;
  /** The connection. */
  readonly link: ScriptedLink;
}

/** The abilities that a scripted provider can have. */
export const scriptedAbilities: readonly ScriptedAbility[] = [
  'pairing',
  'logout',
  'typing',
  'markRead',
  'mediaDownload',
  'reconciliation',
];

/** The name of an ability that a scripted provider can have. */
export type ScriptedAbility = Exclude<
  AbilityName,
  'mediaUpload' | 'blocking' | 'templates' | 'registration'
>;

/** The abilities that are named, and no other. */
export function abilitiesFor(
  names: readonly ScriptedAbility[],
  context: AbilityContext,
): ProviderAbilities {
  const { stage, seat, link } = context;
  const show = (
    gesture: Pick<ScriptedGesture, 'kind' | 'chat_id' | 'provider_message_id'>,
  ): void => {
    requireReady(link);
    stage.gestures.push({ ...seat.name, ...gesture });
  };
  const all: Required<Pick<ProviderAbilities, ScriptedAbility>> = {
    pairing: { requestCode: async () => link.requestCode() },
    logout: { logout: async () => link.logout() },
    typing: { setTyping: async (chat_id, kind) => show({ kind, chat_id }) },
    markRead: {
      markRead: async (chat_id, id) =>
        show({ kind: 'read', chat_id, ...(id === undefined ? {} : { provider_message_id: id }) }),
    },
    mediaDownload: {
      download: async (mediaId) => {
        requireReady(link);
        return seat.mailbox.media(mediaId);
      },
    },
    reconciliation: {
      reconcile: async (message): Promise<SendOutcome | undefined> => {
        const { workspaceId, sessionId } = seat.name;
        const effect = stage.effects.find(
          (one) =>
            one.message_id === message.message_id &&
            one.workspaceId === workspaceId &&
            one.sessionId === sessionId,
        );
        return effect && { status: 'sent', provider_message_id: effect.provider_message_id };
      },
    },
  };
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

function requireReady(link: ScriptedLink): void {
  if (link.isReady) return;
  throw new GatewayError('not_ready', 'The session is not ready for this; wait, or link it first.');
}
