import type { ErrorBody } from '../errors/gateway-error';
import type { MessageType } from '../messages/content';
import type { AbilityName } from '../provider/abilities';
import type { MemberStatus } from '../provider/member-status';
import type { Account } from '../provider/provider-event';
import type { OutboxDepth } from '../store/outbox-store';
import type { SessionState } from './session-state';

/** How a session stands: the wire object of `GET /internal/session/{id}/status`. */
export interface SessionStatus {
  /** The tenant. */
  readonly workspace_id: string;
  /** The session. */
  readonly session_id: string;
  /** The provider that it runs on. */
  readonly provider: string;
  /** Where it stands. */
  readonly state: SessionState;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Why, as one word. */
  readonly reason?: string;
  /** While it is `syncing`: how far, 0 to 100, when its provider knows. */
  readonly percent?: number;
  /** The account that it is, or was last, linked to. */
  readonly account?: Account;
  /** How the members stand that the provider is made of, while it runs. */
  readonly members?: readonly MemberStatus[];
  /** What went wrong last. */
  readonly last_error?: ErrorBody;
  /** When the present QR stops working, ISO 8601. */
  readonly qr_expires_at?: string;
  /** How many messages are where. */
  readonly queue: OutboxDepth;
  /** The types of message that it can send. */
  readonly message_types: readonly MessageType[];
  /** What else it can do. */
  readonly abilities: readonly AbilityName[];
}
