import { parseArgs } from 'node:util';
import { commonOptions, ended, placesOf, run, typed } from '../command-line';
import { GraphControlServer } from './control/control-server';
import { GraphSimulator } from './graph-simulator';
import type { Business } from './world/business';

const usage = `Usage: blazz-simulator graph [options]

Meta's WhatsApp Cloud API, simulated: a local server in the place of https://graph.facebook.com with
one business, and controls over HTTP to write as its customers and to let things go wrong.

Options
  --port N           port of the Graph API on 127.0.0.1 (default: any free one)
  --control-port N   port of the HTTP controls (default: any free one)
  --token TEXT       what callers of the controls must know, at least 16 characters
                     (default: a new one each time)
  --callback URL     where webhooks go; it is proven by Meta's handshake with the verify token
  --verify-token T   the verify token (default: a new one each time)
  --app-secret TEXT  the key of the webhooks' signatures (default: a new one each time)
  --access-token T   the access token of the business (default: a new one each time)
  --number DIGITS    the number of the business (default: 15550001111)
  --json             print one line of JSON instead of text
  --help             print this
`;

function argumentsOf(args: readonly string[]) {
  const read = () =>
    parseArgs({
      args: [...args],
      options: {
        ...commonOptions,
        callback: { type: 'string' },
        'verify-token': { type: 'string' },
        'app-secret': { type: 'string' },
        'access-token': { type: 'string' },
        number: { type: 'string', default: '15550001111' },
      },
    });
  return typed(read).values;
}

function announce(
  simulator: GraphSimulator,
  control: GraphControlServer,
  business: Business,
  json: boolean,
): void {
  const facts = {
    graph_url: simulator.url,
    control_url: control.url,
    token: control.token,
    phone_number_id: business.phoneNumberId,
    number: business.number,
    waba_id: business.wabaId,
    app_id: business.appId,
    app_secret: business.appSecret,
    verify_token: business.verifyToken,
    access_token: business.accessToken,
  };
  if (json) {
    console.log(JSON.stringify(facts));
    return;
  }
  const lines = Object.entries(facts).map(([name, value]) => `  ${name.padEnd(16)} ${value}`);
  console.log(`Give your client these (keep them to yourself):

${lines.join('\n')}

Ctrl+C ends the simulator.`);
}

/**
 * Runs the Cloud API's command line until it is told to end.
 * @param args what was typed after `graph`
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
    const verifyToken = options['verify-token'];
    const appSecret = options['app-secret'];
    const accessToken = options['access-token'];
    await using simulator = new GraphSimulator(places.simulator);
    await using control = new GraphControlServer(simulator, places.control);
    await simulator.start();
    await control.start();
    const business = simulator.addBusiness({
      number: options.number,
      ...(verifyToken === undefined ? {} : { verifyToken }),
      ...(appSecret === undefined ? {} : { appSecret }),
      ...(accessToken === undefined ? {} : { accessToken }),
    });
    if (options.callback !== undefined) {
      await simulator.webhooks.subscribe(business.appId, options.callback);
    }
    announce(simulator, control, business, options.json);
    await ended();
  });
}
