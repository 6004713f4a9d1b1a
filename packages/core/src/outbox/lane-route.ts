import type { Provider } from '../provider/provider';
import type { SessionFence } from '../store/outbox-store';

/** What a lane sends through while the session is ready. */
export interface LaneRoute {
  /** The provider. */
  readonly provider: Provider;
  /** The provider's type, for the record. */
  readonly providerType: string;
  /** The session, and the epoch under which it is owned. */
  readonly fence: SessionFence;
}
