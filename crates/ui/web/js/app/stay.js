// Forms that stay on the page. The answer to a form is one of:
//   204 or 200 with `Location` (asked for by the header `Bailiwick-Stay`): go there;
//   a redirect that was followed: its page is shown in place of this one;
//   422: the page with the form and its errors is shown, the error summary takes the focus;
//   anything else: the reason is said above the form, and every typed word stays.
import { dress } from "./dress.js";
import { parse, show } from "./page.js";
import { say } from "./say.js";

const clear = (form) => {
  delete form.dataset.dirty;
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
};

export function startStay() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    // Once is enough.
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = "on";
    form.setAttribute("aria-busy", "true");
    if (!("stay" in form.dataset)) {
      delete form.dataset.dirty;
      return;
    }
    let body;
    try {
      body = new FormData(form, event.submitter ?? undefined);
    } catch {
      // An old browser: it sends the form itself.
      return;
    }
    event.preventDefault();
    submit(form, event.submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href, body);
  });
  // A page that comes back from the browser's memory is not sending any more.
  addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sending]")) clear(form); });

  // Words that are not saved yet.
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard], form[data-stay]");
    if (form && event.target.name) form.dataset.dirty = "on";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]")) event.preventDefault();
  });
}

async function submit(form, action, body) {
  settle(form, await post(form, action, body).catch(() => null));
}

/** Shows what the answer to a form means; none is a server that was not reached. */
export function settle(form, answer) {
  if (!answer) {
    clear(form);
    form.dataset.dirty = "on";
    return refuse(form, "The server could not be reached", "Nothing was lost: your words are still here. Try again in a moment.");
  }
  if (answer.location) {
    clear(form);
    location.assign(answer.location);
    return;
  }
  const fresh = answer.html ? parse(answer.text) : null;
  if (fresh && (answer.status < 300 || answer.status === 422)) {
    const refused = answer.status === 422;
    form.dataset.answered = "on";
    clear(form);
    show(fresh, { address: answer.redirected ? answer.url : undefined, keep: refused });
    delete form.dataset.answered;
    if (refused) {
      const now = (form.id && document.getElementById(form.id)) || document;
      const summary = now.querySelector("[data-summary]") ?? document.querySelector("[data-summary]");
      (summary?.closest("form") ?? form).dataset.dirty = "on";
      summary?.focus();
      summary?.scrollIntoView({ block: "nearest" });
    } else say(document.querySelector(".notice p")?.textContent ?? "");
    return;
  }
  clear(form);
  form.dataset.dirty = "on";
  const title = fresh?.querySelector("h1")?.textContent ?? "This did not work";
  const words = fresh?.querySelector(".error-page p") ?? fresh?.querySelector("main p:not(.bare-brand)");
  const reason = words?.textContent ?? "Nothing was lost: your words are still here.";
  refuse(form, title, reason);
}

// Files go by the older interface, which tells how far they are.
function post(form, action, body) {
  const files = [...body.values()].some((value) => value instanceof File && value.size > 0);
  const headers = { Accept: "text/html", "Bailiwick-Stay": "1" };
  if (files) return upload(form, action, body, headers);
  const sent = form.enctype === "multipart/form-data" ? body : new URLSearchParams([...body].map(([name, value]) => [name, typeof value === "string" ? value : ""]));
  return fetch(action, { method: "POST", body: sent, headers, credentials: "same-origin" }).then(async (response) => ({
    status: response.status,
    location: response.ok ? response.headers.get("Location") : null,
    redirected: response.redirected,
    url: response.url,
    html: (response.headers.get("Content-Type") ?? "").startsWith("text/html"),
    text: await response.text(),
  }));
}

function upload(form, action, body, headers) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", action);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", "Sending files");
    bar.max = 1;
    form.append(bar);
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      if (event.loaded < event.total) bar.value = event.loaded / event.total;
      else bar.removeAttribute("value");
    };
    const whole = new URL(action, location.href).href;
    request.onload = () => {
      bar.remove();
      resolve({
        status: request.status,
        location: request.status < 300 ? request.getResponseHeader("Location") : null,
        redirected: request.responseURL !== whole,
        url: request.responseURL,
        html: (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html"),
        text: request.responseText,
      });
    };
    request.onerror = request.onabort = () => { bar.remove(); reject(new Error("not sent")); };
    request.send(body);
  });
}

function refuse(form, title, reason) {
  let place = form.querySelector("[data-summary]");
  if (!place) {
    place = document.createElement("div");
    place.dataset.summary = "";
    place.tabIndex = -1;
    form.prepend(place);
  }
  place.className = "alert danger summary";
  place.setAttribute("role", "alert");
  const [heading, words] = [document.createElement("p"), document.createElement("p")];
  heading.className = "alert-title";
  heading.textContent = title;
  words.textContent = reason;
  const inside = document.createElement("div");
  inside.append(heading, words);
  place.replaceChildren(inside);
  dress(form);
  place.focus();
}
