import {
  type Attempt,
  GatewayError,
  type MessageContent,
  type OutgoingMessage,
  type Provider,
  type ProviderEvent,
  type ProviderFactory,
  parseRecipient,
  type SendOutcome,
  silentLogger,
} from '@blazz/core';
import { type FallbackOptions, fallbackProvider } from '@blazz/providers/fallback';
import { ManualClock } from '@blazz/simulator/clock';
import {
  type ScriptedAccount,
  type ScriptedProviderOptions,
  ScriptedWhatsApp,
  type ScriptedWhatsAppOptions,
  scriptedProvider,
} from '@blazz/simulator/provider';

/** What a member of a lab can be. */
export interface LabMember extends Omit<ScriptedProviderOptions, 'world' | 'type'> {
  readonly world?: Omit<ScriptedWhatsAppOptions, 'clock' | 'idPrefix'>;
  /** Whether it is linked from the beginning. Default: true. */
  readonly linked?: boolean;
  /** Whether it has no link at all, as the Cloud API. Default: false. */
  readonly linkless?: boolean;
  /** Changes the factory. */
  readonly factory?: (factory: ProviderFactory) => ProviderFactory;
}

/** What a lab is made of. */
export interface LabOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly options?: Partial<FallbackOptions>;
}

/** One fallback session over scripted members, with time in the test's hands. */
export class Lab {
  readonly clock: ManualClock = new ManualClock();
  readonly worlds: readonly ScriptedWhatsApp[];
  readonly events: ProviderEvent[] = [];
  readonly factory: ProviderFactory;
  provider: Provider;
  readonly #create: () => Provider;
  #messages = 0;

  constructor(members: readonly LabMember[], { settings = {}, options = {} }: LabOptions = {}) {
    this.worlds = members.map(
      ({ world }, index) =>
        new ScriptedWhatsApp({
          receipts: {},
          ...world,
          clock: this.clock,
          idPrefix: `${names[index]}_`,
        }),
    );
    const factories = members.map(
      ({ world: _, linked, linkless, factory: change = same, ...rest }, index) => {
        const world = this.world(index);
        if (linked !== false) world.account('ws', 'main').link();
        const type = names[index] ?? '';
        const { linked: isLinked, ...factory } = scriptedProvider({ ...rest, type, world });
        const ownsId = (id: string): boolean => id.startsWith(`${type}_`);
        const links = linkless === true || isLinked === undefined ? {} : { linked: isLinked };
        return change({ ...factory, ...links, ownsId });
      },
    );
    this.factory = fallbackProvider({ members: factories, ...options }) as ProviderFactory;
    const own = members.map((_, index) => ({ provider: names[index] }));
    const parsed = this.factory.parse({ members: own, ...settings });
    this.#create = () =>
      this.factory.create({
        workspaceId: 'ws',
        sessionId: 'main',
        settings: parsed,
        emit: (event) => this.events.push(event),
        clock: this.clock,
        random: () => 0.5,
        logger: silentLogger,
      });
    this.provider = this.#create();
  }

  /** Has another start of the session take the place of this one. */
  async replace(): Promise<void> {
    await this.clock.play(this.provider.stop());
    this.provider = this.#create();
    await this.start();
  }

  /** A lab whose session is up. */
  static async up(members: readonly LabMember[], options?: LabOptions): Promise<Lab> {
    const lab = new Lab(members, options);
    await lab.start();
    return lab;
  }

  world(index: number): ScriptedWhatsApp {
    const world = this.worlds[index];
    if (world === undefined) throw new Error(`There is no member ${index}.`);
    return world;
  }

  account(index: number): ScriptedAccount {
    return this.world(index).account('ws', 'main');
  }

  async start(signal: AbortSignal = new AbortController().signal): Promise<void> {
    await this.clock.play(this.provider.start(signal));
    await this.clock.advance(10);
  }

  /** The connection's reports so far, by type. */
  get moves(): readonly string[] {
    return this.events.map(({ type }) => type).filter((type) => !type.includes('.'));
  }

  all<T extends ProviderEvent['type']>(type: T): readonly Extract<ProviderEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<ProviderEvent, { type: T }> => {
      return event.type === type;
    });
  }

  get states(): Readonly<Record<string, string>> {
    const all = this.provider.members?.() ?? [];
    return Object.fromEntries(all.map(({ member, state }) => [member, state]));
  }

  /** The members that WhatsApp shut out. */
  get barred(): readonly string[] {
    const all = this.provider.members?.() ?? [];
    return all.flatMap(({ member, barred }) => (barred === true ? [member] : []));
  }

  get breakers(): readonly string[] {
    return (this.provider.members?.() ?? []).map(({ breaker }) => breaker);
  }

  message(
    content: MessageContent | string = 'hello',
    more: Partial<OutgoingMessage> = {},
  ): OutgoingMessage {
    const message: OutgoingMessage = {
      message_id: `msg_${++this.#messages}`,
      recipient: parseRecipient('628120000001'),
      content: typeof content === 'string' ? text(content) : content,
      ...more,
    };
    return message;
  }

  send(
    message: OutgoingMessage = this.message(),
    signal: AbortSignal = new AbortController().signal,
  ): Promise<SendOutcome> {
    return this.provider.send(message, this.attempt(), signal);
  }

  attempt(number = 1): Attempt {
    return { number, epoch: 1, startedAt: this.clock.now() };
  }

  /** How often each member's WhatsApp got a message. */
  effects(messageId?: string): readonly number[] {
    return this.worlds.map(({ effects }) => {
      return effects.filter((one) => messageId === undefined || one.message_id === messageId)
        .length;
    });
  }
}

/** The members' names. */
const names = ['first', 'second', 'third'] as const;

/** A text. */
export function text(body: string): MessageContent {
  return { type: 'text', text: { body } };
}

/** Graph's refusal outside of the 24-hour window, as the Cloud API's provider tells it. */
export const windowClosed: GatewayError = new GatewayError('rejected', 'The window is closed.', {
  details: { graph_code: 131_047, class: 'window' },
});

/** Meta shut the account out, as the Cloud API's provider tells it. */
export const accountLocked: GatewayError = new GatewayError(
  'rejected',
  'The account is locked (Graph 131031). Next: appeal.',
  { details: { graph_code: 131_031, class: 'policy_block' } },
);

function same(factory: ProviderFactory): ProviderFactory {
  return factory;
}
