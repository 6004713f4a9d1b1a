import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** The hosts that the simulator stands in for. */
export const simulatedHosts: readonly string[] = [
  'web.whatsapp.com',
  '*.whatsapp.com',
  '*.whatsapp.net',
];

/** A TLS certificate with its key. */
export interface Certificate {
  /** The private key, PEM. */
  readonly key: string;
  /** The certificate, PEM. */
  readonly cert: string;
  /** Base64 of the SHA-256 over the public key: what Chromium is told to trust. */
  readonly spki: string;
}

/** A new self-signed certificate for the simulated hosts, good for a year. */
async function createCertificate(): Promise<{ key: string; cert: string }> {
  const pems = await generate([{ name: 'commonName', value: 'web.whatsapp.com' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: simulatedHosts.map((value) => ({ type: 2 as const, value })),
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

function spkiOf(cert: string): string {
  const der = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
}

/**
 * The simulator's certificate: a throw-away one, or, with a folder, the one that is kept there
 * (made when it is missing or about to expire).
 */
export async function loadCertificate(dataDir?: string): Promise<Certificate> {
  if (dataDir === undefined) {
    const made = await createCertificate();
    return { ...made, spki: spkiOf(made.cert) };
  }
  const path = join(dataDir, 'certificate.json');
  const kept = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { key: string; cert: string },
    () => undefined,
  );
  const soon = Date.now() + 24 * 60 * 60 * 1000;
  if (kept && Date.parse(new X509Certificate(kept.cert).validTo) > soon) {
    return { ...kept, spki: spkiOf(kept.cert) };
  }
  const made = await createCertificate();
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, JSON.stringify(made), { mode: 0o600 });
  return { ...made, spki: spkiOf(made.cert) };
}
