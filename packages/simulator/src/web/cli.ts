import { parseArgs } from 'node:util';
import { commonOptions, ended, placesOf, run, typed } from '../command-line';
import { ControlServer } from './control/control-server';
import { WebSimulator } from './web-simulator';

const usage = `Usage: blazz-simulator [options]         WhatsApp Web
       blazz-simulator graph [options]   the Cloud API; see blazz-simulator graph --help

WhatsApp Web, simulated: a local server that an unmodified whatsapp-web.js takes for the real one,
and the phone's page, where you scan its QR and chat with it.

Options
  --port N           port of the simulated web.whatsapp.com on 127.0.0.1 (default: any free one)
  --control-port N   port of the phone's page and the HTTP controls (default: any free one)
  --token TEXT       what callers of the controls must know, at least 16 characters
                     (default: a new one each time)
  --data-dir PATH    keep certificate, accounts and messages there; with --port, linked browser
                     profiles survive a restart of the simulator
  --json             print one line of JSON instead of text: {chromium_args, control_url, token}
  --help             print this
`;

function argumentsOf(args: readonly string[]) {
  const read = () =>
    parseArgs({
      args: [...args],
      options: {
        ...commonOptions,
        'data-dir': { type: 'string' },
      },
    });
  return typed(read).values;
}

function announce(simulator: WebSimulator, control: ControlServer, json: boolean): void {
  const args = simulator.chromiumArgs();
  if (json) {
    const { url, token } = control;
    console.log(JSON.stringify({ chromium_args: args, control_url: url, token }));
    return;
  }
  console.log(`The phone's page (the address holds the token; keep it to yourself):

  ${control.phoneUrl}

Start whatsapp-web.js with these Chromium flags, and with webVersionCache {type: 'none'}:

${args.map((arg) => `  '${arg}'`).join(',\n')}

Ctrl+C ends the simulator.`);
}

/**
 * Runs the command line until it is told to end.
 * @param args what was typed after the command's name
 * @returns the exit code
 */
export function main(args: readonly string[]): Promise<number> {
  return run(async () => {
    const options = argumentsOf(args);
    if (options.help) {
      console.log(usage);
      return;
    }
    const places = placesOf(options);
    const dataDir = options['data-dir'];
    await using simulator = new WebSimulator({
      ...places.simulator,
      ...(dataDir === undefined ? {} : { dataDir }),
    });
    await using control = new ControlServer(simulator, places.control);
    await simulator.start();
    await control.start();
    announce(simulator, control, options.json);
    await ended();
  });
}
