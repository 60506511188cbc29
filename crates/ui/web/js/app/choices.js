// Small kindnesses in forms: narrow a long list, show a password, copy a text.
import { say } from "./say.js";

export function startChoices() {
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.(".narrow")?.closest("[data-narrow]");
    if (!box) return;
    const words = event.target.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const choice of box.querySelectorAll(".choice")) {
      const fits = choice.textContent.toLocaleLowerCase().includes(words);
      choice.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const heading of box.querySelectorAll(".choice-group")) heading.hidden = words !== "";
    box.querySelector("[data-narrow-count]").textContent = words ? String(shown) : "";
  });
  // Enter in the narrowing box must not send the form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest?.(".narrow")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const reveal = event.target.closest?.("[data-reveal]");
    if (reveal) {
      const input = document.getElementById(reveal.dataset.reveal);
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      reveal.setAttribute("aria-pressed", String(shows));
      return;
    }
    const copy = event.target.closest?.("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
        copy.classList.add("copied");
        setTimeout(() => copy.classList.remove("copied"), 1500);
        say("Copied");
      }, () => say("Copying is not allowed here"));
    }
  });
}
