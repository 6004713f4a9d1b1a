import { Type } from '@sinclair/typebox';
import { GraphError } from '../errors/graph-error';
import { check } from '../schemas/check';
import { interactiveSchemas } from '../schemas/interactive';
import { contentSchemas, envelopeMembers, readSchema } from '../schemas/message-content';
import { componentSchemas } from '../schemas/template-message';
import { strict } from '../schemas/vocabulary';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A message as a business sends it, checked. */
export interface ParsedMessage {
  /** What kind it is. */
  readonly type: string;
  /** The recipient's number as it was written. */
  readonly to?: string;
  /** The recipient's business-scoped user id. */
  readonly recipient?: string;
  /** What comes back in its statuses. */
  readonly callbackData?: string;
  /** The message that it answers. */
  readonly contextId?: string;
  /** The member that is named after its type. */
  readonly content: JsonObject;
  /** The whole request. */
  readonly body: JsonObject;
}

/** A request that marks a message as read. */
export interface ParsedRead {
  /** The customer's message. */
  readonly messageId: string;
  /** Whether the customer sees somebody type. */
  readonly typing: boolean;
}

/** Whether a request to `/messages` marks something as read instead of sending. */
export const isRead = (body: JsonObject): boolean => 'status' in body;

/** Checks a read mark. @throws GraphError 100 */
export function parseRead(body: JsonObject): ParsedRead {
  check(readSchema, body);
  return { messageId: body.message_id as string, typing: body.typing_indicator !== undefined };
}

/** Checks a message. @throws GraphError 100, 131008, 131009 or 131051 */
export function parseMessage(body: JsonObject): ParsedMessage {
  const type = typeOf(body);
  const content = body[type];
  const inner = contentSchemas[type] ?? Type.Unknown();
  check(strict({ ...envelopeMembers, [type]: Type.Optional(Type.Unknown()) }), body);
  if (content === undefined) {
    throw new GraphError(131008, { details: `The parameter ${type} is required.` });
  }
  check(inner, content, type);
  if (type === 'interactive') checkInteractive(content as JsonObject);
  if (type === 'template') checkComponents(content as JsonObject);
  const { to, recipient } = body as { to?: string; recipient?: string };
  checkRecipient(to, recipient);
  const context = body.context as { message_id: string } | undefined;
  const callbackData = body.biz_opaque_callback_data as string | undefined;
  return {
    type,
    content: content as JsonObject,
    body,
    ...(to === undefined ? {} : { to }),
    ...(recipient === undefined ? {} : { recipient }),
    ...(context === undefined ? {} : { contextId: context.message_id }),
    ...(callbackData === undefined ? {} : { callbackData }),
  };
}

function typeOf(body: JsonObject): string {
  const type = body.type ?? 'text';
  if (typeof type === 'string' && Object.hasOwn(contentSchemas, type)) return type;
  throw new GraphError(100, {
    message: '(#100) Invalid parameter',
    details: `Param type must be one of {${Object.keys(contentSchemas).join(', ')}}.`,
  });
}

function checkRecipient(to: string | undefined, recipient: string | undefined): void {
  if (to === undefined && recipient === undefined) {
    throw new GraphError(100, { message: '(#100) The parameter to is required.' });
  }
  if (to !== undefined && recipient !== undefined) {
    throw new GraphError(100, { details: 'Give to or recipient, not both.' });
  }
  if (to === undefined) return;
  const digits = to.replace(/\D/g, '').length;
  // The ids of groups have digits too, among letters: groups are not simulated.
  if (digits >= 5 && digits <= 20 && !/[^\d\s()+.-]/.test(to)) return;
  throw new GraphError(131009, { details: 'Param to is not a phone number.' });
}

function checkInteractive(content: JsonObject): void {
  const schema = interactiveSchemas[String(content.type)];
  if (schema) check(schema, content, 'interactive');
  else {
    throw new GraphError(131009, {
      details: `Param interactive['type'] must be one of {${Object.keys(interactiveSchemas).join(', ')}}.`,
    });
  }
  const { action } = content as { action: { parameters?: JsonObject } };
  if (content.type !== 'flow') return;
  const { flow_id: id, flow_name: name } = action.parameters ?? {};
  if ((id === undefined) !== (name === undefined)) return;
  throw new GraphError(131009, { details: 'A flow message has flow_id or flow_name, not both.' });
}

function checkComponents(content: JsonObject): void {
  const components = (content.components ?? []) as readonly JsonObject[];
  for (const [place, component] of components.entries()) {
    const schema = componentSchemas[String(component.type).toLowerCase()];
    const prefix = `template/components/${place}`;
    if (schema) check(schema, { ...component, type: String(component.type).toLowerCase() }, prefix);
    else throw new GraphError(100, { details: `Param ${prefix} has an unknown type.` });
  }
}
