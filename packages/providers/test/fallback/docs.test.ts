import { readFile } from 'node:fs/promises';
import { fallbackRules } from '@blazz/providers/fallback';
import { expect, it } from 'vitest';

it('has the table in its documentation, row by row', async () => {
  const docs = await readFile(new URL('../../../../docs/fallback.md', import.meta.url), 'utf8');
  const rows = Object.values(fallbackRules).map(
    ({ finding, next, breaker, because }) => `| ${finding} | ${next} | ${breaker} | ${because} |`,
  );
  const head = '| at a member | then | its breaker | because |\n|---|---|---|---|\n';
  expect(docs).toContain(`${head}${rows.join('\n')}\n\n`);
});
