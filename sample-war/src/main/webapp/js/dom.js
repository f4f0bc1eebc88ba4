// Keeps elements equal to data. Elements stay where they are when their data stays, so that focus,
// scrolling and pointer survive an update; text is only ever set as text.

export const byId = (id) => document.getElementById(id);

export function setText(element, text) {
  const value = String(text);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

export function setData(element, name, value) {
  if (element.dataset[name] !== value) {
    element.dataset[name] = value;
  }
}

/** Makes the children of parent equal to items: one element per key, in the order of items. */
export function keyed(parent, items, keyOf, create, update) {
  const wanted = new Set(items.map((item) => String(keyOf(item))));
  const kept = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) {
      kept.set(child.dataset.key, child);
    } else {
      child.remove();
    }
  }
  let position = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let element = kept.get(key);
    if (!element) {
      element = create(item);
      element.dataset.key = key;
    }
    if (element === position) {
      position = position.nextElementSibling;
    } else {
      parent.insertBefore(element, position);
    }
    update(element, item);
  }
}

export function fromTemplate(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

/** A table row with one cell per class name. */
export function row(...classes) {
  const element = document.createElement("tr");
  for (const name of classes) {
    const cell = document.createElement("td");
    if (name) {
      cell.className = name;
    }
    element.append(cell);
  }
  return element;
}

export function setCell(element, index, text, className) {
  const cell = element.children[index];
  setText(cell, text);
  if (className !== undefined && cell.className !== className) {
    cell.className = className;
  }
}
