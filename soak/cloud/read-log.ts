import type { Gateway, GatewayEvent } from '@blazz/core';

/** Every event of a workspace, from the first. */
export async function* readLog(
  gateway: Gateway,
  workspaceId: string,
): AsyncGenerator<GatewayEvent, void, undefined> {
  for (let after = 0; ; ) {
    const { events } = await gateway.workspace(workspaceId).events({ after, limit: 1_000 });
    const last = events.at(-1);
    if (last === undefined) return;
    yield* events;
    after = last.seq;
  }
}
