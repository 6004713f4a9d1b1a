import type { TemplateInfo } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { idText } from '../decode/envelope';

const formats = { POSITIONAL: 'positional', NAMED: 'named' } as const;

/** A template as Graph lists it. */
export function templateInfo(value: unknown): TemplateInfo {
  const raw = asRaw(value);
  const format = formats[asText(raw.parameter_format)?.toUpperCase() as keyof typeof formats];
  return {
    id: idText(raw.id),
    name: asText(raw.name) ?? '',
    language: asText(raw.language) ?? '',
    status: asText(raw.status) ?? 'UNKNOWN',
    category: asText(raw.category) ?? 'UNKNOWN',
    ...(format === undefined ? {} : { parameter_format: format }),
    components: asList(raw.components).map(asRaw),
  };
}
