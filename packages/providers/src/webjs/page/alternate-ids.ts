import type { WhatsAppPage } from './whatsapp-page';

/** A person's hidden id and phone number, whole. */
export type AlternateIds = readonly [lid: string, phone: string];

/** Under which name the models of messages carry them. */
export const alternateIdsKey = 'alternateIds';

/**
 * Page function: has the library's models of messages carry what the page knows of the people in
 * them: the number behind a hidden id, and the other way round. Costs no call when a message comes in.
 * @param key under which name
 * @returns what the page knows of its contacts, 10 000 of them at most
 */
export function shareAlternateIds(key: string): readonly AlternateIds[] {
  type Id = { readonly server?: string; readonly _serialized?: string; readonly $1?: string };
  const page = globalThis as unknown as WhatsAppPage;
  const { WWebJS } = page;
  if (page.require === undefined || WWebJS === undefined) return [];
  const people = page.require('WAWebApiContact');
  const tools = {
    whole: (id: Id | null | undefined): string | undefined => id?._serialized ?? id?.$1,
    idsOf: (id: Id | null | undefined): readonly AlternateIds[] => {
      const isLid = id?.server === 'lid';
      if (!isLid && id?.server !== 'c.us') return [];
      const other = isLid ? people.getPhoneNumber(id) : people.getCurrentLid(id);
      const [lid, phone] = (isLid ? [id, other] : [other, id]).map(tools.whole);
      return lid === undefined || phone === undefined ? [] : [[lid, phone]];
    },
  };
  const known = page
    .require('WAWebCollections')
    .Contact.getModelsArray()
    .slice(0, 10_000)
    .flatMap((contact) => tools.idsOf(contact.id));
  const { getMessageModel } = WWebJS;
  if (key in getMessageModel) return known;
  const sharing = (message: Parameters<typeof getMessageModel>[0]): unknown => {
    const model = getMessageModel(message) as Record<string, unknown>;
    try {
      const { id, from, to, author } = message;
      model[key] = [id.remote, id.participant, from, to, author].flatMap(tools.idsOf);
    } catch {
      // WhatsApp Web keeps its people elsewhere now: messages are told with the id that they have.
    }
    return model;
  };
  WWebJS.getMessageModel = Object.assign(sharing, { [key]: true });
  return known;
}
