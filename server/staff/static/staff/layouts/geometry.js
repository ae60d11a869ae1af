// Where a zone comes to lie: snapping, limits, scaling.  Pure: numbers in, numbers out.

/** The grid on which everything on the wall lies, in pixels of the canvas. */
export const GRID = 8;

/** No zone becomes smaller than this by dragging, in pixels of the canvas. */
export const LEAST = 16;

/** The eight handles, by the edges that they move. */
export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];

const AXES = { x: ["x", "width"], y: ["y", "height"] };

/** The lines that something can snap to on one axis: edges and centres of others and the canvas. */
function lines(axis, others, canvas) {
  const [start, size] = AXES[axis];
  const all = [...others, { x: 0, y: 0, width: canvas.width, height: canvas.height }];
  return {
    edges: all.flatMap((each) => [each[start], each[start] + each[size]]),
    centres: all.map((each) => each[start] + each[size] / 2),
  };
}

/** The nearest of `targets` to one of `places`, if it is within `reach`. */
function nearest(places, targets, reach) {
  let best = null;
  for (const place of places) {
    for (const target of targets) {
      const by = target - place;
      if (Math.abs(by) <= reach && (best === null || Math.abs(by) < Math.abs(best.by))) {
        best = { by, line: target };
      }
    }
  }
  return best;
}

const limited = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** Keep a zone on the canvas, without changing its size where it fits. */
export function within(zone, canvas) {
  const width = Math.min(zone.width, canvas.width);
  const height = Math.min(zone.height, canvas.height);
  return {
    x: limited(zone.x, 0, canvas.width - width),
    y: limited(zone.y, 0, canvas.height - height),
    width,
    height,
  };
}

/**
 * Move a zone.  `reach` is how near a line must be, in pixels of the canvas; 0 does not snap.
 * Returns the place, and the guides to show as {axis, at}.
 */
export function moved(zone, dx, dy, others, canvas, reach) {
  const place = { x: zone.x + dx, y: zone.y + dy, width: zone.width, height: zone.height };
  const guides = [];
  for (const [axis, [start, size]] of Object.entries(AXES)) {
    const { edges, centres } = lines(axis, others, canvas);
    const own = [place[start], place[start] + place[size]];
    const edge = reach ? nearest(own, edges, reach) : null;
    const centre = reach ? nearest([place[start] + place[size] / 2], centres, reach) : null;
    const best = edge && centre ? (Math.abs(centre.by) < Math.abs(edge.by) ? centre : edge) : edge ?? centre;
    if (best) {
      place[start] += best.by;
      guides.push({ axis, at: best.line });
    } else if (reach) {
      place[start] = Math.round(place[start] / GRID) * GRID;
    }
    place[start] = Math.round(place[start]);
  }
  return { place: within(place, canvas), guides };
}

/** Size a zone by one of its handles; the opposite edges stay. */
export function sized(zone, handle, dx, dy, others, canvas, reach) {
  const edges = { left: zone.x, top: zone.y, right: zone.x + zone.width, below: zone.y + zone.height };
  const guides = [];
  const pull = (side, axis, by, low, high) => {
    const wanted = edges[side] + by;
    const found = reach ? nearest([wanted], lines(axis, others, canvas).edges, reach) : null;
    const at = found ? found.line : reach ? Math.round(wanted / GRID) * GRID : wanted;
    edges[side] = Math.round(limited(at, low, high));
    if (found && edges[side] === found.line) guides.push({ axis, at: found.line });
  };
  if (handle.includes("w")) pull("left", "x", dx, 0, edges.right - LEAST);
  if (handle.includes("e")) pull("right", "x", dx, edges.left + LEAST, canvas.width);
  if (handle.includes("n")) pull("top", "y", dy, 0, edges.below - LEAST);
  if (handle.includes("s")) pull("below", "y", dy, edges.top + LEAST, canvas.height);
  const place = { x: edges.left, y: edges.top, width: edges.right - edges.left, height: edges.below - edges.top };
  return { place, guides };
}

/** The zones on a canvas of another size: each edge on its own, so that what touches still does. */
export function fitted(zones, from, onto) {
  const scale = (position, of, to) => Math.round((position * to) / of);
  return zones.map((zone) => {
    const x = scale(zone.x, from.width, onto.width);
    const y = scale(zone.y, from.height, onto.height);
    const right = scale(zone.x + zone.width, from.width, onto.width);
    const below = scale(zone.y + zone.height, from.height, onto.height);
    return { ...zone, x, y, width: Math.max(1, right - x), height: Math.max(1, below - y) };
  });
}
