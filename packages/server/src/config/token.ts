import type { Shape } from './shape';

/** What a person types who has not made a token yet. */
const placeholders =
  /your[-_ ]|secret|change[-_ ]?me|example|placeholder|password|internal[-_]token|default|replace|insecure/i;

/** The fewest characters of a token. */
const MIN_LENGTH = 32;
/** Random text of 32 characters, even in hexadecimal, has more different ones than this. */
const MIN_DISTINCT = 8;

/** A bearer token: long, random, and nobody's example. */
export const token: Shape<string> = {
  words: `${MIN_LENGTH} to 512 random characters without spaces, and no known example`,
  example: '$(openssl rand -hex 32)',
  read(text) {
    if (!/^[\x21-\x7e]{1,512}$/.test(text) || text.length < MIN_LENGTH) return undefined;
    if (placeholders.test(text) || new Set(text).size < MIN_DISTINCT) return undefined;
    return text;
  },
};
