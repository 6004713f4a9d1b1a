/** What a configuration value may look like. */
export interface Shape<T> {
  /** The shape in words, such as `a whole number from 0 to 65535`; continues "must be". */
  readonly words: string;
  /** A value of this shape, for the sentence that tells the fix. */
  readonly example: string;
  /** Reads a value; `undefined` when it does not have the shape. */
  read(text: string): T | undefined;
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): Shape<number> {
  return {
    words: `a whole number from ${min} to ${max}`,
    example: String(Math.max(min, Math.min(max, 3001))),
    read(text) {
      const value = /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

const truth: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Yes or no: `true` or `false`, `1` or `0`. */
export const yesOrNo: Shape<boolean> = {
  words: '"true" or "false"',
  example: 'true',
  read: (text) => truth.get(text.toLowerCase()),
};

/** One of a few words. */
export function oneOf<T extends string>(words: readonly [T, ...T[]]): Shape<T> {
  return {
    words: `one of ${words.map((word) => `"${word}"`).join(', ')}`,
    example: words[0],
    read: (text) => words.find((word) => word === text.toLowerCase()),
  };
}

/** Text that matches a pattern. */
export function matching(pattern: RegExp, words: string, example: string): Shape<string> {
  return { words, example, read: (text) => (pattern.test(text) ? text : undefined) };
}

/** An address with one of the given schemes, without credentials unless they are allowed. */
export function address(
  schemes: readonly string[],
  example: string,
  credentials = false,
): Shape<string> {
  return {
    words: `an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    example,
    read(text) {
      if (!URL.canParse(text)) return undefined;
      const url = new URL(text);
      if (!schemes.includes(url.protocol) || url.hostname === '') return undefined;
      return url.username !== '' && !credentials ? undefined : text.replace(/\/+$/, '');
    },
  };
}

/** The path of a file or folder. */
export function path(example: string): Shape<string> {
  return {
    words: 'a path',
    example,
    read: (text) => (text.includes('\0') || text.length > 4096 ? undefined : text),
  };
}

/** A list with commas between its entries. */
export function listOf(entry: Shape<string>, words: string): Shape<readonly string[]> {
  return {
    words: `${words}, with commas between them`,
    example: entry.example,
    read(text) {
      const entries = text.split(',').map((part) => entry.read(part.trim()));
      return entries.every((value) => value !== undefined) ? entries : undefined;
    },
  };
}
