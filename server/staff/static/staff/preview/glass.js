// The glass: the stage's picture, films in their zones above it, what stands above those again, and
// the transition from the picture before.

const FITS = { contain: "contain", cover: "cover", stretch: "fill" };

export class Glass {
  constructor(place) {
    this.place = place;
    this.films = [];
    this.rate = 0;
  }

  shape(reel) {
    this.reel = reel;
    this.place.style.aspectRatio = `${reel.width} / ${reel.height}`;
    this.place.classList.toggle("is-portrait", reel.height > reel.width);
  }

  clear() {
    for (const each of this.place.querySelectorAll("img, video, .glass-shot")) each.remove();
    this.films = [];
  }

  show(span, picture, before, speed) {
    const old = this.picture;
    const base = this.place.querySelector(".glass-base") ?? this.image(picture, "glass-base");
    if (!base.isConnected) this.place.prepend(base);
    this.change(span, before, old, picture, base, speed);
    base.src = picture;
    this.picture = picture;
    this.stage(span, picture);
  }

  image(address, name) {
    const image = document.createElement("img");
    Object.assign(image, { src: address, alt: "", className: name, draggable: false });
    return image;
  }

  // What is new comes as its manifest says: each zone by itself.
  change(span, before, old, picture, base, speed) {
    if (!before || !old || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const shown = new Map(before.parts.map((part) => [part.zone, part]));
    for (const part of span.parts) {
      const was = shown.get(part.zone);
      if (was && was.item === part.item && was.since === part.since) continue;
      if (part.transition === "cut" || !part.transition_ms) continue;
      const duration = part.transition_ms / speed;
      const box = this.reel.zones[span.layout]?.[part.zone];
      if (!box || before.layout !== span.layout) continue;
      const leaving = this.shot(old, box);
      if (part.transition === "fade") this.animate(leaving, [{ opacity: 1 }, { opacity: 0 }], duration);
      else {
        this.animate(leaving, [{ transform: "none" }, { transform: "translateX(-100%)" }], duration, box);
        const entering = this.shot(picture, box);
        this.animate(entering, [{ transform: "translateX(100%)" }, { transform: "none" }], duration, box);
      }
    }
  }

  // A piece of a picture, where its zone is.
  shot(address, [x, y, width, height]) {
    const frame = document.createElement("div");
    frame.className = "glass-shot";
    this.put(frame, [x, y, width, height]);
    const image = this.image(address, "");
    image.style.width = `${(this.reel.width / width) * 100}%`;
    image.style.left = `${(-x / width) * 100}%`;
    image.style.top = `${(-y / height) * 100}%`;
    image.style.height = `${(this.reel.height / height) * 100}%`;
    frame.append(image);
    this.place.append(frame);
    return frame;
  }

  animate(shot, frames, duration) {
    const target = frames[0].transform !== undefined ? shot.firstElementChild : shot;
    target.animate(frames, { duration, fill: "forwards", easing: "ease-in-out" }).finished.then(() => shot.remove(), () => shot.remove());
  }

  put(element, [x, y, width, height]) {
    const share = (value, of) => `${(value / of) * 100}%`;
    Object.assign(element.style, {
      left: share(x, this.reel.width), top: share(y, this.reel.height),
      width: share(width, this.reel.width), height: share(height, this.reel.height),
    });
  }

  // Films of this span: one that goes on from the span before stays as it is.
  stage(span, picture) {
    const zones = this.reel.zones[span.layout] ?? {};
    const wanted = span.parts.filter((part) => this.reel.films[part.asset]);
    const kept = [];
    for (const part of wanted) {
      const known = this.films.find((each) => each.part.item === part.item && each.part.since === part.since && each.part.zone === part.zone);
      kept.push(known ?? this.film(part, zones[part.zone]));
    }
    for (const each of this.films) if (!kept.includes(each)) each.video.remove();
    this.films = kept;
    for (const each of this.place.querySelectorAll(".glass-above")) each.remove();
    const order = Object.keys(zones);
    const lowest = Math.min(...wanted.map((part) => order.indexOf(part.zone)));
    for (const name of order.slice(lowest + 1)) {
      if (!Number.isFinite(lowest) || this.reel.films[span.parts.find((part) => part.zone === name)?.asset]) continue;
      this.shot(picture, zones[name]).classList.add("glass-above");
    }
  }

  film(part, box) {
    const video = document.createElement("video");
    Object.assign(video, { src: this.reel.films[part.asset], muted: true, playsInline: true, loop: true, preload: "auto" });
    video.style.objectFit = FITS[part.fit];
    this.put(video, box);
    this.place.append(video);
    return { part, video };
  }

  seek(at) {
    for (const { part, video } of this.films) {
      const into = (at - part.since) / 1000;
      const put = () => { video.currentTime = video.duration ? into % video.duration : into; };
      if (video.readyState) put();
      else video.addEventListener("loadedmetadata", put, { once: true });
    }
  }

  play(rate) {
    this.rate = rate;
    for (const { video } of this.films) {
      if (!rate) { video.pause(); continue; }
      video.playbackRate = rate;
      video.play().catch(() => {});
    }
  }
}
