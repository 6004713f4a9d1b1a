import type { GraphRule } from './error-class';
import { rule } from './rule';

const approve = 'look at the template in WhatsApp Manager';
const fill = 'fill the template as it is defined in WhatsApp Manager';
const retryTemplate = (baseMs: number, maxAttempts: number): Partial<GraphRule> => ({
  outcome: 'not_sent',
  retry: { baseMs, factor: 2, maxMs: 600_000, maxAttempts },
});

/** What follows from the codes that are about templates: sent, made, changed or deleted. */
export const templateCodes: Readonly<Record<string, GraphRule>> = {
  '100/2388023': rule(
    'template',
    'a template of this name was deleted a moment ago, and its name rests for about four weeks',
    'take another name',
  ),
  '100/2388024': rule(
    'template',
    'there is already a template of this name in this language',
    'edit it, or take another name',
  ),
  '100/2593002': rule(
    'template',
    'there is no template of this name',
    'list the templates and check name and id',
  ),
  131063: rule('template', 'the template cannot be used for this message', approve),
  132000: rule('template', 'the number of parameters differs from the template', fill, {
    code: 'invalid_message',
  }),
  132001: rule(
    'template',
    'the template does not exist in this language, or is not approved yet',
    approve,
    retryTemplate(5_000, 3),
  ),
  132005: rule('template', 'the filled template is too long', 'shorten the values', {
    code: 'invalid_message',
  }),
  132007: rule('template', "the template's values break a policy", 'change the values'),
  132008: rule('template', 'a value does not fit its place in the template', fill, {
    code: 'invalid_message',
  }),
  132012: rule('template', 'a parameter has another format than the template', fill, {
    code: 'invalid_message',
  }),
  132015: rule(
    'template',
    'the template is paused for its low quality',
    'stop sending it, improve it in WhatsApp Manager, or send another',
  ),
  132016: rule(
    'template',
    'the template was paused too often and is disabled',
    'make a new template with other content',
  ),
  132018: rule('template', "the template's parameters are wrong", fill, {
    code: 'invalid_message',
  }),
  132068: rule('template', 'the flow is blocked', 'look at the flow in WhatsApp Manager'),
  132069: rule('template', 'the flow is throttled', 'send it more slowly, or look at its health'),
  134101: rule(
    'template',
    'the template is still being copied within Meta',
    'nothing: it is tried again by itself for ten minutes',
    retryTemplate(30_000, 6),
  ),
};
