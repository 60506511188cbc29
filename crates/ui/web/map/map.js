// The picture of a geo map. The fields and the table beside it hold the truth; this draws them, and writes back what
// is moved by pointer or keys. Works without tiles: a grid and a scale remain.

const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
let library;

export async function start(element) {
  library ??= import("asset:leaflet.js").then(() => globalThis.L);
  const L = await library;
  const picture = element.querySelector("[data-geo-picture]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(picture, {
    attributionControl: Boolean(element.dataset.attribution),
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
    maxZoom: 20,
  });
  map.attributionControl?.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  // The wheel scrolls the page until the map is in use.
  picture.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  picture.addEventListener("focusout", () => map.scrollWheelZoom.disable());
  map.on("move zoom", () => {
    const origin = map.latLngToContainerPoint([0, 0]);
    picture.style.backgroundPosition = `${origin.x % 40}px ${origin.y % 40}px`;
  });
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, { attribution: element.dataset.attribution, maxNativeZoom: 19, maxZoom: 20 }).addTo(map);
  }
  map.setView(numbers(element.dataset.center).slice(0, 2), Number(element.dataset.zoom) || 15);

  const spots = drawMarkers(L, map, element);
  const fence = "editable" in element.dataset ? edit(L, map, element) : read(L, map, element);
  const all = L.featureGroup([...spots, ...fence()]);
  if (all.getLayers().length) map.fitBounds(all.getBounds().pad(0.25), { maxZoom: 17, animate: false });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(picture);
}

const numbers = (text) => (text ?? "").split(/[\s,;]+/).filter(Boolean).map(Number).filter(Number.isFinite);
const rounded = (place) => `${place.lat.toFixed(6)}, ${place.lng.toFixed(6)}`;

