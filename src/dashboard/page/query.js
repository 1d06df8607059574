// What is chosen stands in the page's address, so that a link shows another one the same. Whatever else stands there stays.

export const query = {
  get: (name) => new URLSearchParams(location.search).get(name),
  /** An empty value takes it out. */
  set: (name, value) => {
    const url = new URL(location.href);
    if (value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
  },
};
