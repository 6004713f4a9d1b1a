import type { PageEvents, PageRequests, ServerFrame } from '../../wire';
import type { BrowserSocket } from '../browser';
import type { LinkParts, Page } from '../page';

/**
 * The page's one connection to its server: requests with answers, and events. It comes back by
 * itself; requests that were under way when it broke are sent again, since WhatsApp Web resends
 * too and its server knows a message by its id. Served to the browser as source: refers to nothing
 * outside itself.
 */
export function link(page: Page): LinkParts {
  const emitter = new page.Emitter();
  const waiting = new Map<
    number,
    {
      frame: string;
      sentOver: BrowserSocket | undefined;
      resolve: (data: unknown) => void;
      reject: (error: Error) => void;
    }
  >();
  let socket: BrowserSocket | undefined;
  let counter = 0;
  let stopped = false;

  class ServerStatusCodeError extends Error {
    override readonly name: string;
    readonly status: number;
    constructor(error: { name: string; status: number; message: string }) {
      super(error.message);
      this.name = error.name;
      this.status = error.status;
    }
  }

  function receive(frame: ServerFrame): void {
    if ('event' in frame) {
      emitter.trigger(frame.event, frame.payload);
      return;
    }
    const entry = waiting.get(frame.request);
    waiting.delete(frame.request);
    if ('error' in frame) entry?.reject(new ServerStatusCodeError(frame.error));
    else entry?.resolve(frame.data);
  }

  function connect(): void {
    if (stopped) return;
    const mine = new page.browser.WebSocket('wss://web.whatsapp.com/ws/chat');
    socket = mine;
    mine.onopen = () => emitter.trigger('open');
    mine.onmessage = (event) => receive(JSON.parse(event.data));
    mine.onclose = () => {
      if (socket !== mine) return;
      emitter.trigger('closed');
      setTimeout(connect, page.settings.reconnectMs);
    };
  }

  return {
    link: {
      connect,
      reconnect() {
        socket?.close();
      },
      stop() {
        stopped = true;
      },
      resend() {
        for (const [request, entry] of waiting) {
          // What went over this very socket is being answered.
          if (entry.sentOver === socket) continue;
          entry.sentOver = socket;
          if (!entry.frame.includes('"name":"hello"')) socket?.send(entry.frame);
          else waiting.delete(request);
        }
      },
      on<Name extends keyof PageEvents>(name: Name, listener: (payload: PageEvents[Name]) => void) {
        emitter.on(name, listener as (payload: unknown) => void);
      },
      onSocket(name: 'open' | 'closed', listener: () => void) {
        emitter.on(name, listener);
      },
      request<Name extends keyof PageRequests>(name: Name, payload: PageRequests[Name][0]) {
        counter += 1;
        const request = counter;
        const frame = JSON.stringify({ request, name, payload });
        return new Promise<PageRequests[Name][1]>((resolve, reject) => {
          const sentOver = socket?.readyState === 1 ? socket : undefined;
          const settle = resolve as (data: unknown) => void;
          waiting.set(request, { frame, sentOver, resolve: settle, reject });
          sentOver?.send(frame);
        });
      },
    },
  };
}
