import type { Page } from '../page';
import type { ContactModel, Wid } from '../things';

/**
 * WhatsApp Web's modules about people: who is on WhatsApp, names, LIDs, blocking. Served to the
 * browser as source: refers to nothing outside itself.
 */
export function contactModules(page: Page): Record<string, object> {
  const contactOf = (wid: Wid): ContactModel | undefined =>
    page.contacts.get(wid) as ContactModel | undefined;
  const contactWithLid = (lid: Wid): ContactModel | undefined =>
    (page.contacts.getModelsArray() as ContactModel[]).find(
      (one) => one.lid?._serialized === lid._serialized,
    );

  const getCurrentLid = (wid: Wid): Wid | undefined => contactOf(wid)?.lid;
  const getPhoneNumber = (wid: Wid): Wid | undefined =>
    contactOf(wid)?.phoneNumber ?? contactWithLid(wid)?.id;

  async function queryWidExists(wid: Wid): Promise<object | null> {
    const contact = await page.link.request('exists', { jid: wid._serialized });
    if (!contact) return null;
    page.shelveContact(contact);
    return {
      wid: page.createWid(contact.jid),
      biz: contact.business ?? false,
      ...(contact.lid ? { lid: page.createWid(contact.lid) } : {}),
    };
  }

  const block = (blocked: boolean) => async (order: { contact: ContactModel }) => {
    order.contact.set({ isContactBlocked: blocked });
  };

  return {
    WAWebQueryExistsJob: { queryWidExists },
    WAWebApiContact: {
      getCurrentLid,
      getPhoneNumber,
      getAlternateUserWid: (wid: Wid) => (wid.isLid() ? getPhoneNumber(wid) : getCurrentLid(wid)),
    },
    WAWebContactCollection: { ContactCollection: page.contacts },
    WAWebContactGetters: {
      getIsMe: (one: ContactModel) => one.id._serialized === page.me.pn?._serialized,
      getIsUser: (one: ContactModel) => one.id.isUser(),
      getIsGroup: (one: ContactModel) => one.id.isGroup(),
      getIsWAContact: (one: ContactModel) => one.id.isUser(),
      getUserid: (one: ContactModel) => one.id.user,
      getVerifiedName: (one: ContactModel) => (one.isBusiness ? one.name : undefined),
      getVerifiedLevel: () => 0,
      getStatusMute: () => false,
      getName: (one: ContactModel) => one.name,
      getShortName: (one: ContactModel) => one.name?.split(' ')[0],
      getPushname: (one: ContactModel) => one.pushname,
      getIsEnterprise: () => false,
    },
    WAWebFrontendContactGetters: { getIsMyContact: (one: ContactModel) => Boolean(one.name) },
    WAWebContactProfilePicThumbBridge: {
      requestProfilePicFromServer: async () => undefined,
    },
    WAWebContactStatusBridge: {
      getStatus: async () => ({ status: '' }),
      setMyStatus: async () => undefined,
    },
    WAWebBlockContactUtils: { canBlockContact: () => true },
    WAWebBlockContactAction: { blockContact: block(true), unblockContact: block(false) },
  };
}
