// The stream of events. The browser comes back by itself after a broken connection; after an answer that is no stream it gives up,
// and a new one is made here.

const AGAIN_MS = 1_000;

/** Calls `onEvent` with each event, and `onState` with whether there is a connection. */
export const follow = (url, { onEvent, onState }) => {
  const open = () => {
    const source = new EventSource(url);
    source.addEventListener("open", () => onState(true));
    source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      onState(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    });
  };
  open();
};
