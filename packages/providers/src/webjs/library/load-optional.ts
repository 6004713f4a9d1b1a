import { createRequire } from 'node:module';

/**
 * Loads a package that need not be installed. By `require`, since all of them are CommonJS or have
 * a CommonJS door, and one of them must be looked up from another's place.
 * @param name the package
 * @param from the file it is looked up from; default: this module
 * @returns what it exports, or `undefined` when it is not installed
 * @throws whatever the package itself throws while it loads
 */
export function loadOptional<Exports>(
  name: string,
  from: string = import.meta.url,
): Exports | undefined {
  const require = createRequire(from);
  try {
    require.resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  return require(name) as Exports;
}

/** Where a package's main file lies; `undefined` when it is not installed. */
export function resolveOptional(name: string, from: string = import.meta.url): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}
