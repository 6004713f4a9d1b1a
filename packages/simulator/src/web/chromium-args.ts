import { simulatedHosts } from './certificate';

/**
 * The two flags that lead a Chromium to the simulator: it looks for WhatsApp's hosts there, finds no
 * other host at all, and trusts the one key whose hash is `spki`.
 */
export function chromiumArgs(port: number, spki: string): string[] {
  const rules = simulatedHosts.map((host) => `MAP ${host} 127.0.0.1:${port}`);
  return [
    `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'].join(', ')}`,
    `--ignore-certificate-errors-spki-list=${spki}`,
  ];
}
