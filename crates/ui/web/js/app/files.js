// Files before they are sent: dropped, listed, weighed.
export function startFiles() {
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      const drop = event.target.closest?.("[data-drop]");
      if (!drop || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (drop && !drop.contains(event.relatedTarget)) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.remove("over");
    const input = drop.querySelector("input[type=file]");
    if (input.disabled) return;
    const kept = new DataTransfer();
    if (input.multiple) for (const file of input.files) kept.items.add(file);
    for (const file of event.dataTransfer.files) {
      if (!input.multiple) kept.items.clear();
      kept.items.add(file);
    }
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file") list(input);
  });
}

function list(input) {
  const place = input.closest(".field")?.querySelector("[data-files]");
  if (!place) return;
  const most = Number(input.dataset.max) || Infinity;
  let tooLarge = 0;
  place.replaceChildren(...[...input.files].map((file, at) => {
    const line = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = file.name;
    const size = document.createElement("span");
    size.className = "dim number";
    size.textContent = weight(file.size);
    if (file.size > most) {
      tooLarge += 1;
      size.className = "too-large";
      size.textContent += ", too large";
    }
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn plain";
    away.textContent = "Remove";
    away.setAttribute("aria-label", `Remove ${file.name}`);
    away.onclick = () => {
      const kept = new DataTransfer();
      [...input.files].forEach((other, index) => { if (index !== at) kept.items.add(other); });
      input.files = kept.files;
      list(input);
      input.focus();
    };
    line.append(name, size, away);
    return line;
  }));
  input.setCustomValidity(tooLarge ? `Each file may have up to ${weight(most)}.` : "");
}

function weight(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
