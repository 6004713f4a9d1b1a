import { GraphError } from '../errors/graph-error';
import type { JsonObject } from '../messages/parse-message';
import { templateStatusValue } from '../webhooks/account-values';
import type { Template } from '../world/template';
import { pageOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';

const onAccount = endpointsOf('account', 'whatsapp_business_management');

/** A template as the Graph API shows it. */
export function showTemplate(template: Template): JsonObject {
  const { id, name, language, status, category, components, parameterFormat } = template;
  return { name, parameter_format: parameterFormat, components, language, status, category, id };
}

/** Whether a template is what a list's query looks for. */
function isWanted(template: Template, query: URLSearchParams): boolean {
  const { name, language, status, category, components } = template;
  const has = (wanted: string | null, value: string): boolean =>
    wanted === null || wanted.toUpperCase().split(',').includes(value.toUpperCase());
  const search = query.get('name_or_content') ?? '';
  return (
    (query.get('name') === null || query.get('name') === name) &&
    has(query.get('language'), language) &&
    has(query.get('status'), status) &&
    has(query.get('category'), category) &&
    `${name}${JSON.stringify(components)}`.includes(search)
  );
}

/** The templates of an account. */
export const templateEndpoints: readonly GraphEndpoint[] = [
  onAccount('list_templates', 'GET', 'message_templates', ({ node, request, services }) => {
    const { query, version } = request;
    const all = services.context.world.templatesOf(node.id).filter((one) => isWanted(one, query));
    const address = `${services.origin()}/${version}/${node.id}/message_templates`;
    return pageOf(all.map(showTemplate), { query, address });
  }),
  onAccount('delete_template', 'DELETE', 'message_templates', ({ node, request, services }) => {
    const { clock, queue, restingNames, world } = services.context;
    const { templates } = world;
    const name = request.query.get('name');
    const id = request.query.get('hsm_id');
    if (name === null)
      throw new GraphError(100, { message: '(#100) The parameter name is required.' });
    const found = world
      .templatesOf(node.id)
      .filter((one) => one.name === name && (id === null || one.id === id));
    if (found.length === 0) {
      throw new GraphError(100, {
        status: 404,
        subcode: 2593002,
        details: 'No template with this name belongs to the account.',
      });
    }
    for (const template of found) {
      templates.delete(template.id);
      if (template.status !== 'PENDING' && template.status !== 'REJECTED') {
        restingNames.add(template, clock.now());
      }
      const value = templateStatusValue(template, 'DELETED', null);
      queue.push({ wabaId: node.id, field: 'message_template_status_update', value });
    }
    return { success: true };
  }),
];
