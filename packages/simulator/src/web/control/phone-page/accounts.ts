import type { PageElement, PhoneView } from './dom';

/**
 * What waits to be linked, and the accounts. Served to the browser as source: refers to nothing
 * outside itself.
 */
export function accounts(view: PhoneView): Partial<PhoneView> {
  const { byId, make } = view;

  function button(text: string, run: () => void, kind = ''): PageElement {
    const element = make('button', { text, class: kind });
    element.setAttribute('type', 'button');
    element.addEventListener('click', run);
    return element;
  }

  function owner(): object {
    const name = byId('owner-name').value.trim();
    return { number: byId('owner-number').value.trim(), ...(name ? { name } : {}) };
  }

  async function link(path: string, body: object): Promise<void> {
    await view.act('POST', path, body);
    await view.refresh();
  }

  function waitingCards(): PageElement[] {
    const qrs = view.state.waiting.map(({ qr, page }) =>
      make(
        'li',
        { class: 'card' },
        make('span', { class: 'glyph', text: '▚' }),
        make(
          'span',
          { class: 'grow' },
          make('strong', { text: 'QR code' }),
          make('small', { text: `page ${page}` }),
        ),
        button('Scan', () => void link('/api/scan', { qr, ...owner() }), 'primary'),
      ),
    );
    const codes = view.state.codes.map(({ code, number, page }) =>
      make(
        'li',
        { class: 'card' },
        make('span', { class: 'glyph', text: '#' }),
        make(
          'span',
          { class: 'grow' },
          make('strong', { class: 'code', text: `${code.slice(0, 4)}-${code.slice(4)}` }),
          make('small', { text: `for +${number}, page ${page}` }),
        ),
        button('Enter', () => void link('/api/codes', { ...owner(), code, number }), 'primary'),
      ),
    );
    return [...qrs, ...codes];
  }

  function accountCards(): PageElement[] {
    return view.state.accounts.map((account) => {
      const online = account.connected_pages > 0;
      const card = button('', () => {
        view.chosen = { account: account.number };
        void view.refresh();
      });
      card.className = `card account${view.chosen.account === account.number ? ' chosen' : ''}`;
      if (view.chosen.account === account.number) card.setAttribute('aria-current', 'true');
      const status = online
        ? 'online'
        : account.linked_devices > 0
          ? 'linked, offline'
          : 'not linked';
      card.append(
        make('span', { class: `dot ${online ? 'on' : 'off'}` }),
        make(
          'span',
          { class: 'grow' },
          make('strong', { text: account.name }),
          make('small', { text: `+${account.number} · ${status}` }),
        ),
      );
      return make('li', {}, card);
    });
  }

  return {
    showAccounts() {
      const waiting = waitingCards();
      byId('waiting').replaceChildren(...waiting);
      byId('no-waiting').hidden = waiting.length > 0;
      view.chosen.account ||= view.state.accounts[0]?.number ?? '';
      byId('accounts').replaceChildren(...accountCards());
      byId('no-accounts').hidden = view.state.accounts.length > 0;
    },
  };
}
