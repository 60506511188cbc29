// Words for people who listen to the page.
export function say(words) {
  const place = document.getElementById("live-words");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, 60);
}

export function debounce(act, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}
