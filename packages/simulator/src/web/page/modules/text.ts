import type { Page } from '../page';
import type { ContactModel } from '../things';

/**
 * WhatsApp Web's modules that read and write text: links, previews, vCards, numbers. Served to the
 * browser as source: refers to nothing outside itself.
 */
export function textModules(_page: Page): Record<string, object> {
  function findLinks(text: unknown): { href: string; suspiciousCharacters: Set<string> }[] {
    if (typeof text !== 'string') return [];
    const found = text.match(/\bhttps?:\/\/[^\s<>"']+|\bwww\.[a-z0-9-]+\.[^\s<>"']+/gi) ?? [];
    return found.map((link) => ({
      href: /^https?:/i.test(link) ? link : `http://${link}`,
      suspiciousCharacters: new Set([...link].filter((one) => one > '\u007f')),
    }));
  }

  const escaped = (text: string): string => text.replace(/([\\,;])/g, '\\$1').replace(/\n/g, '\\n');

  return {
    WALinkify: { findLinks, findLink: (text: unknown) => findLinks(text)[0] },
    WAWebLinkPreviewChatAction: {
      // Nothing outside can be fetched: the preview is made of the address alone.
      async getLinkPreview(link: { href: string }) {
        const { hostname, pathname } = new URL(link.href);
        const data = {
          title: hostname,
          description: pathname === '/' ? '' : pathname,
          canonicalUrl: link.href,
          matchedText: link.href,
        };
        return { url: link.href, data };
      },
    },
    WAWebFrontendVcardUtils: {
      vcardFromContactModel(contact: ContactModel & { formattedName: string }) {
        const number = (contact.phoneNumber ?? contact.id).user;
        const name = escaped(contact.formattedName);
        const lines = [
          'BEGIN:VCARD',
          'VERSION:3.0',
          `N:;${name};;;`,
          `FN:${name}`,
          `TEL;type=CELL;waid=${number}:+${number}`,
          'END:VCARD',
        ];
        return { vcard: lines.join('\n'), displayName: contact.formattedName };
      },
    },
    WAWebVcardParsingUtils: {
      parseVcard(text: string) {
        const lines = text.split(/\r?\n/).map((line) => line.split(':'));
        return new Map(lines.map(([key = '', ...value]) => [key.split(';')[0], value.join(':')]));
      },
    },
    WAWebVcardGetNameFromParsed: {
      vcardGetNameFromParsed: (card: Map<string, string>) => card.get('FN') ?? '',
    },
    WAWebPhoneUtils: { formattedPhoneNumber: (number: string) => `+${number}` },
    WAPhoneFindCC: {
      // One digit for North America and Russia, two for the large countries, else three.
      findCC(number: string) {
        if (/^[17]/.test(number)) return number.slice(0, 1);
        return number.slice(
          0,
          /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/.test(number) ? 2 : 3,
        );
      },
    },
  };
}
