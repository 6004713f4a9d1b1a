import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import type { Template, TemplateButton, TemplatePart } from '../world/template';

interface Parameter {
  readonly type: string;
  readonly text?: string;
  readonly parameter_name?: string;
  readonly currency?: { readonly fallback_value: string };
  readonly date_time?: { readonly fallback_value: string };
}

interface Component {
  readonly type: string;
  readonly sub_type?: string;
  readonly index?: string | number;
  readonly parameters?: readonly Parameter[];
}

/** The longest body after its parameters were put in. */
const maxBody = 32_768;

/** The placeholders of a text, each once: `1` for `{{1}}`, `name` for `{{name}}`. */
export function placeholdersOf(text: string): string[] {
  const found = [...text.matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g)].map(([, name = '']) => name);
  return [...new Set(found)];
}

/**
 * Holds a template message to its template and puts the parameters in.
 * @returns the body as the customer reads it
 * @throws GraphError 132000, 132005, 132012 or 131008
 */
export function fillTemplate(template: Template, content: JsonObject): string {
  const components = (content.components ?? []) as readonly Component[];
  const of = (type: string): Component | undefined =>
    components.find((one) => one.type.toLowerCase() === type);
  for (const part of template.components) {
    const type = part.type.toUpperCase();
    if (type === 'HEADER') checkHeader(part, of('header')?.parameters ?? [], template);
    if (type === 'BUTTONS') checkButtons(part.buttons ?? [], components);
  }
  const body = template.components.find((part) => part.type.toUpperCase() === 'BODY');
  const filled = fill(body?.text ?? '', of('body')?.parameters ?? [], template, 'body');
  if (filled.length <= maxBody) return filled;
  throw new GraphError(132005, { details: 'The body with its parameters is too long.' });
}

function checkHeader(
  part: TemplatePart,
  parameters: readonly Parameter[],
  template: Template,
): void {
  const format = (part.format ?? 'TEXT').toLowerCase();
  if (format === 'text') {
    fill(part.text ?? '', parameters, template, 'header');
    return;
  }
  const [given] = parameters;
  if (given?.type === format && parameters.length === 1) return;
  throw new GraphError(132012, {
    details: `header: Format mismatch, expected ${format.toUpperCase()}, received ${given?.type.toUpperCase() ?? 'UNKNOWN'}`,
  });
}

function fill(
  text: string,
  parameters: readonly Parameter[],
  template: Template,
  where: string,
): string {
  const names = placeholdersOf(text);
  if (names.length !== parameters.length) {
    throw new GraphError(132000, {
      details: `${where}: number of localizable_params (${parameters.length}) does not match the expected number of params (${names.length})`,
    });
  }
  const values = new Map<string, string>();
  for (const [place, parameter] of parameters.entries()) {
    const name = template.parameterFormat === 'NAMED' ? parameter.parameter_name : `${place + 1}`;
    if (name === undefined || !names.includes(name)) {
      throw new GraphError(template.parameterFormat === 'NAMED' ? 100 : 132012, {
        details: `${where}: a parameter has no place in the template, or its parameter_name is missing.`,
      });
    }
    values.set(name, textOfParameter(parameter, where));
  }
  return text.replace(
    /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g,
    (whole, name: string) => values.get(name) ?? whole,
  );
}

function textOfParameter(parameter: Parameter, where: string): string {
  const value =
    parameter.text ?? parameter.currency?.fallback_value ?? parameter.date_time?.fallback_value;
  if (value === undefined) {
    throw new GraphError(132012, {
      details: `${where}: Format mismatch, expected TEXT, received ${parameter.type.toUpperCase()}`,
    });
  }
  if (!/[\n\t]| {5}/.test(value)) return value;
  throw new GraphError(132018, {
    details: `${where}: a parameter has a new line, a tab or more than four spaces in a row.`,
  });
}

/** Which `sub_type` fills which button, and whether it must be there. */
const buttonNeeds: Readonly<
  Record<string, { readonly subType: string; readonly needed: (button: TemplateButton) => boolean }>
> = {
  URL: { subType: 'url', needed: ({ url }) => placeholdersOf(url ?? '').length > 0 },
  COPY_CODE: { subType: 'copy_code', needed: () => true },
  OTP: { subType: 'url', needed: () => true },
  QUICK_REPLY: { subType: 'quick_reply', needed: () => false },
  FLOW: { subType: 'flow', needed: () => false },
  CATALOG: { subType: 'catalog', needed: () => false },
  MPM: { subType: 'mpm', needed: () => true },
};

function checkButtons(buttons: readonly TemplateButton[], components: readonly Component[]): void {
  const given = components.filter((one) => one.type.toLowerCase() === 'button');
  for (const [index, button] of buttons.entries()) {
    const need = buttonNeeds[button.type.toUpperCase()];
    const component = given.find((one) => Number(one.index) === index);
    if (!component) {
      if (!need?.needed(button)) continue;
      throw new GraphError(131008, {
        details: `buttons: Button at index ${index} of type ${button.type} requires a parameter`,
      });
    }
    if (component.sub_type?.toLowerCase() === need?.subType) continue;
    throw new GraphError(132012, {
      details: `buttons: Button at index ${index} is of type ${button.type}, not ${component.sub_type}`,
    });
  }
  const beyond = given.find((one) => Number(one.index) >= buttons.length);
  if (!beyond) return;
  throw new GraphError(132018, { details: `buttons: There is no button at index ${beyond.index}` });
}
