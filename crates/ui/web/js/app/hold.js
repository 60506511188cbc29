// Press and hold, then some seconds to take it back; then the form is sent. A key counts as held: the seconds guard it.
// Where the phone is, is asked as soon as the button is touched, and nothing waits for the answer.
const HELD_FOR = 1200;
const TAKE_BACK_SECONDS = 5;

export function startHold() {
  let timer;
  let since = 0;
  const zone = (event) => event.target.closest?.("[data-hold]");
  const letGo = (box) => {
    clearTimeout(timer);
    box.classList.remove("held");
  };

  addEventListener("pointerdown", (event) => {
    const box = zone(event);
    if (!box || !event.target.closest(".alarm-button") || counting(box)) return;
    whereNow(box.closest("form"));
    since = Date.now();
    box.classList.add("held");
    clearTimeout(timer);
    timer = setTimeout(() => countDown(box), HELD_FOR);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, (event) => {
      const box = zone(event) ?? document.querySelector("[data-hold].held");
      if (box && Date.now() - since < HELD_FOR) letGo(box);
    }, true);
  }
  addEventListener("contextmenu", (event) => { if (zone(event)) event.preventDefault(); });

  // A click sends nothing by itself; one that comes from a key starts the seconds.
  addEventListener("click", (event) => {
    const box = zone(event);
    if (!box) return;
    if (event.target.closest("[data-take-back]")) {
      event.preventDefault();
      takeBack(box);
    } else if (event.target.closest(".alarm-button")) {
      event.preventDefault();
      if (event.detail === 0 && !counting(box)) {
        whereNow(box.closest("form"));
        countDown(box);
      }
    }
  }, true);
}

const counting = (box) => Boolean(box.dataset.counting);

function countDown(box) {
  let left = TAKE_BACK_SECONDS;
  const words = box.querySelector(".alarm-count");
  const number = box.querySelector("[data-seconds]");
  number.textContent = left;
  words.hidden = false;
  box.classList.remove("held");
  box.classList.add("counting");
  box.querySelector("[data-take-back]").focus();
  navigator.vibrate?.(200);
  box.dataset.counting = setInterval(() => {
    left -= 1;
    number.textContent = left;
    navigator.vibrate?.(80);
    if (left > 0) return;
    stopCount(box);
    const form = box.closest("form");
    form.requestSubmit(box.querySelector(".alarm-button"));
  }, 1000);
}

function stopCount(box) {
  clearInterval(Number(box.dataset.counting));
  delete box.dataset.counting;
  box.classList.remove("counting");
  box.querySelector(".alarm-count").hidden = true;
}

function takeBack(box) {
  stopCount(box);
  box.querySelector(".alarm-button").focus();
}

function whereNow(form) {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      for (const name of ["latitude", "longitude", "accuracy"]) {
        const field = form.elements.namedItem(name);
        if (field) field.value = coords[name];
      }
    },
    () => {},
    { enableHighAccuracy: true, timeout: 8_000, maximumAge: 60_000 },
  );
}
