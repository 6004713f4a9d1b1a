import type { Page } from '../page';

/**
 * Brings the application up: the module loader, the version by which whatsapp-web.js knows that it
 * runs, and the connection. Served to the browser as source: refers to nothing outside itself.
 */
export function start(page: Page): void {
  setTimeout(() => {
    page.browser.require = (name) => {
      const module = page.modules[name];
      if (!module) throw new Error(`Requiring unknown module "${name}".`);
      return module;
    };
    page.browser.Debug = { VERSION: page.settings.version };
    page.session.start();
  }, page.settings.bootMs);
}
