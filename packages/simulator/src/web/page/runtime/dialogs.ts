import type { DialogKind } from '../../dialog';
import type { Page } from '../page';

/**
 * What lies over the page: dialogues, and the browser's own question for a passkey. Served to the
 * browser as source: refers to nothing outside itself.
 */
export function dialogs(page: Page): object {
  const { link } = page;
  const { document, navigator } = page.browser;
  let asking: AbortController | undefined;

  const buttons: Record<DialogKind, readonly string[]> = {
    announcement: ['Continue'],
    terms: ['Not now', 'Agree'],
    progress: [],
  };

  function show(kind: DialogKind | null): void {
    const overlay = document.getElementById('overlay');
    if (!overlay) return;
    overlay.replaceChildren();
    if (kind === null) return;
    const dialog = document.createElement('div');
    // The real page marks some of its dialogues for readers aloud, and others only for its animations.
    if (kind === 'terms') dialog.setAttribute('data-animate-modal-popup', 'true');
    else dialog.setAttribute('role', 'dialog');
    const text = document.createElement('p');
    text.textContent = kind;
    dialog.append(text);
    if (kind === 'terms') {
      const terms = document.createElement('a');
      terms.setAttribute('href', 'https://www.whatsapp.com/legal');
      terms.textContent = 'Terms';
      dialog.append(terms);
    }
    for (const label of buttons[kind]) {
      const button = document.createElement('button');
      button.textContent = label;
      button.addEventListener('click', () => {
        show(null);
        void link.request('dialog_closed', null);
      });
      dialog.append(button);
    }
    overlay.append(dialog);
  }

  link.on('dialog', ({ kind }) => show(kind));
  link.on('passkey', ({ asked }) => {
    asking?.abort();
    asking = undefined;
    if (!asked) return;
    asking = new AbortController();
    const challenge = crypto.getRandomValues(new Uint8Array(32));
    // What becomes of it does not matter here: the person answers on the phone.
    navigator.credentials
      ?.get({ publicKey: { challenge, rpId: 'whatsapp.com' }, signal: asking.signal })
      .catch(() => undefined);
  });
  return {};
}
