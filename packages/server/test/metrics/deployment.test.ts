import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ServerMetrics } from '../../src/metrics/server-metrics';

const deploy = new URL('../../../../deploy/', import.meta.url);
const files = ['grafana/dashboards/blazz.json', 'prometheus/alerts.yml'];

describe('what is deployed beside the server', () => {
  it.each(files)('%s asks only for metrics that the server has', async (file) => {
    const metrics = new ServerMetrics();
    metrics.watch({ sessions: () => [], streams: () => 0 });
    const known = new Set((await metrics.text()).match(/(?<=^# TYPE )\S+/gm));
    const text = readFileSync(new URL(file, deploy), 'utf8');
    const asked = new Set(text.match(/blazz_[a-z_]+/g));
    expect(asked.size).toBeGreaterThan(3);
    const unknown = [...asked].filter(
      (name) => !known.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unknown).toEqual([]);
  });
});
