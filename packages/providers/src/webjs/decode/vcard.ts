import type { ContactCard } from '@blazz/core';

interface Line {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Reads the parts of a vCard (2.1, 3.0 or 4.0) that a contact card has; what it cannot read it leaves out. */
export function decodeVcard(vcard: string): ContactCard {
  const lines = readLines(vcard);
  const of = (name: string): readonly Line[] => lines.filter((line) => line.name === name);
  const first = (name: string): string | undefined => of(name)[0]?.value;
  const [last, given, middle, prefix, suffix] = fields(first('N') ?? '');
  const phones = of('TEL').map(({ value, params }) => ({
    phone: unescapeText(value),
    ...typed(params),
    ...(params.WAID === undefined ? {} : { wa_id: params.WAID }),
  }));
  const emails = of('EMAIL').map(({ value, params }) => ({
    email: unescapeText(value),
    ...typed(params),
  }));
  const urls = of('URL').map(({ value, params }) => ({
    url: unescapeText(value),
    ...typed(params),
  }));
  const [company, department] = fields(first('ORG') ?? '');
  const title = first('TITLE');
  const birthday = first('BDAY');
  const name = first('FN') ?? [given, last].filter(Boolean).join(' ');
  return {
    name: {
      formatted_name: unescapeText(name),
      ...(given ? { first_name: given } : {}),
      ...(last ? { last_name: last } : {}),
      ...(middle ? { middle_name: middle } : {}),
      ...(prefix ? { prefix } : {}),
      ...(suffix ? { suffix } : {}),
    },
    ...(phones.length > 0 ? { phones } : {}),
    ...(emails.length > 0 ? { emails } : {}),
    ...(urls.length > 0 ? { urls } : {}),
    ...(company || department || title
      ? {
          org: {
            ...(company ? { company } : {}),
            ...(department ? { department } : {}),
            ...(title ? { title: unescapeText(title) } : {}),
          },
        }
      : {}),
    ...(birthday ? { birthday } : {}),
  };
}

function readLines(vcard: string): readonly Line[] {
  // A line that begins with a blank goes on with the one before.
  const unfolded = vcard.replace(/\r?\n[ \t]/g, '');
  return unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 0) return [];
    const [property = '', ...params] = line.slice(0, colon).split(';');
    return [
      {
        // A group prefix such as `item1.` says nothing here.
        name: property.slice(property.lastIndexOf('.') + 1).toUpperCase(),
        params: readParams(params),
        value: line.slice(colon + 1),
      },
    ];
  });
}

function readParams(params: readonly string[]): Readonly<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const param of params) {
    const [key = '', value] = param.split('=');
    // Version 2.1 writes the type alone: TEL;CELL:…
    if (value === undefined) read.TYPE ??= key.toUpperCase();
    else read[key.toUpperCase()] ??= key.toUpperCase() === 'TYPE' ? value.toUpperCase() : value;
  }
  return read;
}

function typed(params: Readonly<Record<string, string>>): { readonly type?: string } {
  const type = params.TYPE?.split(',')[0];
  return type === undefined ? {} : { type };
}

/** The parts of a structured value. A semicolon separates them unless an escape belongs to it. */
function fields(value: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const [token] of value.matchAll(/\\?[\s\S]/g)) {
    if (token !== ';') part += token;
    else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part].map(unescapeText);
}

function unescapeText(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign));
}
