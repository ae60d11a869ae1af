// Counts down until it is worth trying again; until then the button waits too.
const told = document.querySelector("[data-wait]");
const button = told.closest("form").querySelector("button");
const over = performance.now() + Number(told.dataset.wait) * 1000;

function tell() {
  const left = Math.ceil((over - performance.now()) / 1000);
  button.disabled = left > 0;
  if (left > 0) {
    told.querySelector("span").textContent = String(left);
    setTimeout(tell, 250);
  } else {
    told.textContent = told.dataset.waitOver;
  }
}

tell();
