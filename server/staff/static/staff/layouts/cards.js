// The form: a card of fields for each zone.  It is what is saved; the canvas reads and writes it.

const NUMBERS = ["x", "y", "width", "height", "z"];

const field = (card, name) => card.querySelector(`[name=zone_${name}]`);
const number = (input) => Number.parseInt(input.value, 10) || 0;

export class Cards {
  #list;
  #blank;
  #count = 0;
  #onChoose;

  /** The last card of the list is the empty one, for those without script: new cards are made of it. */
  constructor(list, onChoose) {
    this.#list = list;
    this.#onChoose = onChoose;
    this.#blank = list.lastElementChild;
    this.#blank.remove();
    for (const card of list.children) this.#adopt(card);
  }

  #adopt(card) {
    card.dataset.zone = String((this.#count += 1));
    const details = card.querySelector("details");
    details.addEventListener("toggle", () => {
      if (details.open) this.#onChoose(card.dataset.zone);
    });
  }

  /** The zones as they are typed. */
  read() {
    return [...this.#list.children].map((card) => ({
      id: card.dataset.zone,
      slug: field(card, "slug").value,
      name: field(card, "name").value,
      playlist: field(card, "playlist").value,
      ...Object.fromEntries(NUMBERS.map((name) => [name, number(field(card, name))])),
    }));
  }

  /** Make the form say what the zones are; a field that somebody types in is left alone. */
  write(zones) {
    const known = new Map([...this.#list.children].map((card) => [card.dataset.zone, card]));
    for (const [id, card] of known) {
      if (!zones.some((zone) => zone.id === id)) card.remove();
    }
    for (const zone of zones) {
      const card = known.get(zone.id) ?? this.#make(zone.id);
      for (const name of ["slug", "name", "playlist", ...NUMBERS]) {
        const input = field(card, name);
        const value = String(zone[name]);
        if (input !== document.activeElement || number(input) !== zone[name]) input.value = value;
      }
      this.#tell(card, zone);
    }
  }

  #make(id) {
    const card = this.#blank.cloneNode(true);
    this.#list.append(card);
    this.#adopt(card);
    card.dataset.zone = id;
    return card;
  }

  #tell(card, zone) {
    card.querySelector("[data-title]").textContent = zone.name || zone.slug;
    card.querySelector("[data-size]").textContent = `${zone.width} × ${zone.height}`;
  }

  /** A number for a zone that is new here. */
  next() {
    this.#count += 1;
    return `new-${this.#count}`;
  }

  /** Open the card of a zone, and close the others. */
  choose(id) {
    for (const card of this.#list.children) {
      card.classList.toggle("is-chosen", card.dataset.zone === id);
      card.querySelector("details").open = card.dataset.zone === id;
    }
  }
}
