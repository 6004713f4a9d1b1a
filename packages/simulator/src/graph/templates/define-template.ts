import { GraphError } from '../errors/graph-error';
import type { TemplateButton, TemplateCategory, TemplatePart } from '../world/template';
import { placeholdersOf } from './template-parameters';

/** The longest text of each part. */
const maxTexts: Readonly<Record<string, number>> = { HEADER: 60, BODY: 1024, FOOTER: 60 };

const refuse = (details: string): GraphError =>
  new GraphError(100, { subcode: 2388043, message: 'Invalid parameter', details });

/**
 * The parts of a template as Meta keeps them: types in capitals, the text of an authentication
 * template written by Meta.
 * @throws GraphError 100 for what Meta does not take
 */
export function templateParts(
  source: readonly TemplatePart[],
  category: TemplateCategory,
): TemplatePart[] {
  const parts = source.map((part) => keptPart(part, category));
  if (!parts.some(({ type }) => type === 'BODY')) throw refuse('A template needs a BODY.');
  for (const part of parts) checkPart(part);
  return parts;
}

function keptPart(part: TemplatePart, category: TemplateCategory): TemplatePart {
  const type = part.type.toUpperCase();
  const kept: TemplatePart = {
    ...part,
    type,
    ...(part.format === undefined ? {} : { format: part.format.toUpperCase() }),
    ...(part.buttons === undefined ? {} : { buttons: part.buttons.map(keptButton) }),
  };
  if (category !== 'AUTHENTICATION') return kept;
  if (type === 'BODY' && part.text === undefined) {
    return { ...kept, text: '*{{1}}* is your verification code.' };
  }
  return kept;
}

function keptButton(button: TemplateButton): TemplateButton {
  const type = button.type.toUpperCase();
  if (type !== 'OTP') return { ...button, type };
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${button.otp_type}&code=otp{{1}}`;
  return { ...button, type: 'URL', url };
}

function checkPart(part: TemplatePart): void {
  const { type, text, format, example } = part;
  if (type === 'BUTTONS' && part.buttons === undefined) throw refuse('BUTTONS needs buttons.');
  if (type === 'HEADER' && format === undefined) throw refuse('HEADER needs a format.');
  if (text === undefined) {
    if (type === 'BODY') throw refuse('BODY needs a text.');
    return;
  }
  const most = maxTexts[type];
  if (most !== undefined && text.length > most) {
    throw refuse(`The text of ${type} has at most ${most} characters.`);
  }
  const authentication = part.add_security_recommendation !== undefined;
  if (placeholdersOf(text).length > 0 && example === undefined && !authentication) {
    throw refuse(`${type} has variables and needs an example.`);
  }
}
