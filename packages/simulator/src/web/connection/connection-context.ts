import type { Acknowledger } from '../network/acknowledger';
import type { Amendments } from '../network/amendments';
import type { NetworkContext } from '../network/network-context';
import type { Outgoing } from '../network/outgoing';
import type { PostOffice } from '../network/post-office';
import type { PairingDesk } from '../pairing/pairing-desk';
import type { PageConnection } from './page-connection';

/** What a page's connection needs of the simulator. */
export interface ConnectionContext extends NetworkContext {
  /** Hands out QR codes and pairing codes. */
  readonly desk: PairingDesk<PageConnection>;
  /** Takes what pages send. */
  readonly outgoing: Outgoing;
  /** Brings messages to pages. */
  readonly office: PostOffice;
  /** Moves acknowledgements. */
  readonly acknowledger: Acknowledger;
  /** Changes messages. */
  readonly amendments: Amendments;
}
