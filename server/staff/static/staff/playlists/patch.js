// What is different between two states of a playlist, and the same difference made to another one:
// undo takes back what I did and leaves what others did meanwhile.  Pure.

export function identity(item) {
  return item.key ?? `i${item.pk}`;
}

export function copy(list) {
  return structuredClone(list);
}

export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// { fields: {name: [before, after]}, items: {id: [before, after]}, order: [before, after] | null }
export function difference(before, after) {
  const fields = {};
  for (const name of Object.keys(after)) {
    if (name !== "items" && before[name] !== after[name]) fields[name] = [before[name], after[name]];
  }
  const [old, now] = [byId(before), byId(after)];
  const items = {};
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    if (!isSame(old.get(id), now.get(id))) items[id] = [old.get(id) ?? null, now.get(id) ?? null];
  }
  const orders = [[...old.keys()], [...now.keys()]];
  return { fields, items, order: isSame(...orders) ? null : orders };
}

export function isNothing(patch) {
  return !patch.order && !Object.keys(patch.items).length && !Object.keys(patch.fields).length;
}

export function inverse(patch) {
  const turned = (pairs) => Object.fromEntries(Object.entries(pairs).map(([name, [a, b]]) => [name, [b, a]]));
  return { fields: turned(patch.fields), items: turned(patch.items), order: patch.order && [...patch.order].reverse() };
}

export function patched(list, patch) {
  const made = copy(list);
  for (const [name, [, after]] of Object.entries(patch.fields)) made[name] = after;
  const items = byId(made);
  for (const [id, [before, after]] of Object.entries(patch.items)) {
    if (!after) items.delete(id);
    else if (!items.has(id)) items.set(id, copy(before ? { ...before, ...after } : after));
    else change(items.get(id), before ?? {}, after);
  }
  const order = patch.order ? merged([...items.keys()], patch.order[1]) : [...items.keys()];
  made.items = order.map((id) => items.get(id));
  return made;
}

function change(item, before, after) {
  for (const [name, value] of Object.entries(after)) {
    if (name !== "pk" && name !== "key" && before[name] !== value) item[name] = value;
  }
}

// `wanted` as far as it is there; what else is there keeps its place behind what stood before it.
function merged(there, wanted) {
  const known = new Set(there);
  const order = wanted.filter((id) => known.has(id));
  const placed = new Set(order);
  there.forEach((id, at) => {
    if (placed.has(id)) return;
    order.splice(at ? order.indexOf(there[at - 1]) + 1 : 0, 0, id);
    placed.add(id);
  });
  return order;
}

function byId(list) {
  return new Map(list.items.map((item) => [identity(item), item]));
}
