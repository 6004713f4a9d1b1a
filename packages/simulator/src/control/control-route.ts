import type { JsonBody } from './json-body';

/** What a route of a simulator's controls gets. */
export interface SimulatorCall<Simulator> {
  /** What is controlled. */
  readonly simulator: Simulator;
  /** The values of the path's `{names}`. */
  readonly path: Readonly<Record<string, string>>;
  /** The request's body. */
  readonly body: JsonBody;
}

/** One route of a simulator's controls. */
export interface SimulatorRoute<Simulator> {
  /** The HTTP method. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The path, with `{names}`. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly does: string;
  /** Does it; what it answers is sent as JSON. */
  readonly run: (call: SimulatorCall<Simulator>) => unknown;
}

/** A route, in the order in which it is read. */
export function route<Simulator>(
  method: SimulatorRoute<Simulator>['method'],
  path: string,
  does: string,
  run: SimulatorRoute<Simulator>['run'],
): SimulatorRoute<Simulator> {
  return { method, path, does, run };
}
