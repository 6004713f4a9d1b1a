import { GraphError } from '../errors/graph-error';
import type { GraphContext } from '../graph-context';
import { bareType, misfit } from '../media/media-rules';
import { fillTemplate } from '../templates/template-parameters';
import { usableTemplate } from '../templates/usable-template';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import type { TemplateCategory } from '../world/template';
import { isWindowOpen, obstacleOf } from './obstacles';
import type { JsonObject, ParsedMessage } from './parse-message';
import type { Receipts } from './receipts';
import type { SentMessage } from './sent-message';

/** The kinds of message that carry a medium, also inside headers. */
const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;

/** Takes messages from businesses: checks what no schema can, writes the effect, sets it on its way. */
export class Outgoing {
  readonly #context: GraphContext;
  readonly #receipts: Receipts;

  /**
   * @param context everything else
   * @param receipts what becomes of a message
   */
  constructor(context: GraphContext, receipts: Receipts) {
    this.#context = context;
    this.#receipts = receipts;
  }

  /**
   * Accepts a message.
   * @throws GraphError as Meta would refuse it
   */
  async accept(number: BusinessNumber, message: ParsedMessage): Promise<SentMessage> {
    const { limiter } = this.#context;
    if (limiter.limits.registration && !number.registered) {
      throw new GraphError(133010, { details: 'This number is not registered.' });
    }
    if (number.trouble !== undefined) throw new GraphError(number.trouble);
    limiter.throughput(number);
    const contact = this.#recipient(message);
    if (contact.number === number.number) {
      throw new GraphError(131021, { details: 'The recipient is the sender.' });
    }
    limiter.pair(number, contact.number);
    const told = this.#content(number, message);
    await this.#checkMedia(number, message);
    const windowOpen = isWindowOpen(this.#context, number, contact);
    const refusal = obstacleOf(this.#context, number, contact, { ...told, windowOpen });
    if (refusal && this.#context.switches.refusals === 'answer') throw refusal;
    const sent: SentMessage = {
      id: this.#context.ids.message(contact.number),
      from: number,
      to: contact,
      message,
      ...told,
      windowOpen,
      refusal,
      steps: [],
    };
    this.#record(sent);
    this.#receipts.begin(sent);
    return sent;
  }

  #record(sent: SentMessage): void {
    const { ledger, clock, publish } = this.#context;
    const { callbackData } = sent.message;
    const effect = {
      id: sent.id,
      phoneNumberId: sent.from.id,
      to: sent.to.number,
      type: sent.message.type,
      ...(callbackData === undefined ? {} : { callbackData }),
      message: sent.message.body,
      time: clock.now(),
    };
    ledger.record(effect);
    publish('effect', effect);
  }

  #recipient(message: ParsedMessage): Contact {
    const { people } = this.#context.world;
    if (message.to !== undefined) return people.of(message.to);
    const contact = people.byUserId(message.recipient ?? '');
    if (contact) return contact;
    throw new GraphError(131009, { details: 'Param recipient is no user id of this portfolio.' });
  }

  #content(
    number: BusinessNumber,
    message: ParsedMessage,
  ): { text: string | undefined; category: TemplateCategory | 'SERVICE' } {
    const { content, type } = message;
    if (type !== 'template') {
      const { body, caption } = content as { body?: unknown; caption?: unknown };
      const text = typeof body === 'string' ? body : caption;
      return { text: typeof text === 'string' ? text : undefined, category: 'SERVICE' };
    }
    const { world, limiter } = this.#context;
    if (!limiter.limits.templates) {
      const { name, language } = content as { name: string; language: { code: string } };
      const known = world.template(number.wabaId, name, language.code);
      return { text: undefined, category: known?.category ?? 'UTILITY' };
    }
    const template = usableTemplate(world, number.wabaId, content);
    if (message.recipient !== undefined && template.category === 'AUTHENTICATION') {
      throw new GraphError(131062, {
        details: 'Authentication templates are sent to a phone number.',
      });
    }
    return { text: fillTemplate(template, content), category: template.category };
  }

  async #checkMedia(number: BusinessNumber, message: ParsedMessage): Promise<void> {
    for (const { kind, medium } of mediaIn(message)) {
      const { id, link } = medium as { id?: string; link?: string };
      if (id !== undefined) {
        const media = this.#context.shelf.get(id);
        if (media?.phoneNumberId !== number.id) {
          throw new GraphError(100, {
            subcode: 33,
            details: `Param ${kind}['id'] is no medium of this number.`,
          });
        }
        this.#fit(kind, media.mimeType, media.bytes.byteLength);
      } else if (link !== undefined) await this.#followLink(kind, link);
    }
  }

  async #followLink(kind: string, link: string): Promise<void> {
    if (!/^https?:\/\//.test(link) || !URL.canParse(link)) {
      throw new GraphError(100, { details: `Param ${kind}['link'] is not a valid URI.` });
    }
    const resolve = this.#context.resolveLink;
    if (!resolve) return;
    const found = await resolve(link);
    if (!found) throw new GraphError(131053, { details: 'The link could not be downloaded.' });
    this.#fit(kind, bareType(found.mimeType), found.size);
  }

  #fit(kind: string, mimeType: string, size: number): void {
    if (!this.#context.limiter.limits.media) return;
    const details = misfit(kind, mimeType, size);
    if (details !== undefined) throw new GraphError(131053, { details });
  }
}

/** Every medium of a message: its own, an interactive header's, a template header's. */
function mediaIn({ type, content }: ParsedMessage): { kind: string; medium: JsonObject }[] {
  const holders: JsonObject[] = [{ [type]: content }];
  if (type === 'interactive') holders.push((content.header ?? {}) as JsonObject);
  if (type === 'template') {
    const components = (content.components ?? []) as { parameters?: JsonObject[] }[];
    for (const { parameters } of components) holders.push(...(parameters ?? []));
  }
  return holders.flatMap((holder) =>
    mediaKinds.flatMap((kind) =>
      holder[kind] === undefined ? [] : [{ kind, medium: holder[kind] as JsonObject }],
    ),
  );
}
