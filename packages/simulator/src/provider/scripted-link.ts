import {
  type ActionReason,
  type CancelTimer,
  delay,
  GatewayError,
  type PairingCode,
  type ProviderEvent,
} from '@blazz/core';
import type { Connection } from './connection';
import type { Seat, Stage } from './stage';

/** What a link is made of. */
export interface LinkContext {
  /** The WhatsApp that it connects to. */
  readonly stage: Stage;
  /** Its account. */
  readonly seat: Seat;
  /** Reports an event. */
  readonly emit: (event: ProviderEvent) => void;
}

type State = 'new' | 'starting' | 'pairing' | 'syncing' | 'ready' | 'interrupted' | 'over';

/** One start of one scripted session: from its first step to its end, and its pairing in between. */
export class ScriptedLink implements Connection {
  readonly #context: LinkContext;
  readonly #life = new AbortController();
  #state: State = 'new';
  #qr: string | undefined;
  #code: string | undefined;
  #codes = 0;
  #cancelTimer: CancelTimer = () => undefined;

  /** @param context what the link is made of */
  constructor(context: LinkContext) {
    this.#context = context;
  }

  /** Aborted when the link ends, however it does. */
  get over(): AbortSignal {
    return this.#life.signal;
  }

  /** {@inheritDoc Connection.isReady} */
  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** {@inheritDoc Connection.qr} */
  get qr(): string | undefined {
    return this.#qr;
  }

  /** {@inheritDoc Connection.pairingCode} */
  get pairingCode(): string | undefined {
    return this.#code;
  }

  /** Connects, as `Provider.start` says. */
  async start(signal: AbortSignal): Promise<void> {
    const { stage, seat } = this.#context;
    if (this.#state !== 'new') {
      throw new GatewayError('start_failed', 'A provider starts once: create a new one.', {
        retryable: false,
      });
    }
    this.#state = 'starting';
    const end = AbortSignal.any([signal, this.over]);
    try {
      end.throwIfAborted();
      seat.line.attach(this);
      const step = seat.line.takeStart();
      if (step?.outcome === 'fail') {
        throw step.error ?? new GatewayError('start_failed', 'The script lets this start fail.');
      }
      if (step?.outcome === 'hang') await never(end);
      if (stage.options.startMs > 0) await delay(stage.options.clock, stage.options.startMs, end);
      if (step?.outcome === 'action_required') return this.needsPerson(step.reason, false);
      if (seat.line.linked) await this.#sync(end);
      else this.#showQr();
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** Disconnects, as `Provider.stop` says. */
  stop(): void {
    this.#end();
  }

  /** Shows a pairing code beside the QR. */
  requestCode(): PairingCode {
    if (this.#state !== 'pairing') {
      throw new GatewayError(
        'not_ready',
        'There is no QR to replace: the session is linked, or not started.',
      );
    }
    const { stage, emit } = this.#context;
    this.#code = `CODE${String(++this.#codes).padStart(4, '0')}`;
    const code = { code: this.#code, expiresAt: stage.options.clock.now() + 180_000 };
    emit({ type: 'pairing_code', ...code });
    return code;
  }

  /** Removes the device from the account. */
  logout(): void {
    this.#context.seat.line.linked = false;
    this.#end();
  }

  /** {@inheritDoc Connection.tell} */
  tell(event: ProviderEvent): void {
    this.#context.emit(event);
  }

  /** {@inheritDoc Connection.paired} */
  paired(): void {
    this.#sync(this.over).catch(() => undefined);
  }

  /** {@inheritDoc Connection.loading} */
  loading(percent: number): void {
    if (this.#state === 'syncing') this.#context.emit({ type: 'syncing', percent });
  }

  /** {@inheritDoc Connection.unlinked} */
  unlinked(reason: string): void {
    this.#endWith({ type: 'logged_out', reason });
  }

  /** {@inheritDoc Connection.crashed} */
  crashed(error: GatewayError): void {
    this.#endWith({ type: 'down', error });
  }

  /** {@inheritDoc Connection.needsPerson} */
  needsPerson(reason: ActionReason, waiting: boolean): void {
    if (!waiting) return this.#endWith({ type: 'action_required', reason });
    if (this.#state !== 'ready') return;
    this.#state = 'interrupted';
    this.#context.emit({ type: 'action_required', reason, waiting });
  }

  /** {@inheritDoc Connection.interrupted} */
  interrupted(reason: string): void {
    if (this.#state !== 'ready') return;
    this.#state = 'interrupted';
    this.#context.emit({ type: 'interrupted', reason });
  }

  /** {@inheritDoc Connection.restored} */
  restored(): void {
    if (this.#state === 'interrupted') this.#ready();
  }

  #showQr(): void {
    const { stage, emit } = this.#context;
    const { clock, qrMs } = stage.options;
    this.#state = 'pairing';
    this.#qr = `${++this.#codes}@${stage.newId()},noise,identity,adv,1`;
    this.#cancelTimer = clock.schedule(qrMs, () => this.#showQr());
    emit({ type: 'qr', text: this.#qr, expiresAt: clock.now() + qrMs });
  }

  async #sync(signal: AbortSignal): Promise<void> {
    const { stage, emit } = this.#context;
    this.#cancelTimer();
    this.#qr = undefined;
    this.#code = undefined;
    this.#state = 'syncing';
    emit({ type: 'syncing' });
    if (stage.options.syncMs > 0) await delay(stage.options.clock, stage.options.syncMs, signal);
    if (this.#state === 'syncing') this.#ready();
  }

  #ready(): void {
    const { seat, emit } = this.#context;
    this.#state = 'ready';
    emit({ type: 'ready', account: seat.mailbox.identity });
    seat.line.catchUp();
  }

  #endWith(event: ProviderEvent): void {
    this.#end();
    this.#context.emit(event);
  }

  #end(): void {
    this.#state = 'over';
    this.#qr = undefined;
    this.#code = undefined;
    this.#cancelTimer();
    this.#context.seat.line.detach(this);
    this.#life.abort(new GatewayError('provider_failed', 'The scripted session has ended.'));
  }
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
