// How long things are on: one round, and each item's share of it.  What the scheduler will do with
// an item is said by the live preview; this is the sum that an editor does in the head.

const gcd = (a, b) => (b ? gcd(b, a % b) : a);

// How long one showing of an item takes, in milliseconds: all its pages.
export function lengthOf(item, thing) {
  if (!thing) return 0;
  const pages = thing.pages?.length && !item.page ? thing.pages.length : 1;
  return (item.duration_ms ?? thing.length_ms) * pages;
}

export function validity(item, now) {
  if (item.valid_until && item.valid_until <= now) return "over";
  if (item.valid_from && item.valid_from > now) return "to-come";
  return "valid";
}

// { round, shares: Map(id → 0…1), idle }: items that are not valid now have no share.
export function round(items, things, now, identity) {
  const on = items.filter((item) => validity(item, now) === "valid" && things[item.asset]?.state === "ready");
  const divisor = on.reduce((found, item) => gcd(found, item.weight), 0) || 1;
  const lengths = on.map((item) => [identity(item), lengthOf(item, things[item.asset]) * item.weight]);
  const whole = lengths.reduce((sum, [, ms]) => sum + ms, 0);
  const shares = new Map(lengths.map(([id, ms]) => [id, whole ? ms / whole : 0]));
  return { round: whole / divisor, shares, idle: items.length - on.length };
}

export function clock(ms) {
  const seconds = Math.round(ms / 100) / 10;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - minutes * 60;
  const text = Number.isInteger(rest) ? String(rest).padStart(2, "0") : rest.toFixed(1).padStart(4, "0");
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${text}` : `${minutes}:${text}`;
}

// A share of the time in whole per cent; what is on at all is never said to have none.
export function percent(share) {
  const whole = Math.round(share * 100);
  return whole === 0 && share > 0 ? "< 1%" : `${whole}%`;
}

// Presets of validity, as wall times of the organisation; `today` is its date, YYYY-MM-DD.
export function preset(name, today) {
  const day = new Date(`${today}T00:00Z`);
  const after = (days) => {
    const other = new Date(day);
    other.setUTCDate(other.getUTCDate() + days);
    return `${other.toISOString().slice(0, 10)}T00:00`;
  };
  const weekday = (day.getUTCDay() + 6) % 7; // a week begins on Monday
  const nextMonth = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
  return {
    always: ["", ""],
    today: [after(0), after(1)],
    week: [after(-weekday), after(7 - weekday)],
    month: [after(0), `${nextMonth.toISOString().slice(0, 10)}T00:00`],
    thirty: [after(0), after(30)],
  }[name];
}
