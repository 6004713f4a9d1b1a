import type { JsonObject } from '../messages/parse-message';
import type { Template } from '../world/template';

/** A template as webhooks name it: the id is a number there. */
function templateHead({ id, name, language }: Readonly<Template>): JsonObject {
  return {
    message_template_id: Number(id),
    message_template_name: name,
    message_template_language: language,
  };
}

/** A change of a template's state. */
export function templateStatusValue(
  template: Readonly<Template>,
  event: string,
  reason: string | null,
): JsonObject {
  return { event, ...templateHead(template), reason };
}
