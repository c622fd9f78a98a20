/** Who listens to a provider: what the SDKs' own emitter does, without importing an SDK. */
import type {
  AnyProviderEvent,
  EventContext,
  EventDetails,
  EventHandler,
  Logger,
  ProviderEventEmitter,
} from '@openfeature/core';

export type ProviderEvents = ProviderEventEmitter<AnyProviderEvent>;

export function openProviderEvents(): ProviderEvents {
  const handlers = new Map<AnyProviderEvent, EventHandler[]>();
  let logger: Logger | undefined;
  const handlersOf = (event: AnyProviderEvent): EventHandler[] => handlers.get(event) ?? [];
  const run = async (handler: EventHandler, details: EventDetails): Promise<void> => {
    try {
      await handler(details);
    } catch (error) {
      logger?.error('A handler of a provider event failed:', error);
    }
  };
  const events: ProviderEvents = {
    emit: (event, context) => {
      // The SDK adds the provider's name before an application sees the event.
      for (const handler of handlersOf(event)) void run(handler, context as EventContext as EventDetails);
    },
    addHandler: (event, handler) => void handlers.set(event, [...handlersOf(event), handler]),
    removeHandler: (event, handler) => {
      const at = handlersOf(event).lastIndexOf(handler);
      handlers.set(
        event,
        handlersOf(event).filter((_, index) => index !== at),
      );
    },
    removeAllHandlers: (event) => (event === undefined ? handlers.clear() : void handlers.delete(event)),
    getHandlers: handlersOf,
    setLogger: (next) => {
      logger = next;
      return events;
    },
  };
  return events;
}
