import type { TemplateComponent, TemplateContent } from '@blazz/core';

/** Makes Graph's template object: a button's index is written as text, as Meta documents it. */
export function encodeTemplate(template: TemplateContent): Readonly<Record<string, unknown>> {
  const { name, language, components } = template;
  return {
    name,
    language,
    ...(components === undefined ? {} : { components: components.map(encodeComponent) }),
  };
}

function encodeComponent(component: TemplateComponent): Readonly<Record<string, unknown>> {
  const { index, ...rest } = component;
  return { ...rest, ...(index === undefined ? {} : { index: String(index) }) };
}
