import {
  GatewayError,
  type TemplateComponent,
  type TemplateContent,
  type TemplateInfo,
} from '@blazz/core';
import { asList, asRaw, asText, type Raw } from '../../json/raw';

/**
 * Checks a template's values against its definition, as far as counts and names go.
 * @throws GatewayError `invalid_message`, naming the component, what it needs and what it got
 */
export function checkParameters(template: TemplateContent, info: TemplateInfo): void {
  for (const definition of info.components) {
    const type = asText(definition.type)?.toLowerCase() ?? '';
    if (type === 'header' || type === 'body') {
      checkText(type, definition, find(template.components, type));
    }
    if (type === 'buttons') checkButtons(definition, template.components);
  }
}

function checkText(type: string, definition: Raw, given: TemplateComponent | undefined): void {
  const parameters = given?.parameters ?? [];
  const format = asText(definition.format)?.toUpperCase() ?? 'TEXT';
  if (type === 'header' && format !== 'TEXT') {
    if (parameters.length === 1) return;
    throw wrong(type, `one parameter of type ${format.toLowerCase()}`, parameters.length);
  }
  const names = placeholders(asText(definition.text));
  // A body without text is Meta's own, as for one-time codes: what it takes is not listed.
  if (asText(definition.text) === undefined) return;
  if (parameters.length !== names.length) {
    throw wrong(type, `${names.length} parameters`, parameters.length);
  }
  if (names.every((name) => /^\d+$/.test(name))) return;
  const missing = names.filter((name) => !parameters.some((one) => one.parameter_name === name));
  if (missing.length > 0) {
    throw wrong(type, `a parameter_name for each of ${names.join(', ')}`, parameters.length);
  }
}

/** A button with an address that ends in a placeholder needs its ending. */
function checkButtons(definition: Raw, given: TemplateContent['components']): void {
  asList(definition.buttons).forEach((button, index) => {
    const { type, url } = asRaw(button);
    if (asText(type)?.toUpperCase() !== 'URL' || placeholders(asText(url)).length === 0) return;
    const values = given?.find(
      (one) => one.type.toLowerCase() === 'button' && String(one.index) === String(index),
    );
    if (values?.parameters?.length === 1) return;
    throw wrong(`button ${index}`, 'one parameter', values?.parameters?.length ?? 0);
  });
}

function find(
  components: TemplateContent['components'],
  type: string,
): TemplateComponent | undefined {
  return components?.find((component) => component.type.toLowerCase() === type);
}

/** The different placeholders of a text, `{{1}}` or `{{name}}`. */
function placeholders(text = ''): readonly string[] {
  const found = [...text.matchAll(/\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}/g)];
  return [...new Set(found.map(([, name]) => name ?? ''))];
}

function wrong(component: string, needs: string, got: number): GatewayError {
  return new GatewayError(
    'invalid_message',
    `The template's ${component} needs ${needs} and got ${got}; fill it as it is defined.`,
    { details: { path: 'template.components', component, class: 'template' } },
  );
}
