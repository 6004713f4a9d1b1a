import { ackModes, controlRoutes, defaultTimings, faultModes } from '../../src/web/index';
import { describeReadme } from '../support/readme';
import { findBrowser } from './support/browser';

describeReadme({
  heading: 'WhatsApp Web',
  routes: controlRoutes,
  names: [...Object.entries(faultModes).flat(2), ...ackModes, ...Object.keys(defaultTimings)],
  prints: 'You said: Halo!',
  adapt: async (example) => {
    const { path, args } = await findBrowser();
    // What a machine without puppeteer's own browser, or a user who is root, has to add.
    const launch = `executablePath: ${JSON.stringify(path)}, headless: 'shell' as never, args: [...${JSON.stringify([...args, '--no-sandbox'])}, ...simulator.chromiumArgs()]`;
    return example.replace('args: simulator.chromiumArgs()', launch);
  },
});
