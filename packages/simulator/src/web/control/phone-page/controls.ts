import type { PageElement, PhoneView } from './dom';

/**
 * Acknowledgements, faults, and what the owner of the phone can do. Served to the browser as
 * source: refers to nothing outside itself.
 */
export function controls(view: PhoneView): Partial<PhoneView> {
  const { byId, make } = view;
  const selects = new Map<string, PageElement>();

  function choice(
    name: string,
    values: readonly { value: string; label: string }[],
    run: (value: string) => void,
  ): PageElement {
    const select = make('select', { label: name });
    for (const { value, label } of values) {
      const option = make('option', { text: label });
      option.value = value;
      select.append(option);
    }
    select.addEventListener('change', () => run(select.value));
    selects.set(name, select);
    return make('label', { class: 'row' }, make('span', { text: name }), select);
  }

  const number = (): object => ({ number: view.chosen.account });
  const modes = view.settings.ackModes.map(({ mode, label }) => ({ value: mode, label }));
  byId('ack').append(
    choice(
      'acknowledgements',
      modes,
      (mode) => void view.act('PUT', '/api/ack-mode', { mode, ...number() }),
    ),
  );
  for (const [name, values] of Object.entries(view.settings.faults)) {
    const options = values.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
    byId('faults').append(
      choice(
        name,
        options,
        (value) => void view.act('PUT', '/api/faults', { [name]: value, ...number() }),
      ),
    );
  }
  byId('clear-faults').addEventListener(
    'click',
    () => void view.act('DELETE', '/api/faults', number()),
  );
  for (const action of ['logout', 'conflict', 'drop-sockets', 'reload']) {
    byId(`do-${action}`).addEventListener('click', () => {
      void view.act('POST', `/api/accounts/${view.chosen.account}/${action}`);
    });
  }

  const actions: readonly (readonly [string, string, string, object?])[] = [
    ['do-announcement', 'PUT', 'dialog', { kind: 'announcement' }],
    ['do-terms', 'PUT', 'dialog', { kind: 'terms' }],
    ['do-close', 'DELETE', 'dialog'],
    ['do-give', 'POST', 'passkey', { given: true }],
    ['do-refuse', 'POST', 'passkey', { given: false }],
  ];
  for (const [id, method, path, body] of actions) {
    byId(id).addEventListener('click', () => {
      void view.act(method, `/api/accounts/${view.chosen.account}/${path}`, body);
    });
  }

  return {
    showControls() {
      const account = view.state.accounts.find((one) => one.number === view.chosen.account);
      byId('effects').textContent = String(view.state.effects);
      byId('controls').hidden = !account;
      if (!account) return;
      byId('do-close').hidden = account.dialog === undefined;
      byId('do-give').hidden = !account.wants_passkey;
      byId('do-refuse').hidden = !account.wants_passkey;
      const values: Record<string, string | number> = {
        ...account.faults,
        acknowledgements: account.ack_mode,
      };
      for (const [name, select] of selects) {
        select.value = String(values[name]);
        select.className =
          name !== 'acknowledgements' && values[name] !== view.settings.faults[name]?.[0]
            ? 'armed'
            : '';
      }
    },
  };
}
