import { Agent, type buildConnector } from 'undici';

/** How connections are made. */
export interface ConnectionOptions {
  /** How long a connection may take to stand, in milliseconds. */
  readonly connectMs: number;
  /** How many connections to one origin at most. */
  readonly perOrigin: number;
  /** Makes them. Default: undici's connector. */
  readonly connect?: buildConnector.connector | undefined;
}

/** The connections of a factory: one pool per origin, shared by its providers, gone with the last of them. */
export class Connections {
  readonly #options: ConnectionOptions;
  #agent: Agent | undefined;
  #users = 0;

  /** @param options how connections are made */
  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Takes a share. Give it back with the function that is returned; a second time does nothing. */
  share(): { readonly dispatcher: Agent; readonly release: () => Promise<void> } {
    const { connectMs, perOrigin, connect } = this.#options;
    this.#agent ??= new Agent({
      connections: perOrigin,
      pipelining: 1,
      connect: connect ?? { timeout: connectMs },
    });
    const agent = this.#agent;
    this.#users += 1;
    let isHeld = true;
    return {
      dispatcher: agent,
      release: async () => {
        if (!isHeld) return;
        isHeld = false;
        this.#users -= 1;
        if (this.#users > 0) return;
        this.#agent = undefined;
        await agent.destroy();
      },
    };
  }
}
