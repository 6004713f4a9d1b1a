import { defineConfig } from 'vitest/config';

/** The packages in build order; each is one vitest project. */
const packages = ['core', 'storage', 'router', 'simulator', 'providers', 'server'];
/** Projects that start real browsers and servers, which take their time on a busy machine. */
const browsers = new Set(['simulator', 'providers', 'server']);

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    maxWorkers: 2,
    // A poll ends as soon as it holds; on a busy machine that takes a while.
    expect: { poll: { timeout: 8_000 } },
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: {
          name,
          root: `packages/${name}`,
          include: ['test/**/*.test.ts'],
          testTimeout: browsers.has(name) ? 60_000 : 10_000,
          hookTimeout: 60_000,
        },
      })),
      {
        extends: true as const,
        test: {
          name: 'soak',
          root: 'soak',
          include: ['**/*.test.ts'],
          fileParallelism: false,
        },
      },
      {
        extends: true as const,
        test: {
          name: 'examples',
          root: 'examples',
          include: ['**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
