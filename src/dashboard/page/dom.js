// What comes from the API reaches the page as text only: by these, never as markup.

const patterns = new Map(
  [...document.getElementById("words").content.querySelectorAll("[data-word]")].map((word) => [word.dataset.word, word.textContent]),
);

/** A text of the page, each `{name}` of it replaced by `values.name`. */
export const word = (id, values = {}) =>
  (patterns.get(id) ?? id).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** The first element of a template, anew. */
export const clone = (template) =>
  document.getElementById(`${template}-template`).content.firstElementChild.cloneNode(true);

/** The part of an element that its template calls so. */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** Sets a text, and leaves the document alone when it is there already: a selection or the place of a reader stays. */
export const put = (element, text) => {
  const wanted = String(text ?? "");
  if (element.textContent !== wanted) element.textContent = wanted;
};

/** Sets the texts of several parts. */
export const fill = (root, texts) => {
  for (const [name, text] of Object.entries(texts)) put(part(root, name), text);
};

/** Sets an attribute, or takes it away when there is nothing to say. */
export const attribute = (element, name, value) => {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
};

/** A badge: its colour by `kind`, its meaning by its text. */
export const badge = (element, kind, text) => {
  attribute(element, "class", `badge ${kind}`);
  put(element, text);
};

/** A verdict as a badge. */
export const mark = (element, verdict) => badge(element, verdict.class, `${verdict.symbol} ${verdict.word}`);

/** A verdict as its symbol alone, with the word for those who hear the page or point at it. */
export const sign = (element, verdict) => {
  attribute(element, "class", `sign ${verdict.class}`);
  attribute(element, "title", verdict.word);
  const word = document.createElement("span");
  word.className = "hear";
  word.textContent = verdict.word;
  element.replaceChildren(`${verdict.symbol} `, word);
};

/** A bar of progress; hidden where nobody knows how far it is to go. */
export const progress = (element, value, most) => {
  element.hidden = !(most > 0);
  if (element.hidden) return;
  element.max = most;
  element.value = Math.min(Math.max(value, 0), most);
};

/** Makes the children of `parent` one for each item, in order. Those that are there already are kept and told what is new. */
export const list = (parent, items, key, template, update) => {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => {
    const name = String(key(item));
    const child = known.get(name) ?? clone(template);
    known.delete(name);
    child.dataset.key = name;
    update(child, item);
    return child;
  });
  for (const gone of known.values()) gone.remove();
  wanted.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
};

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export const drawn = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
};
