import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import type { Template, TemplateStatus } from '../world/template';
import type { World } from '../world/world';

/** What refuses a template that is not approved. */
const refusals: Readonly<Record<Exclude<TemplateStatus, 'APPROVED'>, number>> = {
  PENDING: 132001,
  REJECTED: 132001,
  IN_APPEAL: 132001,
  PAUSED: 132015,
  DISABLED: 132016,
};

/**
 * The template that a message names.
 * @throws GraphError 132001, 132015 or 132016
 */
export function usableTemplate(world: World, wabaId: string, content: JsonObject): Template {
  const { name, language } = content as { name: string; language: { code: string } };
  const template = world.template(wabaId, name, language.code);
  if (template?.status === 'APPROVED') return template;
  throw new GraphError(template ? refusals[template.status] : 132001, {
    details: `template name (${name}) does not exist in ${language.code}, or is ${template?.status.toLowerCase() ?? 'unknown'}`,
  });
}
