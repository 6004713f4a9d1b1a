import { defineConfig, type Options } from 'tsup';

/** `BLAZZ_TYPES_BUILD=1` adds the type declarations to a build that was made without them. */
const typesAlone = process.env.BLAZZ_TYPES_BUILD === '1';

/** One build recipe: ESM, types beside the code, source maps, dependencies left as imports. */
export function library(entry: Record<string, string>, extra: Options = {}) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    sourcemap: true,
    clean: !typesAlone,
    splitting: true,
    // `BLAZZ_FAST_BUILD=1` (used by `npm start`) leaves the type declarations out.
    dts: process.env.BLAZZ_FAST_BUILD
      ? false
      : {
          only: typesAlone,
          compilerOptions: { ignoreDeprecations: '6.0', isolatedDeclarations: false },
        },
    tsconfig: '../../tsconfig.json',
    ...extra,
  });
}
