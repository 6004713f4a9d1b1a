/** What a page waits for that only a person gives. */
export type Attention =
  /** A passkey: the page asked the browser for one, and got none yet. */
  | 'passkey'
  /** News with one button: whoever presses it agrees to nothing. */
  | 'announcement'
  /** Any other dialogue with a button. */
  | 'dialog';

/** What the watch leaves in the page. */
export interface AttentionWatch {
  /** What the page waits for now, if anything. */
  look(): Attention | null;
  /** Presses the one button of an announcement. @returns whether there was one */
  dismiss(): boolean;
}

/** Under which name the watch stands in the page; a symbol, so that no script of the page meets it. */
export const attentionKey = 'blazz.attention';

/** The parts of a browser that the watch touches. */
interface WatchedElement {
  checkVisibility(options: { readonly visibilityProperty: boolean }): boolean;
  querySelectorAll(selector: string): Iterable<WatchedElement>;
  click(): void;
}

/** A question for credentials, as far as it matters who answers it. */
interface CredentialQuestion {
  readonly publicKey?: unknown;
  readonly mediation?: string;
}

type Ask = (question?: CredentialQuestion) => Promise<unknown>;

/** The page, as it is before any script of its own ran. */
interface WatchedWindow {
  readonly document: WatchedElement;
  readonly navigator: { readonly credentials?: { get: Ask } };
  readonly require?: (name: 'WAWebConnModel' | 'WAWebSocketModel') => {
    readonly Conn?: { readonly ref?: string };
    readonly Socket?: { readonly state?: string };
  };
}

/**
 * Runs in the page before its own scripts, after every navigation: notes questions for a passkey,
 * and finds dialogues by their structure, not by words or class names, which change with the
 * language and with every release. Refers to nothing outside itself but its argument.
 */
function watchAttention(key: string): void {
  const page = globalThis as unknown as WatchedWindow & Record<symbol, AttentionWatch>;
  const { credentials } = page.navigator;
  let pending = 0;
  /** The QR that was shown when a passkey was refused: a new one means that the page went on. */
  let refused: { readonly ref: string | undefined } | undefined;

  const tools = {
    ref: (): string | undefined => page.require?.('WAWebConnModel').Conn?.ref,
    wantsPasskey: (): boolean => {
      if (pending > 0) return true;
      if (refused === undefined) return false;
      const connected = page.require?.('WAWebSocketModel').Socket?.state === 'CONNECTED';
      if (connected || refused.ref !== tools.ref()) refused = undefined;
      return refused !== undefined;
    },
    visible: (inside: WatchedElement, selector: string): WatchedElement[] =>
      [...inside.querySelectorAll(selector)].filter((element) =>
        element.checkVisibility({ visibilityProperty: true }),
      ),
    buttons: (dialog: WatchedElement): WatchedElement[] =>
      tools.visible(dialog, 'button, [role="button"]'),
    /** Every dialogue that waits for a click; one without a button only tells that work goes on. */
    dialogs: (): WatchedElement[] =>
      tools
        .visible(
          page.document,
          '[role="dialog"], [role="alertdialog"], [aria-modal="true"], [data-animate-modal-popup], dialog[open]',
        )
        .filter((dialog) => tools.buttons(dialog).length > 0),
    isAnnouncement: (dialog: WatchedElement): boolean =>
      tools.buttons(dialog).length === 1 &&
      tools.visible(
        dialog,
        'a[href], input, select, textarea, [role="checkbox"], [contenteditable]',
      ).length === 0,
  };

  if (credentials !== undefined) {
    const ask: Ask = credentials.get.bind(credentials);
    credentials.get = (question) => {
      const answer = ask(question);
      // Offers beside a form, and questions that nobody is shown, wait for nobody.
      const quiet = question?.mediation === 'conditional' || question?.mediation === 'silent';
      if (question?.publicKey === undefined || quiet) return answer;
      pending += 1;
      answer.then(
        () => {
          pending -= 1;
          refused = undefined;
        },
        () => {
          pending -= 1;
          refused = { ref: tools.ref() };
        },
      );
      return answer;
    };
  }
  Object.defineProperty(page, Symbol.for(key), {
    value: {
      look: () => {
        if (tools.wantsPasskey()) return 'passkey';
        const dialogs = tools.dialogs();
        if (dialogs.length === 0) return null;
        return dialogs.every(tools.isAnnouncement) ? 'announcement' : 'dialog';
      },
      dismiss: () => {
        const [dialog] = tools.dialogs().filter(tools.isAnnouncement);
        const [button] = dialog === undefined ? [] : tools.buttons(dialog);
        button?.click();
        return button !== undefined;
      },
    } satisfies AttentionWatch,
  });
}

/** The watch as a script, with what some compilers wrap functions in. */
export function attentionScript(): string {
  return `((__name) => (${String(watchAttention)})(${JSON.stringify(attentionKey)}))((value) => value)`;
}
