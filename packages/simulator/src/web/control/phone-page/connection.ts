import type { PhoneView, ShownState } from './dom';

/**
 * Talks to the control API, and keeps the view fresh. Served to the browser as source: refers to
 * nothing outside itself.
 */
export function connection(view: PhoneView): Partial<PhoneView> {
  const token = view.window.location.hash.slice(1);
  const headers = { authorization: `Bearer ${token}` };
  let refreshing = false;
  let stale = false;

  function say(text: string): void {
    view.byId('notice').textContent = text;
  }

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const value = (await answer.json()) as { error?: { message: string } };
    if (!answer.ok)
      throw new Error(value.error?.message ?? `The simulator answered ${answer.status}.`);
    return value;
  }

  async function refresh(): Promise<void> {
    // One at a time; what changed meanwhile is fetched once afterwards.
    stale = true;
    if (refreshing) return;
    refreshing = true;
    while (stale) {
      stale = false;
      view.state = (await call('GET', '/api/state')) as ShownState;
      view.showAccounts();
      view.showControls();
      await view.showChat();
    }
    refreshing = false;
  }

  async function follow(): Promise<void> {
    const answer = await fetch('/api/events', { headers });
    if (!answer.ok || !answer.body) {
      say('The simulator refused this address. Open the one that it printed, with its token.');
      return;
    }
    view.byId('live').className = 'live on';
    await refresh();
    const reader = answer.body.getReader();
    for (;;) {
      const { done } = await reader.read();
      if (done) break;
      await refresh();
    }
  }

  async function keepFollowing(): Promise<void> {
    for (;;) {
      await follow().catch(() => undefined);
      refreshing = false;
      view.byId('live').className = 'live off';
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  void keepFollowing();
  return {
    call,
    refresh,
    async act(method, path, body) {
      try {
        await call(method, path, body);
        say('');
      } catch (error) {
        say((error as Error).message);
      }
    },
    async media(path) {
      return (await fetch(`/api/media${path}`, { headers })).blob();
    },
  };
}
