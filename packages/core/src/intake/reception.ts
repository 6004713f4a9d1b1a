import type { Clock } from '../clock';
import { GatewayError, toGatewayError } from '../errors/gateway-error';
import type { Observer } from '../observer';
import type { HeaderOf, WebhookPart } from '../provider/platform-webhook';
import type { Retries } from '../retries';
import type { IntakeEntry } from '../store/intake-store';
import type { Store } from '../store/store';
import type { Backlog } from './backlog';
import { newEntry } from './entry';
import { Proof } from './proof';
import { type Seat, type Seats, SeatsByAccount } from './seat';
import type { AllSeats, SeatBook } from './seat-book';
import type { Unclaimed } from './unclaimed';

/** What a reception works with. */
export interface ReceptionContext {
  /** Where state is. */
  readonly store: Store;
  /** Who is told by webhooks. */
  readonly seats: SeatBook;
  /** Has sessions read what is theirs. */
  readonly backlog: Backlog;
  /** Does again what failed. */
  readonly retries: Retries;
  /** Keeps what is nobody's. */
  readonly unclaimed: Unclaimed;
  /** Time. */
  readonly clock: Clock;
  /** Metrics. */
  readonly observer: Observer;
}

/** What was posted to a webhook address. */
export interface PostedWebhook {
  /** What the address ends in: a workspace's or a session's id. */
  readonly identifier: string;
  /** The headers. */
  readonly header: HeaderOf;
  /** The body as it came. */
  readonly body: Uint8Array;
}

/** Takes what platforms post: proves it, cuts it, and keeps each part for the session that it is for. */
export class Reception {
  readonly #context: ReceptionContext;

  /** @param context what the reception works with */
  constructor(context: ReceptionContext) {
    this.#context = context;
  }

  /** Answers a platform's question for an address. See `Intake.handshake`. */
  async handshake(identifier: string, query: Readonly<Record<string, string>>): Promise<string> {
    const { seats, broken } = await this.#at(identifier);
    for (const { webhook, settings } of seats) {
      const answer = webhook.handshake(settings, query);
      if (answer !== undefined) return answer;
    }
    if (broken.length > 0) throw cannotTell();
    throw new GatewayError('forbidden', 'The verify token is not the one that was configured.');
  }

  /** Takes what a platform posted. See `Intake.receive`. */
  async receive({ identifier, header, body }: PostedWebhook): Promise<number> {
    const { seats, broken } = await this.#at(identifier);
    const proof = new Proof(header, body);
    const first = seats.find((seat) => proof.holds(seat));
    if (first === undefined) {
      if (broken.length > 0) throw cannotTell();
      const why = 'The payload is not signed by the app secret that was configured.';
      throw new GatewayError('signature_invalid', why);
    }
    let parts: readonly WebhookPart[];
    try {
      parts = first.webhook.split(body);
    } catch (thrown) {
      const error = toGatewayError(thrown, 'bad_request', 'The payload could not be read.');
      const whole = { account: '', body: Buffer.from(body).toString() };
      await this.#context.unclaimed.keep([whole], first, proof, error);
      return 0;
    }
    await this.#keep(parts, seats, first, proof);
    this.#context.observer.webhookReceived?.({ provider: first.source, parts: parts.length });
    return parts.length;
  }

  async #keep(
    parts: readonly WebhookPart[],
    seats: readonly Seat[],
    first: Seat,
    proof: Proof,
  ): Promise<void> {
    const { store, backlog, clock } = this.#context;
    const entries: IntakeEntry[] = [];
    const strays: WebhookPart[] = [];
    const here = new SeatsByAccount(seats);
    let everywhere: AllSeats | undefined;
    for (const part of parts) {
      let seat = proof.find(part, here);
      if (seat === undefined) {
        everywhere ??= await this.#context.seats.all();
        seat = proof.find(part, everywhere.byAccount);
      }
      if (seat === undefined) strays.push(part);
      else entries.push(newEntry(seat, part.body, clock.now()));
    }
    await store.intake.put(entries);
    if (strays.length > 0) await this.#keepStrays(strays, first, proof, everywhere);
    // It is durable: whatever keeps its session from reading it now is not the sender's to hear.
    const own = new Map(entries.map((entry) => [entry.session_id, entry.workspace_id]));
    for (const [sessionId, workspaceId] of own) void backlog.read({ workspaceId, sessionId });
  }

  async #keepStrays(
    strays: readonly WebhookPart[],
    first: Seat,
    proof: Proof,
    before: AllSeats | undefined,
  ): Promise<void> {
    const { seats, unclaimed, retries } = this.#context;
    const why =
      'No session has the account that this is about. Configure one with the same app secret, or release it to a session.';
    await unclaimed.keep(strays, first, proof, new GatewayError('not_found', why));
    // Whoever was configured meanwhile looked for what is theirs before it was there to be found.
    await retries.run('/', {}, async (attempt) => {
      const now = await seats.all();
      // It stands for others, too, that failed meanwhile.
      if (attempt > 1) return await unclaimed.claim(async () => now.seats);
      if (now === before) return;
      const late = strays.flatMap((part) => proof.find(part, now.byAccount) ?? []);
      if (late.length > 0) await unclaimed.claim(async () => late);
    });
  }

  async #at(identifier: string): Promise<Seats> {
    const here = await this.#context.seats.at(identifier);
    if (here.seats.length + here.broken.length > 0) return here;
    const why = 'Nobody here is told by webhooks under this address.';
    throw new GatewayError('not_found', why);
  }
}

/** Whoever posts comes again, until somebody has mended the configuration. */
function cannotTell(): GatewayError {
  const why =
    'The configuration that this address belongs to cannot be read; the log says why. Come again later.';
  return new GatewayError('not_ready', why, { retryAfterMs: 60_000 });
}
