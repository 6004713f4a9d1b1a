import type { Dispatcher } from 'undici';

/**
 * A dispatcher that says when a request begins to be written to a connection that stands. Before
 * that, whatever goes wrong (no address, nobody listening, no TLS), not a byte of it has left.
 */
export function watchedDispatcher(dispatcher: Dispatcher, onLeaving: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const watching: Dispatcher.DispatchHandler = {
      onRequestStart: (controller, context) => {
        onLeaving();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    };
    return dispatch(options, watching);
  });
}
