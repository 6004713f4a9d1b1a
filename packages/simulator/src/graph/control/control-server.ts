import type { ControlServerOptions } from '../../control/control-http';
import { RoutedControls } from '../../control/routed-controls';
import type { GraphSimulator } from '../graph-simulator';
import { graphControlRoutes } from './routes';
import { streamedEvents } from './streamed-events';

/**
 * The controls of a {@link GraphSimulator} over plain HTTP on 127.0.0.1, for tests in other languages.
 * Callers prove that they may with a token; the `Host` header must be this machine's.
 */
export class GraphControlServer extends RoutedControls<GraphSimulator> {
  /**
   * @param simulator what is controlled; its start and stop are its owner's
   * @param options port and token
   * @throws GatewayError `invalid_config` when the token is too short
   */
  constructor(simulator: GraphSimulator, options: ControlServerOptions = {}) {
    super(simulator, options, { routes: graphControlRoutes, events: streamedEvents });
  }
}
