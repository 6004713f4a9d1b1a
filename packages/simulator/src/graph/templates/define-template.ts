import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import type {
  ParameterFormat,
  TemplateButton,
  TemplateCategory,
  TemplatePart,
} from '../world/template';
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
  format: ParameterFormat,
): TemplatePart[] {
  const parts = source.map((part) => keptPart(part, category));
  if (!parts.some(({ type }) => type === 'BODY')) throw refuse('A template needs a BODY.');
  for (const part of parts) checkPart(part, format);
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

function checkPart(part: TemplatePart, parameters: ParameterFormat): void {
  const { type, text, format } = part;
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
  // The text of a one-time code is Meta's own.
  if (part.add_security_recommendation === undefined) checkVariables(part, parameters);
}

/** Variables are written in the template's format, and each has an example. */
function checkVariables({ type, text, example }: TemplatePart, format: ParameterFormat): void {
  const names = placeholdersOf(text ?? '');
  if (names.length === 0) return;
  const shape = format === 'NAMED' ? /^[a-z_][a-z0-9_]*$/ : /^[1-9][0-9]*$/;
  if (!names.every((name) => shape.test(name))) {
    throw refuse(`The variables of ${type} are not ${format.toLowerCase()}.`);
  }
  const given = examplesOf((example ?? {}) as JsonObject, type.toLowerCase(), format);
  if (given === names.length) return;
  throw refuse(`${type} has ${names.length} variables and needs an example of each.`);
}

/** How many examples a part brings: `body_text: [['a']]`, `header_text: ['a']`, or `…_named_params`. */
function examplesOf(example: JsonObject, type: string, format: ParameterFormat): number {
  const listed = example[format === 'NAMED' ? `${type}_text_named_params` : `${type}_text`];
  if (!Array.isArray(listed)) return 0;
  return Array.isArray(listed[0]) ? listed[0].length : listed.length;
}
