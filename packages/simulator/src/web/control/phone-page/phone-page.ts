import { createHash } from 'node:crypto';
import { faultModes } from '../../faults';
import { accounts } from './accounts';
import { chat } from './chat';
import { connection } from './connection';
import { controls } from './controls';
import { style } from './style';
import { tools } from './tools';

const settings = {
  ackModes: [
    { mode: 'read', label: 'Read: one, two, blue ticks' },
    { mode: 'delivered', label: 'Delivered: up to two ticks' },
    { mode: 'sent', label: 'Sent: one tick, for ever' },
    { mode: 'offline', label: 'Phone is off: one tick for now' },
    { mode: 'manual', label: 'By hand (API)' },
    { mode: 'never', label: 'Never: the server stays silent' },
  ],
  faults: faultModes,
};

const body = `
<header><span id="live" class="live" role="img" aria-label="Connection to the simulator"></span>
<h1>WhatsApp, simulated</h1><p>the other side of your bot</p><p id="notice" role="alert"></p></header>
<main>
<section class="side" aria-label="Accounts">
  <div><h2>Waiting to be linked</h2>
    <div class="fields">
      <label>Your number <input id="owner-number" inputmode="tel" value="628111000111" autocomplete="off"></label>
      <label>Your name <input id="owner-name" value="Toko Budi" autocomplete="off"></label>
    </div>
    <ul id="waiting"></ul><p class="hint" id="no-waiting">No QR is shown. Start your bot.</p></div>
  <div><h2>Accounts</h2><ul id="accounts"></ul><p class="hint" id="no-accounts">None yet: scan a QR.</p></div>
</section>
<section class="phone" aria-label="The contact's phone">
  <div class="top"><strong id="contact-title"></strong><small id="contact-sub"></small></div>
  <div class="bar"><div id="tabs" role="group" aria-label="Contacts"></div>
    <form id="new-contact"><input id="contact-number" inputmode="tel" placeholder="Another number" aria-label="Number of another contact"><button>Chat</button></form></div>
  <div id="scroll" tabindex="0" aria-label="Messages"><ul id="messages" role="log"></ul><p class="hint" id="no-messages">No messages yet. Write the first one.</p></div>
  <form id="composer"><label class="attach"><span aria-hidden="true">+</span><input id="image" type="file" aria-label="Send a file or an image"></label>
    <input id="text" placeholder="Write as the contact" aria-label="Message" autocomplete="off"><button id="send" class="primary">Send</button></form>
</section>
<section class="side" aria-label="Controls">
  <div><h2>Accepted by WhatsApp</h2><span class="count" id="effects">0</span> <small>messages, edits, reactions …</small></div>
  <div id="controls" hidden>
    <h2>Acknowledgements</h2><div id="ack"></div>
    <h2>What goes wrong</h2><div id="faults"></div><p><button id="clear-faults" type="button">All well again</button></p>
    <h2>The owner's phone</h2><div class="buttons">
      <button id="do-drop-sockets" type="button">Cut the socket</button><button id="do-reload" type="button">Reload page</button>
      <button id="do-conflict" type="button">Open elsewhere</button><button id="do-announcement" type="button">Show an announcement</button>
      <button id="do-terms" type="button">Show new terms</button><button id="do-close" type="button" class="primary" hidden>Answer the dialogue</button>
      <button id="do-give" type="button" class="primary" hidden>Give the passkey</button><button id="do-refuse" type="button" hidden>Refuse the passkey</button><button id="do-logout" type="button" class="danger">Log out</button></div>
  </div>
</section>
</main>`;

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The phone's page, in one piece, and the policy that lets nothing else run: no other script, no
 * other host. Its parts are functions of this project whose source is served as it stands.
 */
export function phonePage(): { html: string; policy: string } {
  const parts = [tools, connection, accounts, chat, controls].map(String).join(',\n');
  const script = `
const __name = (value) => value;
const view = { window, settings: ${JSON.stringify(settings)}, chosen: {}, state: { waiting: [], codes: [], accounts: [], effects: 0 } };
for (const part of [${parts}]) Object.assign(view, part(view));
`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>WhatsApp, simulated</title><link rel="icon" href="data:,"><style>${style}</style></head><body>${body}<script>${script}</script></body></html>
`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src blob: data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}
