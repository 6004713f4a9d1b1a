import { EventEmitter } from 'node:events';
import { type Logger, silentLogger } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import type { LibraryClient } from '../../../src/webjs/library/library-types';
import { type LibraryHandlers, listen } from '../../../src/webjs/session/library-events';
import type { SessionScope } from '../../../src/webjs/session/session-scope';

/** Listens to a client that emits whatever the test says. */
function listening(onHeard: (name: string) => void) {
  const client = new EventEmitter();
  const errors: unknown[] = [];
  const logger: Logger = { ...silentLogger, error: (_, fields) => errors.push(fields?.reason) };
  const handlers = new Proxy({} as LibraryHandlers, {
    get: (_, name) => () => onHeard(String(name)),
  });
  listen(client as unknown as LibraryClient, handlers, { logger } as SessionScope);
  return { client, errors };
}

describe('listen', () => {
  it('lets no handler throw into the page, which would lose the events after it', () => {
    const { client, errors } = listening(() => {
      throw new Error('broken');
    });
    for (const name of client.eventNames()) expect(() => client.emit(name)).not.toThrow();
    expect(errors).toEqual(client.eventNames());
  });

  it('hears nothing of what changes nothing for anybody else, and no message twice', () => {
    const heard: string[] = [];
    const { client } = listening((name) => heard.push(name));
    const unheard = ['message_revoke_me', 'chat_removed', 'chat_archived', 'unread_count'];
    for (const name of [...unheard, 'message', 'media_uploaded', 'call']) client.emit(name, {});
    expect(heard).toEqual([]);
    client.emit('message_create', {});
    client.emit('loading_screen', 40, 'WhatsApp');
    expect(heard).toEqual(['onMessage', 'onLoading']);
  });
});
