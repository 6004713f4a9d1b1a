import { GraphError } from '../errors/graph-error';
import { check } from '../schemas/check';
import { newTemplateSchema, templateChangeSchema } from '../schemas/template-definition';
import { templateParts } from '../templates/define-template';
import type { ParameterFormat, Template, TemplateCategory, TemplatePart } from '../world/template';
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
const day = 86_400_000;
/** How often an approved template can be edited: so many times in so many milliseconds. */
const editLimits = [
  [1, day],
  [10, 30 * day],
] as const;

const refuse = (details: string): GraphError =>
  new GraphError(100, { message: 'Invalid parameter', details });

/** What has to hold for an approved template to be edited. */
function checkApproved({ category, edits }: Template, wanted: string, now: number): void {
  if (wanted !== category) throw refuse('The category of an approved template stays as it is.');
  for (const [times, ms] of editLimits) {
    if (edits.filter((at) => now - at < ms).length < times) continue;
    throw refuse(`An approved template is edited at most ${times} times in ${ms / day} days.`);
  }
}

const formatOf = (word: string | undefined): ParameterFormat | undefined =>
  word?.toUpperCase() as ParameterFormat | undefined;

/** Making, showing and changing templates. */
export const templateEditingEndpoints: readonly GraphEndpoint[] = [
  onAccount('create_template', 'POST', 'message_templates', ({ node, request, services }) => {
    check(newTemplateSchema, request.body);
    const { name, language, components, parameter_format } = request.body as unknown as Definition;
    const category = String(request.body.category).toUpperCase() as TemplateCategory;
    const { clock, restingNames, world, reviews } = services.context;
    if (restingNames.has(node.id, name, language, clock.now())) {
      throw new GraphError(100, {
        subcode: 2388023,
        message: 'Invalid parameter',
        details: `A template ${name} in ${language} is being deleted: its name rests for 4 weeks.`,
      });
    }
    if (world.template(node.id, name, language)) {
      throw new GraphError(100, {
        subcode: 2388024,
        message: 'Invalid parameter',
        details: `There is already a template ${name} in ${language}.`,
      });
    }
    const format = formatOf(parameter_format) ?? 'POSITIONAL';
    const template = world.addTemplate({
      wabaId: node.id,
      name,
      language,
      category,
      components: templateParts(components, category, format),
      parameterFormat: format,
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
      throw refuse(`A template that is ${node.status.toLowerCase()} cannot be edited.`);
    }
    const { components, parameter_format, ...rest } = request.body as Partial<Definition>;
    const category = (rest.category?.toUpperCase() ?? node.category) as TemplateCategory;
    const format = formatOf(parameter_format) ?? node.parameterFormat;
    const now = services.context.clock.now();
    if (node.status === 'APPROVED') checkApproved(node, category, now);
    const parts = components && templateParts(components, category, format);
    if (node.status === 'APPROVED') node.edits.push(now);
    node.category = category;
    node.parameterFormat = format;
    node.components = parts ?? node.components;
    services.context.reviews.begin(node);
    return { success: true };
  }),
];