function words(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

function drawMarkers(L, map, element) {
  return [...element.querySelectorAll("[data-geo-marker]")].flatMap((source) => {
    const [lat, lon] = numbers(source.dataset.geoMarker);
    if (lat === undefined || lon === undefined) return [];
    const link = source.closest("a");
    const label = source.textContent;
    const marker = L.marker([lat, lon], { icon: L.divIcon({ className: "geo-spot", iconSize: [24, 24] }), keyboard: Boolean(link), alt: label, title: "" });
    marker.bindTooltip(words(label), { direction: "top", offset: [0, -6], permanent: true, className: "geo-label" });
    // The marker's own name says the same: read once is enough.
    marker.on("tooltipopen", ({ tooltip }) => tooltip.getElement()?.setAttribute("aria-hidden", "true"));
    marker.on("click keypress", (event) => {
      if (link && (event.type === "click" || event.originalEvent.key === "Enter")) link.click();
    });
    marker.addTo(map);
    name(marker, label);
    return [marker];
  });
}

// Leaflet's marks are buttons without a name: give them one. A mark that leads nowhere is a picture.
function name(marker, label) {
  const icon = marker.getElement();
  icon?.setAttribute("aria-label", label);
  if (!marker.options.keyboard) icon?.setAttribute("role", "img");
}

function read(L, map, element) {
  const layers = [];
  const circle = element.querySelector("[data-geo-circle]");
  if (circle) {
    const [lat, lon, radius] = numbers(circle.dataset.geoCircle);
    layers.push(L.circle([lat, lon], { radius, className: "geo-fence", interactive: false }).addTo(map));
  }
  const corners = [...element.querySelectorAll("[data-geo-corner]")].map((corner) => numbers(corner.dataset.geoCorner).slice(0, 2));
  if (corners.length > 2) layers.push(L.polygon(corners, { className: "geo-fence", interactive: false }).addTo(map));
  const drawn = element.querySelector("[data-geo-json]");
  if (drawn) layers.push(written(L, drawn.dataset.geoJson).addTo(map));
  return () => layers;
}

// A fence of several parts or with holes.
function written(L, text) {
  return L.geoJSON(JSON.parse(text), { interactive: false, style: { className: "geo-fence" } });
}

function edit(L, map, element) {
  const [lat, lon, radius, corners] = element.dataset.fields.split(" ").map((id) => document.getElementById(id));
  const bar = document.createElement("div");
  bar.className = "geo-tools";
  const status = document.createElement("p");
  status.className = "hint";
  status.setAttribute("role", "status");
  let layers = [];
  let handles = [];
  let drawing = Boolean(corners?.value.trim());
  let spare = "";

  const write = (input, value) => {
    if (!input) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const points = () => (corners?.value ?? "").split("\n").map(numbers).filter((pair) => pair.length >= 2).map(([a, b]) => L.latLng(a, b));
  const setPoints = (list) => write(corners, list.map(rounded).join("\n"));
  const middle = () => (lat.value && lon.value ? L.latLng(Number(lat.value), Number(lon.value)) : null);
  const setMiddle = (place) => {
    write(lat, place.lat.toFixed(6));
    write(lon, place.lng.toFixed(6));
  };

  // A handle that is dragged, or moved by arrow keys (Shift for larger steps).
  function handle(place, label, className, moved, removed) {
    const marker = L.marker(place, { draggable: true, autoPan: true, icon: L.divIcon({ className: `geo-handle ${className}`, iconSize: [24, 24] }) });
    marker.on("drag", () => moved(marker.getLatLng(), false));
    marker.on("dragend", () => moved(marker.getLatLng(), true));
    marker.addTo(map);
    name(marker, label);
    marker.getElement().addEventListener("keydown", (event) => {
      const step = KEYS[event.key];
      if (step) {
        const by = event.shiftKey ? 20 : 4;
        const to = map.layerPointToLatLng(map.latLngToLayerPoint(marker.getLatLng()).add([step[0] * by, step[1] * by]));
        marker.setLatLng(to);
        moved(to, true);
      } else if ((event.key === "Delete" || event.key === "Backspace") && removed) removed();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    handles.push(marker);
    return marker;
  }

  function clear() {
    for (const layer of [...layers, ...handles]) layer.remove();
    [layers, handles] = [[], []];
  }

  // Parts and holes are not moved by hand: their text stays as it is until somebody changes the text.
  const isWritten = () => Boolean(corners?.value.trim().startsWith("{"));

  function drawWritten() {
    try {
      layers.push(written(L, corners.value).addTo(map));
      status.textContent = "This fence has parts or holes. It changes with its text; the map only shows it.";
    } catch {
      status.textContent = "The text below is no GeoJSON yet.";
    }
  }

  function draw(focus) {
    clear();
    for (const button of bar.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String((button.dataset.mode === "corners") === drawing));
    if (isWritten()) drawWritten();
    else if (drawing) drawCorners(focus);
    else drawCircle(focus);
  }

  function drawCorners(focus) {
    const list = points();
    const shape = L.polygon(list, { className: "geo-fence", interactive: false }).addTo(map);
    layers.push(shape);
    list.forEach((place, at) => {
      handle(place, `Corner ${at + 1}. Arrow keys move it, Delete removes it`, "corner", (to, done) => {
        list[at] = to;
        shape.setLatLngs(list);
        if (done) keep(() => setPoints(list), `corner ${at}`);
      }, () => {
        list.splice(at, 1);
        keep(() => setPoints(list), `corner ${Math.max(0, at - 1)}`);
      });
    });
    status.textContent = list.length < 3 ? `Press on the map to set corners: ${list.length} of at least 3.` : `${list.length} corners. Press on the map to add one.`;
    refocus(focus);
  }

  function drawCircle(focus) {
    const center = middle();
    if (!center) {
      status.textContent = "Press on the map to set the middle, or type the coordinates below.";
      return;
    }
    const circle = L.circle(center, { radius: Number(radius.value) || 0, className: "geo-fence", interactive: false }).addTo(map);
    layers.push(circle);
    const edge = () => {
      const bounds = circle.getBounds();
      return L.latLng(circle.getLatLng().lat, bounds.getEast());
    };
    const grip = handle(edge(), "Radius. Arrow keys change it", "edge", (to, done) => {
      const metres = Math.max(5, Math.round(circle.getLatLng().distanceTo(to)));
      circle.setRadius(metres);
      status.textContent = `Radius ${metres} m`;
      if (done) keep(() => write(radius, metres), "handle 0");
    });
    handle(center, "Middle of the circle. Arrow keys move it", "middle", (to, done) => {
      circle.setLatLng(to);
      grip.setLatLng(edge());
      if (done) keep(() => setMiddle(to), "handle 1");
    });
    status.textContent = `Circle of ${radius.value || 0} m around ${rounded(center)}.`;
    refocus(focus);
  }

  // Drawing again makes new handles: the one that was in use gets the focus back.
  function refocus(focus) {
    if (!focus || !element.contains(document.activeElement) && document.activeElement !== document.body) return;
    handles[Number(focus.split(" ")[1])]?.getElement()?.focus({ preventScroll: true });
  }

  let quiet = false;
  function keep(act, focus) {
    quiet = true;
    act();
    quiet = false;
    draw(focus);
  }

  for (const input of [lat, lon, radius, corners]) {
    input?.addEventListener("input", () => {
      if (quiet) return;
      drawing = Boolean(corners?.value.trim());
      draw();
    });
  }
  map.on("click", ({ latlng }) => {
    if (isWritten()) return;
    if (drawing) keep(() => setPoints(insert(L, map, points(), latlng)));
    else keep(() => {
      if (!radius.value) write(radius, 100);
      setMiddle(latlng);
    });
  });

  const tool = (label, act, mode) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = label;
    if (mode) button.dataset.mode = mode;
    button.addEventListener("click", act);
    bar.append(button);
  };
  if (corners) {
    tool("Circle", () => {
      if (!drawing) return;
      spare = corners.value;
      drawing = false;
      keep(() => write(corners, ""));
    }, "circle");
    tool("Corners", () => {
      if (drawing) return;
      drawing = true;
      keep(() => write(corners, spare));
    }, "corners");
  }
  if (navigator.geolocation) {
    tool("Use my position", () => {
      status.textContent = "Asking for your position";
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        const here = L.latLng(coords.latitude, coords.longitude);
        map.setView(here, 17, { animate: false });
        if (!drawing) keep(() => setMiddle(here));
        status.textContent = `You are here, give or take ${Math.round(coords.accuracy)} m.`;
      }, () => { status.textContent = "Your position is not available. Press on the map or type the coordinates."; }, { enableHighAccuracy: true, timeout: 10_000 });
    });
  }
  element.querySelector("[data-geo-picture]").after(bar, status);
  draw();
  return () => layers.filter((layer) => layer.getBounds().isValid());
}

// A new corner goes between the two neighbours whose side it is nearest to.
function insert(L, map, list, place) {
  if (list.length < 3) return [...list, place];
  const flat = list.map((corner) => map.latLngToLayerPoint(corner));
  const point = map.latLngToLayerPoint(place);
  let best = 0;
  let least = Infinity;
  flat.forEach((from, at) => {
    const distance = L.LineUtil.pointToSegmentDistance(point, from, flat[(at + 1) % flat.length]);
    if (distance < least) [best, least] = [at, distance];
  });
  return [...list.slice(0, best + 1), place, ...list.slice(best + 1)];
}
