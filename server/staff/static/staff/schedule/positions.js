// Minutes of a day, and the attributes by which positions.css places a block.

export const DAY = 1440;

/** hh:mm of a minute; 24:00 at the end. */
export const clock = (minute) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** Place an element from one minute to another. */
export function place(element, begin, end) {
  element.dataset.h = Math.floor(Math.min(begin, DAY - 1) / 60);
  element.dataset.m = Math.min(begin, DAY - 1) % 60;
  element.dataset.eh = Math.floor(end / 60);
  element.dataset.em = end % 60;
}

/** A wall time (YYYY-MM-DDTHH:MM) as minutes since 1970, and back; days have 24 hours here. */
export const minutes = (wall) => Date.parse(`${wall.slice(0, 16)}Z`) / 60000;
export const wall = (number) => new Date(number * 60000).toISOString().slice(0, 16);

/** From which minute to which a column shows: all day, or the compact hours. */
export const hoursOf = (week) => (week.dataset.hours === "day" ? [360, 1320] : [0, DAY]);
