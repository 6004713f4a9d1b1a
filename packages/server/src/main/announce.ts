/** What there is to announce once the server listens. */
export interface Announcement {
  /** Where it listens. */
  readonly url: string;
  /** The key file. */
  readonly keyFile: string;
  /** Whether the key file was made just now. */
  readonly keysCreated: boolean;
  /** Whether state survives the process. */
  readonly durable: boolean;
  /** The workspaces to use in the examples, in the sandbox. */
  readonly workspaces:
    | { readonly web: string; readonly cloud: string; readonly fallback: string }
    | undefined;
  /** The address of the simulated phone's page, in the sandbox. */
  readonly phoneUrl: string | undefined;
  /** A command that writes to the Cloud API's business as its customer, in the sandbox. */
  readonly customerCommand: string | undefined;
  /** How the `blazz` command is called from here. */
  readonly command: string;
}

/** Says on the terminal where the server is and what to do next. */
export function announcement(facts: Announcement): string {
  const { url, keyFile, workspaces, command } = facts;
  const lines = [
    '',
    `Blazz Gateway listens on ${url}   (API: ${url}/docs)`,
    `Keys: ${keyFile}${facts.keysCreated ? ' (made just now; keep it secret)' : ''}`,
  ];
  if (facts.phoneUrl !== undefined) {
    lines.push(
      '',
      'SANDBOX: the WhatsApp behind this server is simulated; nothing reaches a real phone.',
      `The simulated phone: ${facts.phoneUrl}`,
      'To use WhatsApp itself: BLAZZ_SANDBOX=false, and a workspace (npx blazz workspace put …).',
    );
  }
  if (!facts.durable) {
    lines.push(
      '',
      'State is kept in memory: queued messages, events and API-managed workspaces are lost when',
      'this process ends. Only the links to WhatsApp survive a restart.',
    );
  }
  if (workspaces !== undefined) {
    const { web, cloud, fallback } = workspaces;
    lines.push(
      '',
      'In another terminal:',
      `  ${command} session status ${web}`,
      `  ${command} events --workspace ${web}`,
      `  ${command} send 4915112345678 "hello" --workspace ${web}`,
      '',
      `By the Cloud API: --workspace ${cloud}. By the Cloud API, or else WhatsApp Web: --workspace ${fallback}.`,
      `To answer as the customer of the Cloud API:`,
      `  ${facts.customerCommand}`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}
