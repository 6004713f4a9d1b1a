import type { PageSettings } from '../wire';
import { chatModules } from './modules/chats';
import { collectionModules } from './modules/collections';
import { connectionModules } from './modules/connection';
import { contactModules } from './modules/contacts';
import { mediaModules } from './modules/media';
import { sendingModules } from './modules/sending';
import { textModules } from './modules/text';
import type { PageModules, PagePart } from './page';
import { dialogs } from './runtime/dialogs';
import { ids } from './runtime/ids';
import { inbox } from './runtime/inbox';
import { link } from './runtime/link';
import { models } from './runtime/models';
import { session } from './runtime/session';
import { shelf } from './runtime/shelf';
import { start } from './runtime/start';
import { state } from './runtime/state';
import { translation } from './runtime/translation';
import { vault } from './runtime/vault';

/** In this order: each finds what the ones before it made. */
const parts: readonly PagePart[] = [
  models,
  ids,
  vault,
  link,
  state,
  translation,
  shelf,
  session,
  inbox,
  dialogs,
] as readonly PagePart[];

const modules: readonly PageModules[] = [
  connectionModules,
  collectionModules,
  sendingModules,
  chatModules,
  contactModules,
  textModules,
  mediaModules,
];

/**
 * The page's script. Each part is an ordinary, typed function of this project that refers to
 * nothing outside itself, so that its source can be served to the browser as it stands; no second
 * bundle, no build step. `__name` is what some compilers wrap functions in.
 */
export function pageScript(settings: PageSettings): string {
  const list = (functions: readonly unknown[]): string => functions.map(String).join(',\n');
  return `(() => {
const __name = (value) => value;
const page = { browser: window, settings: ${JSON.stringify(settings)}, modules: {} };
for (const part of [${list(parts)}]) Object.assign(page, part(page));
for (const make of [${list(modules)}]) Object.assign(page.modules, make(page));
(${String(start)})(page);
})();
`;
}

/** The page itself. */
export function pageHtml(extra = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>WhatsApp (simulated)</title>${extra}</head>
<body><div id="app"><p>WhatsApp Web, simulated. <output id="state">…</output></p></div><div id="overlay"></div>
<script src="/app.js"></script></body>
</html>
`;
}
