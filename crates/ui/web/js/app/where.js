// A form that wants to know where it is sent from asks the phone before it leaves, and leaves anyway after some seconds:
// without a position the server asks for a word instead.
const PATIENCE = 8_000;

export function startWhere() {
  if (!navigator.geolocation) return;
  addEventListener("submit", (event) => {
    const form = event.target;
    const places = form.querySelectorAll?.("[data-where]") ?? [];
    if (!places.length || form.dataset.placed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const go = (said) => {
      for (const place of places) place.value = said[place.dataset.where] ?? "";
      form.dataset.placed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.placed;
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => go({ latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy }),
      () => go({}),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 30_000 },
    );
  }, { capture: true });
}
