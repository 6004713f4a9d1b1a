/** A right to own something for a while. */
export interface Lease {
  /** What is owned, such as `session/ws_1/main`. */
  readonly resource: string;
  /** Who owns it. */
  readonly holder: string;
  /** The fencing token: rises by one with each acquisition. Writes under an older one are refused. */
  readonly epoch: number;
  /** When it ends unless renewed, milliseconds since 1970; 0 once it was given back. */
  readonly expires_at: number;
}

/** How an attempt to take a lease ended. */
export interface Acquisition {
  /** Whether the lease was taken. */
  readonly acquired: boolean;
  /** The lease that was taken, or the present one of somebody else. */
  readonly lease: Lease;
}

/** Who owns what, with fencing. */
export interface LeaseStore {
  /**
   * Takes a lease that is free, given back, expired for longer than the grace, or held by the same
   * holder, and raises the epoch. Atomic: of two calls at once, one acquires.
   * @returns the lease, or the present one of somebody else
   */
  acquire(request: {
    /** What is asked for. */
    readonly resource: string;
    /** Who asks. */
    readonly holder: string;
    /** Now, milliseconds since 1970. */
    readonly now: number;
    /** How long it is to hold, in milliseconds. */
    readonly ttlMs: number;
    /** How long after its end somebody else's lease is still respected, in milliseconds. */
    readonly graceMs: number;
  }): Promise<Acquisition>;
  /**
   * Prolongs a lease, also one that has expired if nobody took it since.
   * @returns false when the epoch is no longer the present one, or the lease was given back
   */
  renew(lease: Lease, now: number, ttlMs: number): Promise<boolean>;
  /** Gives a lease back, so that a successor can start at once. The epoch is kept. A lost one is left alone. */
  release(lease: Lease): Promise<void>;
  /** The present lease of a resource, expired or not. */
  get(resource: string): Promise<Lease | undefined>;
}

/** Under which resource name a session is leased, and its writes are fenced. */
export function sessionResource(workspaceId: string, sessionId: string): string {
  return `session/${workspaceId}/${sessionId}`;
}
