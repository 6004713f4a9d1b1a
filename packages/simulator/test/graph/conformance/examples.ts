/** What of Meta's examples the simulator does not take, and why. */
export const refusedExamples: Readonly<Record<string, string>> = {
  'Send Reply to List Message':
    'It has no type, which makes it a text message without a text at Meta too.',
  'Send Sample Issue Resolution Template':
    'The text of a parameter is true and false; a text is a string, and a quick reply takes a payload.',
  'Upload Audio': "curl's notation for a form; the form itself is tried below.",
  'Upload Image': "curl's notation for a form; the form itself is tried below.",
  'Upload Sticker': "curl's notation for a form; the form itself is tried below.",
  'Send Multi-Product Message':
    "The header's type is a placeholder; the same message with `text` is taken below.",
};

type Node = Record<string, unknown>;

/** The kinds whose media have ids. */
const kinds = ['audio', 'image', 'video', 'document', 'sticker'];

/** Fills the placeholders of an example: numbers, links, media ids, names. */
export function filled(node: unknown, mediaIds: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(node)) return node.map((one) => filled(one, mediaIds));
  if (typeof node === 'string') return filledText(node);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node as Node).map(([name, value]) => {
    const id = (value as Node | undefined)?.id;
    if (kinds.includes(name) && typeof id === 'string') {
      return [name, { ...(filled(value, mediaIds) as Node), id: mediaIds[name] }];
    }
    return [name, filled(value, mediaIds)];
  });
  return Object.fromEntries(entries);
}

function filledText(text: string): string {
  if (/^<?http\(s\):\/\//.test(text)) return 'https://media.example.test/file';
  if (/^\{\{Recipient/.test(text)) return '16505551234';
  if (text === '<TEMPLATE_NAME>') return 'example_template';
  if (text === '<BUTTON_TEXT>') return 'Button';
  return text.replace(/^<(.{0,18}).*>$/, '$1');
}
