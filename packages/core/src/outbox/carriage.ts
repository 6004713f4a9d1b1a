import type { Carriage } from '../provider/send-outcome';
import type { AttemptRecord } from './message-record';

/** What is told of the way that a message went, without what is not. */
export function carriageOf({ via, hops }: Carriage): Carriage {
  return { ...(via === undefined ? {} : { via }), ...(hops === undefined ? {} : { hops }) };
}

/** Who carried an attempt: of a provider made of several, the member. */
export function carrierOf({ via, provider }: AttemptRecord): string {
  return via ?? provider;
}
