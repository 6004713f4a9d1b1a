import { GraphError } from '../errors/graph-error';
import { check } from '../schemas/check';
import { newTemplateSchema, templateChangeSchema } from '../schemas/template-definition';
import { templateParts } from '../templates/define-template';
import type { TemplateCategory, TemplatePart } from '../world/template';
import { fieldsOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';
import { showTemplate } from './templates';

const onAccount = endpointsOf('account', 'whatsapp_business_management');
const onTemplate = endpointsOf('template', 'whatsapp_business_management');

interface Definition {
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly components: readonly TemplatePart[];
  readonly parameter_format?: string;
}

/** The states in which a template can be edited. */
const editable: ReadonlySet<string> = new Set(['APPROVED', 'REJECTED', 'PAUSED']);

/** Making, showing and changing templates. */
export const templateEditingEndpoints: readonly GraphEndpoint[] = [
  onAccount('create_template', 'POST', 'message_templates', ({ node, request, services }) => {
    check(newTemplateSchema, request.body);
    const { name, language, components, parameter_format } = request.body as unknown as Definition;
    const category = String(request.body.category).toUpperCase() as TemplateCategory;
    const { world, reviews } = services.context;
    if (world.template(node.id, name, language)) {
      throw new GraphError(100, {
        subcode: 2388024,
        message: 'Invalid parameter',
        details: `There is already a template ${name} in ${language}.`,
      });
    }
    const format = parameter_format?.toUpperCase() as 'POSITIONAL' | 'NAMED' | undefined;
    const template = world.addTemplate({
      wabaId: node.id,
      name,
      language,
      category,
      components: templateParts(components, category),
      ...(format === undefined ? {} : { parameterFormat: format }),
    });
    reviews.begin(template);
    return { id: template.id, status: template.status, category };
  }),
  onTemplate('get_template', 'GET', '', ({ node, request }) => {
    const shown = showTemplate(node);
    return fieldsOf(shown, request.query, Object.keys(shown));
  }),
  onTemplate('edit_template', 'POST', '', ({ node, request, services }) => {
    check(templateChangeSchema, request.body);
    if (!editable.has(node.status)) {
      throw new GraphError(100, {
        subcode: 2388023,
        message: 'Invalid parameter',
        details: `A template that is ${node.status.toLowerCase()} cannot be edited.`,
      });
    }
    const { category, components } = request.body as Partial<Definition>;
    if (category !== undefined) node.category = category.toUpperCase() as TemplateCategory;
    if (components !== undefined) node.components = templateParts(components, node.category);
    services.context.reviews.begin(node);
    return { success: true };
  }),
];
