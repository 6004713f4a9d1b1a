import type { OutgoingMessage, SendOutcome, TemplateComponent } from '@blazz/core';

/** The template that carries a free text while the 24-hour window is closed. Wire shape. */
export interface WindowTemplate {
  /** The approved template's name. */
  readonly name: string;
  /** Its language, such as `en_US`. */
  readonly language: string;
  /**
   * Its values, as in a template message; `{{text}}` in them stands for the text. Default: a body
   * whose one value is the text.
   */
  readonly components?: readonly TemplateComponent[];
}

/** Where a template's values name the text. */
export const textMark = '{{text}}';

const wholeBody: readonly TemplateComponent[] = [
  { type: 'body', parameters: [{ type: 'text', text: textMark }] },
];

/** Graph's code for a free message outside of the 24-hour window. */
const WINDOW_CODE = 131_047;

/** Whether a definite refusal says that the 24-hour window is closed. */
export function isWindowClosed(outcome: SendOutcome): boolean {
  if (outcome.status !== 'rejected' || outcome.scope === 'channel') return false;
  const details = outcome.error.details ?? {};
  return details.graph_code === WINDOW_CODE || details.class === 'window';
}

/** The text of a message as the approved template; `undefined` for what is no text. */
export function asTemplate(
  message: OutgoingMessage,
  template: WindowTemplate,
): OutgoingMessage | undefined {
  if (message.content.type !== 'text') return undefined;
  // WhatsApp takes no line breaks, tabs or rows of blanks in a template's values.
  const text = message.content.text.body.replace(/\s+/g, ' ').trim();
  const components = fill(template.components ?? wholeBody, text);
  const { name, language } = template;
  const content = { name, language: { code: language }, components };
  return { ...message, content: { type: 'template', template: content } };
}

/** Puts the text in wherever a value names it. */
function fill<T>(value: T, text: string): T {
  if (typeof value === 'string') return value.replaceAll(textMark, () => text) as T;
  if (Array.isArray(value)) return value.map((entry) => fill(entry, text)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, fill(entry, text)]);
  return Object.fromEntries(entries) as T;
}
