import type { PageElement, PhoneView, ShownMessage } from './dom';

/**
 * The chat, seen by the contact. Served to the browser as source: refers to nothing outside itself.
 */
export function chat(view: PhoneView): Partial<PhoneView> {
  const { byId, make } = view;
  const pictures = new Map<string, string>();
  const ticks: Record<string, string> = { '-1': '!', 0: '◷', 1: '✓', 2: '✓✓', 3: '✓✓', 4: '✓✓' };
  const words: Record<string, string> = {
    '-1': 'refused',
    0: 'pending',
    1: 'at the server',
    2: 'delivered',
    3: 'read',
    4: 'played',
  };
  let shown = '';

  const current = () => view.state.accounts.find((one) => one.number === view.chosen.account);

  async function picture(message: ShownMessage): Promise<PageElement> {
    const path = message.media_path as string;
    if (!message.mimetype?.startsWith('image/')) {
      return make('span', { class: 'file', text: `📎 ${message.filename ?? message.type}` });
    }
    const address = pictures.get(path) ?? URL.createObjectURL(await view.media(path));
    pictures.set(path, address);
    const image = make('img');
    image.src = address;
    image.alt = message.text ?? 'Image';
    return image;
  }

  function substance(message: ShownMessage): string {
    const { lat, lng, loc, pollOptions } = message.fields;
    if (message.type === 'revoked') return '🚫 This message was deleted';
    if (message.type === 'location') return `📍 ${loc ? `${loc}\n` : ''}${lat}, ${lng}`;
    if (message.type === 'poll_creation') {
      const options = ((pollOptions ?? []) as { name: string }[]).map(
        (option) => `◯ ${option.name}`,
      );
      return [`📊 ${message.text ?? ''}`, ...options].join('\n');
    }
    if (message.type === 'multi_vcard') return '👥 Contacts';
    return message.text ?? (message.media_path ? '' : `[${message.type}]`);
  }

  async function bubble(message: ShownMessage): Promise<PageElement> {
    const time = new Date(message.time * 1000).toTimeString().slice(0, 5);
    const meta = make('span', { class: 'meta', text: time });
    if (message.from_me) {
      const tick = make('span', {
        class: message.ack >= 3 ? 'tick read' : message.ack < 0 ? 'tick bad' : 'tick',
        text: ticks[message.ack] ?? '',
        label: words[message.ack] ?? '',
      });
      tick.setAttribute('role', 'img');
      meta.append(' ', tick);
    }
    const body = make('p', { text: substance(message) });
    const media = message.media_path ? [await picture(message)] : [];
    const reactions = Object.values(message.reactions).join('');
    const mark = reactions ? [make('span', { class: 'reaction', text: reactions })] : [];
    return make(
      'li',
      { class: `bubble ${message.from_me ? 'theirs' : 'mine'}` },
      ...media,
      body,
      meta,
      ...mark,
    );
  }

  function contactTabs(): PageElement[] {
    return (current()?.chats ?? []).map((one) => {
      const tab = make('button', {
        class: one.chat === view.chosen.contact ? 'tab chosen' : 'tab',
        text: one.unread > 0 ? `${one.name} (${one.unread})` : one.name,
      });
      tab.setAttribute('type', 'button');
      tab.setAttribute('aria-pressed', String(one.chat === view.chosen.contact));
      tab.addEventListener('click', () => {
        view.chosen.contact = one.chat;
        void view.refresh();
      });
      return tab;
    });
  }

  async function write(content: unknown): Promise<void> {
    const from = view.chosen.contact;
    const to = view.chosen.account;
    if (!from || !to) return;
    await view.act('POST', '/api/messages', { from, to, content });
    await view.refresh();
  }

  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const field = byId('text');
    const text = field.value.trim();
    field.value = '';
    field.focus();
    if (text) void write(text);
  });
  byId('new-contact').addEventListener('submit', (event) => {
    event.preventDefault();
    const number = byId('contact-number').value.replace(/[\s()+-]/g, '');
    if (number) view.chosen.contact = number;
    byId('contact-number').value = '';
    void view.refresh();
  });
  byId('image').addEventListener('change', () => {
    const file = byId('image').files?.[0];
    if (!file) return;
    const reader = new view.window.FileReader();
    reader.onload = () => {
      const data = reader.result.slice(reader.result.indexOf(',') + 1);
      const kind = file.type.startsWith('image/') ? 'image' : 'document';
      void write({
        kind,
        media: { data, mimetype: file.type || 'application/octet-stream', filename: file.name },
      });
      byId('image').value = '';
    };
    reader.readAsDataURL(file);
  });

  return {
    async showChat() {
      const account = current();
      view.chosen.contact ||= account?.chats[0]?.chat ?? '';
      const contact = view.chosen.contact;
      byId('tabs').replaceChildren(...contactTabs());
      byId('contact-title').textContent =
        account?.chats.find((one) => one.chat === contact)?.name ??
        (contact ? `+${contact}` : 'Nobody yet');
      byId('contact-sub').textContent = account
        ? `You answer ${account.name} (+${account.number})`
        : 'Link an account first';
      const ready = Boolean(account && contact);
      byId('text').disabled = !ready;
      byId('send').disabled = !ready;
      byId('image').disabled = !ready;
      const path = `/api/accounts/${account?.number}/chats/${encodeURIComponent(contact)}/messages`;
      const messages = ready ? ((await view.call('GET', path)) as ShownMessage[]) : [];
      const print = JSON.stringify([account?.number, contact, messages]);
      if (print === shown) return;
      shown = print;
      byId('messages').replaceChildren(...(await Promise.all(messages.map(bubble))));
      byId('no-messages').hidden = messages.length > 0;
      byId('scroll').scrollTop = byId('scroll').scrollHeight;
    },
  };
}
